"""Taking everything along, handing over, closing, and what is left after the time of grace: nothing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions import closing_mail
from accounts.actions.api_keys import create_api_key, rotate_api_key
from accounts.actions.budgets import set_key_budget
from accounts.models import AuditEntry, Membership, Organization
from accounts.models.owned import Owned
from integrations.models import Connection
from integrations.models.connection import sealed
from processing.actions.remove_organization import remove_closed_organizations, remove_organization
from processing.models import Asset, Blob, Job
from tests.support.api import Api
from tests.support.cast import PASSWORD, Cast
from tests.support.finished import Photo, job_of
from tests.support.signing_in import just_signed_in

As = Callable[[Actor], Client]
PATH = "/settings/organization/close/"


def there(cast: Cast) -> Organization:
    return Organization.objects.get(pk=cast.alice.organization.pk)


def exported(client: Client) -> zipfile.ZipFile:
    answer = client.post(f"{PATH}everything.zip")
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def close(client: Client) -> None:
    client.post(f"{PATH}now/", {"name": "alice's SHOP"})


def over(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.alice.organization.pk).update(closes_at=timezone.now() - timedelta(minutes=1))


def test_closing_leaves_looking_and_taking_along(cast: Cast, as_: As) -> None:
    key, client = cast.key(), as_(cast.alice)
    job = job_of(cast.bob, Photo())
    close(client)
    left = there(cast).closes_at
    assert left
    assert timedelta(days=13) < left - timezone.now() < timedelta(days=15)
    assert "is being closed" in client.get("/").content.decode()
    assert "is being closed" in as_(cast.victor).get("/library/").content.decode()
    assert client.get(f"/jobs/{job.pk}/").status_code == 200
    assert Api(key).get("/user/credits").status_code == 200
    refused = Api(key).json("/process", {"imageUrl": "https://example.com/a.jpg"})
    assert refused.status_code == 403
    assert "being closed" in refused.json()["detail"]
    assert as_(cast.bob).post("/team/invitations/", {"emails": "x@example.com", "role": "viewer"}).status_code == 403
    client.post(f"{PATH}keep/")
    assert there(cast).closes_at is None
    assert "is being closed" not in client.get("/").content.decode()
    done = AuditEntry.objects.of(cast.alice).filter(action__startswith="organization.").order_by("pk")
    assert [entry.action for entry in done][-2:] == ["organization.closing", "organization.kept"]


def test_another_name_closes_nothing(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post(f"{PATH}now/", {"name": "Alice"})
    assert answer.status_code == 400
    assert "Type Alice&#x27;s shop to close it." in answer.content.decode()
    assert there(cast).closes_at is None


@pytest.mark.parametrize("what", ["now/", "keep/", "hand-over/", "everything.zip", ""])
def test_only_owners_do_any_of_it(cast: Cast, as_: As, what: str) -> None:
    client = as_(cast.bob_as(Role.ADMIN))
    sent = {"name": "Alice's shop", "email": "bob@example.com"}
    answer = client.get(f"{PATH}{what}") if not what else client.post(f"{PATH}{what}", sent)
    assert answer.status_code == 403
    assert there(cast).closes_at is None
    assert Membership.objects.of(cast.alice).get(user=cast.alice.user).role == Role.OWNER


def test_owners_and_admins_hear_of_it(cast: Cast, as_: As) -> None:
    close(as_(cast.alice))
    cast.bob_as(Role.ADMIN)
    closing_mail.mail_closing(cast.alice.organization.pk, "Alice")
    assert [each.to for each in mail.outbox] == [["alice@example.com"], ["bob@example.com"]]
    assert "Alice has closed Alice's shop." in mail.outbox[0].body


def test_handing_over_makes_one_owner_of_another(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    for email in ("charlie@example.com", "alice@example.com", "nobody"):
        assert client.post(f"{PATH}hand-over/", {"email": email}).status_code == 400
    client.post(f"{PATH}hand-over/", {"email": "Bob@example.com"})
    roles = dict(Membership.objects.of(cast.alice).values_list("user__email", "role"))
    assert (roles["alice@example.com"], roles["bob@example.com"]) == ("admin", "owner")
    assert client.get(PATH).status_code == 403


def test_everything_is_in_the_export_and_no_secret(cast: Cast, as_: As) -> None:
    row, key = create_api_key(cast.alice, name="Import", scopes=["*"])
    job_of(cast.bob, Photo())
    job_of(cast.charlie, Photo("theirs.jpg", 3))
    Connection.unscoped.create(
        organization=cast.alice.organization, marketplace="woocommerce", name="Shop", address="https://example.com",
        credentials=sealed({"consumer_secret": "cs_planted"}), masked="ck_…1234",
    )  # fmt: skip
    archive = exported(as_(cast.alice))
    assert archive.testzip() is None
    names = archive.namelist()
    images = [name for name in names if name.startswith("images/")]
    mine = Asset.objects.of(cast.alice).exclude(kind="preview")
    assert len(images) == mine.count() > 0
    rows = [json.loads(line) for name in names if name.endswith(".jsonl") for line in archive.read(name).splitlines()]
    assert {each["organization_id"] for each in rows} == {str(cast.alice.organization.pk)}
    everything = b"".join(archive.read(name) for name in names)
    for planted in (key, row.digest, "cs_planted", Connection.unscoped.get().credentials):
        assert planted.encode() not in everything
    assert b"ck_\xe2\x80\xa61234" in everything
    assert AuditEntry.objects.of(cast.alice).filter(action="organization.exported").exists()


def test_an_export_names_what_the_storage_has_lost_and_goes_on(cast: Cast, as_: As) -> None:
    job_of(cast.bob, Photo(), Photo("vase.jpg", 1))
    lost, *others = Asset.objects.of(cast.alice).filter(kind="output").select_related("blob").order_by("pk")
    default_storage.delete(lost.blob.path)
    archive = exported(as_(cast.alice))
    assert archive.testzip() is None
    names = archive.namelist()
    assert not [name for name in names if str(lost.pk) in name]
    assert all(f"images/output/{other.pk}.jpg" in names for other in others)
    (missing,) = json.loads(archive.read("missing.json"))["images"]
    assert (missing["file"], missing["id"]) == (f"images/output/{lost.pk}.jpg", str(lost.pk))
    assert "gone from the storage" in missing["why"]


def test_the_export_asks_again_who_it_is(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    assert cast.alice.user is not None
    just_signed_in(client, cast.alice.user, minutes_ago=60)
    answer = client.post(f"{PATH}everything.zip")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not AuditEntry.objects.of(cast.alice).filter(action="organization.exported").exists()
    answer = client.post(answer["Location"], {"password": PASSWORD})
    assert answer["Content-Type"] == "application/zip"


def test_after_the_time_of_grace_nothing_is_left_and_others_keep_all(cast: Cast, as_: As) -> None:
    row, _ = create_api_key(cast.alice, name="Import", scopes=["*"])
    _, new, _ = rotate_api_key(cast.alice, key_id=row.pk, ends_at=None, expires_at=None)
    set_key_budget(cast.alice, key_id=new.pk, team_id=None, soft=None, hard=5)
    job_of(cast.bob, Photo())
    theirs = job_of(cast.charlie, Photo())
    close(as_(cast.alice))
    remove_closed_organizations()
    assert there(cast)
    files = [blob.path for blob in Blob.objects.of(cast.alice)]
    assert files
    over(cast)
    assert as_(cast.alice).post(f"{PATH}keep/", follow=True).status_code == 200
    assert there(cast).closes_at, "it is too late"
    remove_organization(cast.alice.organization.pk, steps=1)
    assert there(cast), "one step at a time: the sweeper has other things to do"
    assert all(default_storage.exists(path) for path in files)
    remove_closed_organizations()
    remove_closed_organizations()
    assert not Organization.objects.filter(pk=cast.alice.organization.pk).exists()
    for model in apps.get_models():
        if issubclass(model, Owned):
            assert not model._base_manager.filter(organization_id=cast.alice.organization.pk).exists(), model
    assert not any(default_storage.exists(path) for path in files)
    assert all(default_storage.exists(blob.path) for blob in Blob.objects.of(cast.charlie))
    assert Job.unscoped.get() == theirs
    assert as_(cast.alice).get("/").status_code in {200, 404}
