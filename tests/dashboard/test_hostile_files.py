"""Whatever is uploaded through whatever door: a picture, or a refusal that leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.access.actor import Actor
from processing.models import Asset, Blob, Job, JobImage, StudioPhoto
from tests.support.api import Api
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of
from tests.support.hostile_files import NAMES, files
from tests.support.image_files import saved, scene

As = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db

REFUSED = {400, 413, 415, 422}
CALLS = (
    ("/api/v1/files", "image"),
    ("/api/v1/process", "image"),
    ("/api/v1/jobs", "image"),
    ("/api/v1/compliance", "image"),
    ("/api/v1/image/remove-background", "image"),
    ("/v3/file-ops/upload/", "file"),
)
PAGES = (
    ("/studio/photos/", "image"),
    ("/studio/background/", "backgroundImage"),
    ("/compliance/", "image"),
    ("/settings/organization/logo/", "logo"),
)


def as_jpeg(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("mug.jpg", data, content_type="image/jpeg")


@pytest.fixture
def no_limits(settings: Any) -> None:
    settings.RATE_LIMIT_KEY_PER_MINUTE = settings.RATE_LIMIT_IP_PER_MINUTE = 100_000


def nothing_is_kept() -> bool:
    return not any(model._base_manager.exists() for model in (Asset, Blob, Job, StudioPhoto))


@pytest.mark.usefixtures("no_limits")
@pytest.mark.parametrize(("door", "field"), CALLS)
def test_calls_refuse_what_is_no_picture(cast: Cast, client: Client, door: str, field: str) -> None:
    key = cast.key()
    headers = {"Authorization": f"Token {key}"} if door.startswith("/v3/") else {"x-api-key": key}
    taken: list[str] = []
    for what, data in files().items():
        fields: dict[str, Any] = {field: as_jpeg(data)} | ({"key": "mug.jpg"} if door.startswith("/v3/") else {})
        answer = client.post(door, fields, headers=headers)
        if answer.status_code not in REFUSED or not answer["Content-Type"].startswith("application/"):
            taken.append(f"{what}: {answer.status_code}")
    assert not taken
    assert nothing_is_kept()


@pytest.mark.parametrize(("door", "field"), PAGES)
def test_pages_refuse_what_is_no_picture(cast: Cast, as_: As, door: str, field: str) -> None:
    client = as_(cast.alice)
    for what, data in files().items():
        answer = client.post(door, {field: as_jpeg(data)})
        assert answer.status_code < 500, what
        assert b"<script>alert" not in answer.content, what
        assert nothing_is_kept(), what


def test_a_background_of_an_edit_is_no_way_in(cast: Cast, as_: As) -> None:
    image = JobImage.objects.of(cast.alice).get(job=job_of(cast.alice, Photo()))
    before = Asset.unscoped.count(), Blob.unscoped.count()
    client = as_(cast.alice)
    for what, data in files().items():
        answer = client.post(f"/library/{image.pk}/edit/process/background/", {"backgroundImage": as_jpeg(data)})
        assert answer.status_code < 500, what
        assert (Asset.unscoped.count(), Blob.unscoped.count()) == before, what


@pytest.mark.usefixtures("no_limits")
def test_a_name_is_a_name_and_nothing_else(cast: Cast, as_: As) -> None:
    api, client, data = Api(cast.key()), as_(cast.alice), saved(scene(), "JPEG")
    for name in NAMES:
        sent = SimpleUploadedFile("x.jpg", data, content_type="image/jpeg")
        sent._name = name  # type: ignore[attr-defined]  # Django would tidy it before it is sent
        answer = api.form("/files", {"image": sent})
        assert answer.status_code in {200, 201, *REFUSED}, (name, answer.content)
    for asset in Asset.unscoped.all():
        assert not set("/\\\0\r\n") & set(asset.name), asset.name
        assert asset.name.strip(" .")
        assert len(asset.name) <= 255
        shown = client.get(f"/images/{asset.pk}/")
        assert shown["Content-Type"] == "image/jpeg"
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert "\r" not in str(shown.headers)
    # Where the bytes lie is told by what they are, never by a name.
    assert all(blob.path.endswith(blob.sha256) for blob in Blob.unscoped.all())
