"""After the deletion of an organization a word that was in all of its texts is nowhere: tables, files, cache, logs.
Nor is what was in an image, once the organization's rule has deleted it for its age.

What may stay is outside of this search and said in the documentation of backups and of the team: the accounts of the
people, who may belong elsewhere; backups until they are removed; pages of the database that are free and not yet
overwritten (PostgreSQL's VACUUM, SQLite's).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.access.actor import Actor
from accounts.actions.budgets import set_key_budget
from accounts.models import Organization, Plan, User
from integrations.actions.image_retention import sweep
from processing.actions import blobs
from processing.actions.move_files import every_file
from processing.actions.remove_organization import remove_closed_organizations
from processing.models import JobImage, KeptMask
from tests.support.aged import job_days_ago
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of
from tests.support.one_of_each import one_of_each
from tests.support.planted import owned_models, places, plant

WORD = "Zyzzyvaxq"
As = Callable[[Actor], Client]


def _everywhere_else() -> list[str]:
    """Beside tables and storage: what the process keeps, and the data folder without the database's own files."""
    kept = getattr(cache, "_cache", {})
    found = [f"cache: {name}" for name, value in kept.items() if WORD in name or WORD.encode() in bytes(value)]
    for path in Path(django_settings.DATA_DIR).rglob("*"):
        if path.is_file() and ".sqlite3" not in path.name and WORD.encode() in str(path).encode() + path.read_bytes():
            found.append(str(path))
    return found


def test_a_word_of_its_texts_is_nowhere(cast: Cast, as_: As, capfd: pytest.CaptureFixture[str]) -> None:
    mine, theirs = cast.alice.organization, cast.charlie.organization
    named = one_of_each(cast.alice, cast.bob)
    set_key_budget(cast.alice, key_id=uuid.UUID(named["key_id"]), team_id=None, soft=None, hard=5)
    job_of(cast.charlie, Photo())
    plant(mine, WORD, default_storage)
    _the_operator_changes_its_plan(cast, as_)
    planted = places(WORD, default_storage)
    assert len(planted) > 100, planted
    without = [model for model in owned_models() if not model._base_manager.filter(organization_id=mine.pk).exists()]
    assert without == [], "each kind of row is to be searched for"
    before = {model: model._base_manager.filter(organization_id=theirs.pk).count() for model in owned_models()}
    Organization.objects.filter(pk=mine.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    for _ in range(30):
        remove_closed_organizations()
        if not Organization.objects.filter(pk=mine.pk).exists():
            break
    assert places(WORD, default_storage) + _everywhere_else() == []
    assert {model: model._base_manager.filter(organization_id=theirs.pk).count() for model in owned_models()} == before
    said = capfd.readouterr()
    assert WORD not in said.out + said.err


def test_of_an_image_that_was_too_old_nothing_is_anywhere(
    cast: Cast, as_: As, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """The word is in the bytes of the photo and the image, and in everything that is made of them."""
    image, theirs = job_days_ago(cast.bob, 40), job_days_ago(cast.charlie, 40)
    assert image.source
    assert image.output
    image.matte = blobs.store(cast.bob.organization.pk, f"{WORD} alpha".encode())
    image.save(update_fields=["matte"])
    for blob in (image.source.blob, image.output.blob):
        for derived in ("mask.png", "320.webp"):
            blobs.keep_derived(blob, derived, WORD.encode())
        default_storage.delete(blob.path)
        default_storage.save(blob.path, ContentFile(WORD.encode()))
    KeptMask.unscoped.create(organization=cast.bob.organization, blob=image.source.blob, name=f"{WORD}.png", bytes=9)
    assert len(places(WORD, default_storage)) == 8
    before = {path for path in every_file(default_storage) if str(cast.alice.organization.pk) not in path}
    assert as_(cast.alice).post("/settings/organization/images/", {"days": 30, "agreed": 30}).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert places(WORD, default_storage) + _everywhere_else() == []
    assert set(every_file(default_storage)) == before
    assert JobImage.unscoped.get(pk=theirs.pk).output_id


def _the_operator_changes_its_plan(cast: Cast, as_: As) -> None:
    """The admin keeps a log of its own, with the names of what was changed."""
    assert cast.charlie.user is not None
    User.objects.filter(pk=cast.charlie.user.pk).update(is_staff=True)
    plan = Plan.objects.create(name="Basic")
    path = f"/admin/accounts/organization/{cast.alice.organization.pk}/change/"
    assert as_(cast.charlie).post(path, {"plan": plan.pk}).status_code == 302
    assert [place for place in places(WORD, default_storage) if place.startswith("django_admin_log")]
