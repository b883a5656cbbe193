"""After the deletion of an organization a word that was in all of its texts is nowhere: tables, files, cache, logs.

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
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.actions.budgets import set_key_budget
from accounts.models import Organization, Plan, User
from processing.actions.remove_organization import remove_closed_organizations
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


def _the_operator_changes_its_plan(cast: Cast, as_: As) -> None:
    """The admin keeps a log of its own, with the names of what was changed."""
    assert cast.charlie.user is not None
    User.objects.filter(pk=cast.charlie.user.pk).update(is_staff=True)
    plan = Plan.objects.create(name="Basic")
    path = f"/admin/accounts/organization/{cast.alice.organization.pk}/change/"
    assert as_(cast.charlie).post(path, {"plan": plan.pk}).status_code == 302
    assert [place for place in places(WORD, default_storage) if place.startswith("django_admin_log")]
