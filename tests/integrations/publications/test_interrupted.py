"""Whatever breaks in between, an image is published once, or not at all."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import WebhookEvent
from integrations.actions.publish import again, revert
from integrations.actions.publishing.turn import work
from integrations.models import Connection, Publication
from processing.models import Asset
from tests.support import woocommerce_peer as peers
from tests.support.cast import Cast
from tests.support.picture_host import PictureHost
from tests.support.publications import attempts, seen, worked, writes
from tests.support.woocommerce_peer import Call, Shop

pytestmark = pytest.mark.django_db


def test_a_busy_shop_is_waited_for(cast: Cast, peer: Shop, pictures: PictureHost, made: Publication) -> None:
    peer.faults = [peers.throttled(40)]
    made = worked(made, pictures)
    assert (made.status, made.failures, made.lease_until) == ("queued", 1, None)
    assert made.not_before > timezone.now() + timedelta(seconds=30)
    assert made.issues[0]["code"] == "throttled"
    work(made.pk)
    assert len(attempts(made)) == 1, "not before its time"
    made = worked(made, pictures)
    assert (made.status, made.failures, made.issues) == ("confirmed", 0, [])


def test_it_gives_up_on_a_shop_that_stays_away(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["publication.failed"])
    peer.always = peers.page(500)
    made = worked(made, pictures, turns=8)
    assert (made.status, made.issues[0]["code"]) == ("failed", "shop_error")
    assert not Connection.unscoped.get().broken
    assert json.loads(WebhookEvent.unscoped.get().body)["data"]["status"] == "failed"
    peer.always = None
    again(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "confirmed"


def test_wrong_keys_end_it_and_mark_the_shop(peer: Shop, pictures: PictureHost, made: Publication) -> None:
    peer.always = peers.recorded("wrong_key")
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("failed", "wrong_key")
    assert Connection.unscoped.get().broken
    assert writes(peer) == []


def test_what_the_shop_says_to_the_image(cast: Cast, peer: Shop, pictures: PictureHost, made: Publication) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["publication.rejected"])
    pictures.missing = True
    old = seen(peer)
    made = worked(made, pictures)
    assert made.status == "rejected"
    assert "application password" in made.issues[0]["detail"]
    assert seen(peer) == old
    assert json.loads(WebhookEvent.unscoped.get().body)["data"]["issues"] == made.issues
    pictures.missing = False
    again(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "confirmed"
    assert Asset.unscoped.filter(kind="kept").count() == 2, "one to send, one to put back"


def test_an_answer_that_is_lost_adds_no_second_image(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    there = len(peer.images.files)
    peer.loses_answer = True
    made = worked(made, pictures)
    assert (made.status, made.failures) == ("queued", 1)
    made = worked(made, pictures)
    assert made.status == "confirmed"
    assert writes(peer) == ["PUT"]
    assert len(peer.images.files) == there + 1
    assert len(peer.products[1]["images"]) == 2
    revert(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "reverted"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("killed_at", [0, 1, 2])
def test_a_worker_that_dies_adds_no_second_image(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication, killed_at: int
) -> None:
    """After each call to the shop: what it knew is lost, and another one takes over."""
    there, done = len(peer.images.files), 0
    old = seen(peer)

    def dies(call: Call) -> None:
        nonlocal done
        if call.path.startswith("/wp-json"):
            done += 1
        if done == killed_at + 1:
            peer.after = None
            Publication.unscoped.filter(pk=made.pk).update(attempt=7)
            connections.close_all()

    peer.after = dies
    lost = worked(made, pictures)
    assert (lost.attempt, lost.status) == (7, "sending")
    work(made.pk)
    assert Publication.unscoped.get().attempt == 7, "its lease has not run out"
    Publication.unscoped.update(lease_until=timezone.now())
    taken = worked(lost, pictures)
    assert (taken.status, taken.attempt) == ("confirmed", 8)
    assert [each.outcome for each in attempts(taken)] == ["lost", "confirmed"]
    assert len(peer.images.files) == there + 1
    assert len(peer.products[1]["images"]) == 2
    revert(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "reverted"
    assert seen(peer) == old


def test_what_dies_again_and_again_is_given_up(pictures: PictureHost, made: Publication) -> None:
    Publication.unscoped.update(status="sending", attempt=9, failures=7, lease_until=timezone.now())
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("failed", "given_up")
