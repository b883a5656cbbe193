"""Calls that give up after a while are refused at once where so much waits that it would be in vain."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import AuditEntry, IdempotentCall, LedgerEntry, Organization
from processing.actions.assets import save_upload
from processing.actions.submit import Request, submit
from processing.models import Asset, Blob, Job, JobImage, Worker
from tests.support.api import Api, SpaceApi, photo, refusal
from tests.support.cast import Cast
from tests.support.in_process_worker import run_all
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db
REMOVE = "/image/remove-background"


@pytest.fixture(autouse=True)
def a_worker(db: None, settings: Any) -> None:
    """One photo at a time, and thirty seconds for each."""
    settings.FAMILY_WAIT_SECONDS = 60
    settings.API_WAIT_SECONDS = 60
    now = timezone.now()
    Worker.objects.create(name="w", host="h", pid=1, threads=1, photo_seconds=30, started_at=now, seen_at=now)


def singles(actor: Actor, count: int, **more: Any) -> None:
    source = save_upload(actor, data=product_photo(), name="a.jpg")
    for _ in range(count):
        submit(actor, Request(sources=[source], **more))


def everything(actor: Actor) -> list[object]:
    """What a call that was refused must leave as it was."""
    rows = [model.unscoped.count() for model in (Job, JobImage, Asset, Blob, LedgerEntry, AuditEntry)]
    return [*rows, IdempotentCall.objects.count(), Organization.objects.get(pk=actor.organization.pk).credit_balance]


def test_a_call_that_would_wait_in_vain_is_told_so_at_once(cast: Cast) -> None:
    singles(cast.alice, 3)
    api, before = Api(cast.key()), everything(cast.alice)
    answer = api.form(REMOVE, {"image": photo(1)}, idempotency_key="once")
    assert answer.status_code == 429
    assert "about 120 s" in answer.json()["message"]
    assert (answer["Retry-After"], answer["X-Credits-Charged"]) == ("60", "0")
    assert set(answer.json()) == {"success", "message"}
    assert everything(cast.alice) == before


def test_the_same_key_works_once_the_queue_is_short(cast: Cast, settings: Any) -> None:
    singles(cast.alice, 3)
    api = Api(cast.key())
    assert api.form(REMOVE, {"image": photo(1)}, idempotency_key="once").status_code == 429
    run_all()
    settings.FAMILY_WAIT_SECONDS = 0  # nobody works on it here: as far as its job
    assert api.form(REMOVE, {"image": photo(1)}, idempotency_key="once").status_code == 504
    assert Job.objects.of(cast.alice).count() == 4


def test_the_other_families_are_refused_in_their_own_shape(cast: Cast, client: Client, settings: Any) -> None:
    settings.LEGACY_PUBLIC_ENDPOINTS = True
    space = SpaceApi(f"Token {cast.key()}")
    api = Api(cast.key())
    (path,) = space.upload()
    singles(cast.alice, 3)
    singles(cast.charlie, 2)
    before = everything(cast.alice)
    wanted = {"input_file_path": path, "output_variants": [{"output_file_path": "a.png"}]}
    refusal(space.json("/tools/ai/remove-bg/process/", wanted), 429, "too_busy")
    marked = {"input_file_path": path, "output_file_path": "a.png", "foreground_points": [{"x": 60, "y": 50}]}
    refusal(space.json("/tools/ai/ai-cut/segment/", marked), 429, "too_busy")
    check = api.form("/compliance", {"image": photo(2)})
    assert (check.status_code, check.json()["code"]) == (429, "too_busy")
    public = client.post("/api/process", {"image": photo(3)})
    assert (public.status_code, public.json()["code"]) == (429, "too_busy"), "one of each organization goes before it"
    assert everything(cast.alice) == before


def test_what_can_be_asked_for_later_is_always_taken(cast: Cast) -> None:
    singles(cast.alice, 3)
    answer = Api(cast.key()).form("/process", {"image": photo(1)}, prefer="respond-async")
    assert answer.status_code == 202


def test_only_what_goes_before_it_counts(cast: Cast) -> None:
    """Every preview, of another organization as many single images as of one's own and one more, and no batch."""
    source = save_upload(cast.charlie, data=product_photo(), name="a.jpg")
    submit(cast.charlie, Request(sources=[source] * 30))
    singles(cast.charlie, 9)
    singles(cast.charlie, 2, purpose=Job.Purpose.PREVIEW)
    refused = Api(cast.key()).form("/compliance", {"image": photo(1)})
    assert "about 120 s" in refused.json()["detail"], "itself, one image of the other organization, two previews"


@pytest.mark.parametrize("trait", [{"photo_seconds": 0}, {"draining": True}, {"queues": "io"}])
def test_without_a_measure_nothing_is_refused(cast: Cast, settings: Any, trait: dict[str, Any]) -> None:
    Worker.objects.update(**trait)
    singles(cast.alice, 3)
    settings.FAMILY_WAIT_SECONDS = 0
    assert Api(cast.key()).form(REMOVE, {"image": photo(1)}).status_code == 504


def test_a_slow_photo_long_ago_refuses_nobody(cast: Cast, settings: Any) -> None:
    """Nothing waits, so the next one is how the worker learns that it is fast again."""
    Worker.objects.update(photo_seconds=900)
    settings.FAMILY_WAIT_SECONDS = 0
    assert Api(cast.key()).form(REMOVE, {"image": photo(1)}).status_code == 504
