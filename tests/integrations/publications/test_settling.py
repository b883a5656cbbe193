"""What becomes of a publication after the answers of a shop that takes its time: it is followed, and it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import WebhookEvent
from integrations.actions.publish import revert
from integrations.actions.publishing import settle
from integrations.actions.publishing.claim import Lost, RowMemory, claim, hold_on
from integrations.base import RemoteImage
from integrations.models import CatalogImage, Publication
from integrations.publishing import Issue, Outcome, Sent
from tests.support.cast import Cast
from tests.support.picture_host import PictureHost
from tests.support.woocommerce_peer import Shop, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(pictures: PictureHost) -> Iterator[Shop]:
    with shop() as running:
        running.add(1, images=2)
        yield running


def taken(made: Publication) -> Publication:
    """Claimed, as by a worker, with what it waits for over."""
    Publication.unscoped.filter(pk=made.pk).update(not_before=timezone.now())
    found = claim(made.pk)
    assert found is not None
    return found


def minutes(row: Publication) -> float:
    return round((row.not_before - timezone.now()).total_seconds() / 60, 1)


def test_what_was_taken_is_followed_with_growing_waits(cast: Cast, made: Publication) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["*"])
    row = taken(made)
    settle.settle(row, Sent(Outcome.SUBMITTED, check_after=60, note="Accepted."))
    made.refresh_from_db()
    assert (made.status, made.task, made.note, made.lease_until) == ("submitted", "follow", "Accepted.", None)
    assert minutes(made) == 1.0
    Publication.unscoped.update(submitted_at=timezone.now() - timedelta(hours=2))
    row = taken(made)
    assert row.status == "submitted", "it does not look as if it were sent again"
    settle.settle(row, Sent(Outcome.SUBMITTED, check_after=60))
    assert minutes(row) == 30.0
    assert row.note == "Accepted."
    Publication.unscoped.update(submitted_at=timezone.now() - timedelta(hours=70))
    row = taken(made)
    settle.wait(row, timedelta(minutes=5), Issue("throttled", "Later."))
    assert (row.status, minutes(row)) == ("submitted", 5.0)
    assert not WebhookEvent.unscoped.exists()
    settle.settle(taken(made), Sent(Outcome.CONFIRMED, image=RemoteImage("n", 0, "https://example.com/n.jpg")))
    made.refresh_from_db()
    assert (made.status, made.remote_id, made.issues, made.submitted_at) == ("confirmed", "n", [], None)
    assert CatalogImage.unscoped.get(position=0).remote_id == "n"
    assert WebhookEvent.unscoped.get().type == "publication.confirmed"


def test_what_is_never_shown_ends(cast: Cast, made: Publication) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["*"])
    settle.settle(taken(made), Sent(Outcome.SUBMITTED))
    Publication.unscoped.update(submitted_at=timezone.now() - timedelta(hours=73))
    settle.settle(taken(made), Sent(Outcome.SUBMITTED))
    made.refresh_from_db()
    assert (made.status, [each["code"] for each in made.issues]) == ("failed", ["not_shown"])
    assert json.loads(WebhookEvent.unscoped.get().body)["type"] == "publication.failed"


def test_a_shop_that_stays_away_while_it_is_followed(made: Publication) -> None:
    settle.settle(taken(made), Sent(Outcome.SUBMITTED))
    Publication.unscoped.update(submitted_at=timezone.now() - timedelta(hours=73))
    settle.wait(taken(made), timedelta(minutes=5), Issue("unreachable", "Nobody there."))
    made.refresh_from_db()
    assert (made.status, made.issues[0]["code"]) == ("failed", "unreachable")


def test_what_is_followed_and_cannot_be_taken_back_is_followed_again(cast: Cast, made: Publication) -> None:
    settle.settle(taken(made), Sent(Outcome.SUBMITTED))
    Publication.unscoped.update(before={"image": None, "gallery": [], "shared_with": None})
    assert revert(cast.bob, publication_id=made.pk).was == "submitted"
    settle.settle(taken(made), Sent(Outcome.REJECTED, issues=(Issue("changed_since", "Somebody …"),)))
    made.refresh_from_db()
    assert (made.status, made.task, made.issues[0]["code"]) == ("submitted", "follow", "changed_since")
    assert made.note == "The old image was not put back."
    assert minutes(made) == 1.0
    revert(cast.bob, publication_id=made.pk)
    settle.settle(taken(made), Sent(Outcome.SUBMITTED, check_after=30))
    made.refresh_from_db()
    assert (made.status, made.task) == ("submitted", "restore"), "asked again by restore itself"
    settle.settle(taken(made), Sent(Outcome.CONFIRMED))
    made.refresh_from_db()
    assert made.status == "reverted"


def test_a_worker_that_was_overtaken_writes_and_sends_nothing(made: Publication) -> None:
    row = taken(made)
    Publication.unscoped.filter(pk=made.pk).update(attempt=2)
    memory = RowMemory(row)
    with pytest.raises(Lost):
        memory.keep({"a": "1"})
    with pytest.raises(Lost):
        hold_on(row)
    with pytest.raises(Lost):
        settle.settle(row, Sent(Outcome.CONFIRMED))
    with pytest.raises(Lost):
        settle.fail(row, Issue("x", "x"))
    with pytest.raises(Lost):
        settle.wait(row, timedelta(0))
    made.refresh_from_db()
    assert (made.status, made.memory, made.attempt) == ("sending", {}, 2)
    assert memory.get("a") == ""
