"""The organization's logo: what is taken, where it shows, and what becomes of it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.models import AuditEntry, Organization
from processing.actions.sweep import remove_orphans
from processing.models import Asset, Blob
from tests.support.api import Api
from tests.support.cast import Cast

As = Callable[[Actor], Client]
PATH = "/settings/organization/logo/"


def picture(format: str = "PNG", size: tuple[int, int] = (900, 300), color: str = "#2050c0") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, format)
    return buffer.getvalue()


def put(client: Client, data: bytes, name: str = "logo.png") -> int:
    return client.post(PATH, {"logo": SimpleUploadedFile(name, data)}).status_code


def there(cast: Cast) -> Organization:
    return Organization.objects.get(pk=cast.alice.organization.pk)


def test_a_logo_is_written_anew_shown_everywhere_and_taken_away(
    cast: Cast, as_: As, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = as_(cast.alice)
    with django_capture_on_commit_callbacks(execute=True):
        assert put(client, picture()) == 302
    first = there(cast).logo_id
    shown = Client().get(f"/logos/{first}.webp")
    assert "immutable" in shown["Cache-Control"]
    opened = Image.open(io.BytesIO(shown.content))
    assert (opened.format, opened.size) == ("WEBP", (512, 171))
    assert f"/logos/{first}.webp" in as_(cast.victor).get("/").content.decode()
    Blob.unscoped.update(created_at="2020-01-01T00:00Z")
    remove_orphans()
    assert Client().get(f"/logos/{first}.webp").status_code == 200
    paths = [blob.path for blob in Blob.objects.of(cast.alice)]
    with django_capture_on_commit_callbacks(execute=True):
        assert put(client, picture("JPEG", color="#c02050"), "logo.jpg") == 302
    assert there(cast).logo_id != first
    assert Client().get(f"/logos/{first}.webp").status_code == 404
    assert not any(default_storage.exists(path) for path in paths)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PATH}remove/")
    assert there(cast).logo_id is None
    assert not Asset.unscoped.filter(kind="logo").exists()
    assert not Blob.objects.of(cast.alice).exists()
    done = AuditEntry.objects.of(cast.alice).filter(action__startswith="organization.logo_")
    assert [entry.action for entry in done.order_by("pk")] == [
        "organization.logo_changed", "organization.logo_changed", "organization.logo_removed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "field__error"),
        (picture("GIF"), "as JPEG, PNG or WebP"),
        (picture()[:200], "field__error"),
        (b"\0" * 5_000_001, "more than 5 MB"),
    ],
    ids=["svg", "gif", "cut off", "too large"],
)
def test_what_is_no_logo_changes_nothing(cast: Cast, as_: As, data: bytes, words: str) -> None:
    answer = as_(cast.alice).post(PATH, {"logo": SimpleUploadedFile("logo.png", data)})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert there(cast).logo_id is None
    assert not Asset.unscoped.exists()


def test_a_logo_is_the_owners_and_nobodys_file(cast: Cast, as_: As) -> None:
    assert put(as_(cast.bob_as(Role.ADMIN)), picture()) == 403
    assert as_(cast.alice).post(PATH).status_code == 400
    put(as_(cast.alice), picture())
    logo = there(cast).logo_id
    api = Api(cast.key())
    assert api.get(f"/files/{logo}").status_code == 404
    assert as_(cast.alice).get(f"/images/{logo}/").status_code == 404
    assert as_(cast.bob_as(Role.ADMIN)).post(f"{PATH}remove/").status_code == 403
    assert Client().get(f"/logos/{logo}.webp").status_code == 200
