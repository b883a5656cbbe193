"""Publications from the queue to the shop and back: once, whatever breaks in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.access.credentials import actor_for_key
from accounts.actions.api_keys import create_api_key
from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import WebhookEvent
from dashboard.api import openapi_webhooks
from integrations.actions.connections import disconnect
from integrations.actions.publish import Wanted, again, publish, revert
from integrations.actions.publishing import queue
from integrations.actions.publishing.picture import new_picture
from integrations.actions.publishing.turn import work
from integrations.actions.sync import start
from integrations.models import CatalogImage, CatalogProduct, Connection, Publication, PublicationAttempt
from processing.actions.assets import save_upload
from processing.models import Asset
from tests.support import woocommerce_peer as peers
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.publications import worked
from tests.support.shops import connection_to, turns
from tests.support.verdicts import judged
from tests.support.woocommerce_peer import KEY, SECRET, Call, Shop, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(pictures: PictureHost) -> Iterator[Shop]:
    with shop() as running:
        running.add(1, images=2, variants=2)
        running.add(2, images=1)
        yield running


@pytest.fixture
def row(cast: Cast, peer: Shop) -> Connection:
    row = connection_to(peer, cast.bob)
    turns(start(cast.bob, connection_id=row.pk))
    peer.calls.clear()
    return row


@pytest.fixture
def image(cast: Cast) -> Asset:
    image = save_upload(cast.bob, data=product_photo(), name="mug.jpg")
    judged(image, cast.bob, "pass")
    judged(image, cast.bob, "pass", key="woocommerce/additional")
    return image


@pytest.fixture
def wanted(row: Connection, image: Asset) -> Wanted:
    return Wanted(image_id=image.pk, connection_id=row.pk, product="1")


@pytest.fixture
def made(cast: Cast, wanted: Wanted) -> Publication:
    return publish(cast.bob, wanted=wanted)


def seen(peer: Shop, index: int = 0, product: int = 1) -> bytes:
    """What customers see there."""
    return peer.images.files[peer.products[product]["images"][index]["id"]].data()


def writes(peer: Shop) -> list[str]:
    return [call.method for call in peer.calls if call.method != "GET"]


def attempts(row: Publication) -> list[PublicationAttempt]:
    return list(PublicationAttempt.unscoped.filter(publication=row).order_by("pk"))


def test_an_image_is_published_and_put_back(cast: Cast, peer: Shop, pictures: PictureHost, made: Publication) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["publication.confirmed"])
    old = seen(peer)
    made = worked(made, pictures)
    assert (made.status, made.issues, made.lease_until) == ("confirmed", [], None)
    assert seen(peer) == product_photo()
    assert len(peer.products[1]["images"]) == 2
    assert made.remote_id == str(peer.products[1]["images"][0]["id"])
    assert made.remote_url == f"{peer.address}/product/1/"
    assert made.old_image is not None
    assert made.before is not None
    assert made.before["image"]["remote_id"] == "100"
    event = json.loads(WebhookEvent.unscoped.get().body)
    documented = openapi_webhooks._EVENTS["publication.confirmed"][2]
    assert set(event["data"]) == set(documented["properties"])
    assert event["data"]["publicationId"] == str(made.pk)
    assert event["data"]["remoteUrl"] == made.remote_url
    [tried] = attempts(made)
    assert (tried.task, tried.outcome, tried.number, tried.actor) == ("publish", "confirmed", 1, cast.bob.user)
    assert [each["request"].split()[0] for each in tried.exchanges] == ["GET", "GET", "PUT"]
    assert SECRET not in json.dumps(tried.exchanges)
    assert KEY not in json.dumps(tried.exchanges)

    made = revert(cast.alice, publication_id=made.pk)
    assert made.status == "queued"
    made = worked(made, pictures)
    assert (made.status, made.reverted_by) == ("reverted", cast.alice.user)
    assert made.reverted_at is not None
    assert seen(peer) == old
    assert [each["id"] for each in peer.products[1]["images"]] == [100, 101]
    assert attempts(made)[-1].actor == cast.alice.user
    assert WebhookEvent.unscoped.count() == 1


def test_the_catalog_shows_it_at_once_and_after_the_next_sync(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, made: Publication, wanted: Wanted
) -> None:
    def shown() -> list[tuple[str, int, str]]:
        rows = CatalogImage.unscoped.filter(product__remote_id="1").order_by("variant", "position")
        return list(rows.values_list("variant", "position", "remote_id"))

    worked(made, pictures)
    new = str(peer.products[1]["images"][0]["id"])
    assert shown()[:2] == [("", 0, new), ("", 1, "101")]
    assert worked(publish(cast.bob, wanted=Wanted(wanted.image_id, row.pk, "1", variant="1001")), pictures).status == (
        "confirmed"
    )
    after = shown()
    assert after[-1][0] == "1001"
    assert after[-1][2] == str(peer.variations[1][1]["image"]["id"])
    turns(start(cast.bob, connection_id=row.pk))
    assert shown() == after
    assert CatalogProduct.unscoped.get(remote_id="1").image_count == 2


def test_a_further_image_is_appended_and_taken_away_again(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, image: Asset
) -> None:
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2", slot="5"))
    assert worked(made, pictures).status == "confirmed"
    assert next(each["id"] for each in peer.products[2]["images"]) == 200
    assert seen(peer, 1, product=2) == product_photo()
    assert peer.products[2]["images"][1]["alt"] == "Product 2"
    assert CatalogProduct.unscoped.get(remote_id="2").image_count == 2
    revert(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "reverted"
    assert [each["id"] for each in peer.products[2]["images"]] == [200]
    assert CatalogProduct.unscoped.get(remote_id="2").image_count == 1


def test_the_old_image_comes_back_although_the_shop_has_lost_it(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    old = seen(peer)
    worked(made, pictures)
    peer.delete_image(100)
    revert(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "reverted"
    assert seen(peer) == old
    assert (peer.products[1]["images"][0]["alt"], len(peer.products[1]["images"])) == ("View 0", 2)


def test_what_somebody_put_there_since_is_left_alone(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    worked(made, pictures)
    theirs = peer.images.uploaded("theirs.jpg", product_photo(5))
    peer.products[1]["images"][0] = peer.images.shown(theirs)
    revert(cast.bob, publication_id=made.pk)
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("confirmed", "changed_since")
    assert seen(peer) == product_photo(5)


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


def test_two_places_of_a_product_are_never_changed_at_once(
    cast: Cast, pictures: PictureHost, row: Connection, made: Publication, image: Asset
) -> None:
    second = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1", slot="2"))
    other = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2"))
    Publication.unscoped.filter(pk=made.pk).update(
        status="sending", attempt=1, lease_until=timezone.now() + timedelta(minutes=1)
    )
    assert worked(second, pictures).attempt == 0
    assert worked(other, pictures).status == "confirmed"
    Publication.unscoped.filter(pk=made.pk).update(lease_until=timezone.now())
    assert worked(made, pictures).status == "confirmed"
    assert worked(second, pictures).status == "confirmed"


def test_a_paused_shop_takes_nothing_new_and_gives_back(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, made: Publication, image: Asset
) -> None:
    worked(made, pictures)
    other = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2"))
    Connection.unscoped.update(paused_at=timezone.now())
    assert worked(other, pictures).status == "queued"
    revert(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "reverted"
    Connection.unscoped.update(paused_at=None)
    assert worked(other, pictures).status == "confirmed"


def test_quiet_hours_are_waited_for(peer: Shop, pictures: PictureHost, made: Publication) -> None:
    now = timezone.now()
    Connection.unscoped.update(
        quiet_from=(now - timedelta(hours=1)).strftime("%H:%M"),
        quiet_until=(now + timedelta(hours=2)).strftime("%H:%M"),
    )
    made = worked(made, pictures)
    assert (made.status, made.failures, attempts(made)) == ("queued", 0, [])
    assert made.not_before > now + timedelta(hours=1)
    assert peer.calls == []


def test_a_test_key_sends_nothing(cast: Cast, peer: Shop, pictures: PictureHost, wanted: Wanted) -> None:
    key = create_api_key(cast.alice, name="Test", scopes=["*"], sandbox=True)[1]
    made = worked(publish(actor_for_key(key), wanted=wanted), pictures)
    assert (made.status, made.sandbox) == ("confirmed", True)
    assert "nothing was sent" in made.note
    assert peer.calls == []
    assert attempts(made)[0].api_key == made.api_key


def test_a_dry_run_changes_nothing(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, image: Asset
) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["*"])
    made = worked(publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1", dry_run=True)), pictures)
    assert made.status == "confirmed"
    assert "nothing was changed" in made.note
    assert writes(peer) == []
    assert (made.before, made.old_image) == (None, None)
    assert not WebhookEvent.unscoped.exists()
    assert attempts(made)[0].task == "preview"


def test_the_worker_judges_what_nobody_has_judged(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection
) -> None:
    """WooCommerce's rules make nothing but warnings of it; Amazon's would not."""
    image = save_upload(cast.bob, data=product_photo(3), name="other.jpg")
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    assert made.verdict == ""
    made = worked(made, pictures)
    assert (made.status, made.verdict) == ("confirmed", "warn")


def test_a_verdict_of_the_worker_stops_it_before_the_shop_is_asked(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication, image: Asset
) -> None:
    judged(image, cast.bob, "fail")
    Publication.unscoped.update(verdict="")
    made = worked(made, pictures)
    assert (made.status, made.verdict) == ("rejected", "fail")
    assert made.issues[0]["detail"] == "Size: It is too small."
    assert peer.calls == []
    again(cast.bob, publication_id=made.pk, override_reason="The buyer wants it.")
    made = worked(made, pictures)
    assert (made.status, made.verdict) == ("confirmed", "fail")


def test_the_same_image_again_sends_nothing(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication, wanted: Wanted
) -> None:
    worked(made, pictures)
    second = worked(publish(cast.bob, wanted=wanted), pictures)
    assert second.status == "confirmed"
    assert "already" in second.note
    assert writes(peer) == ["PUT"]


def test_an_image_that_cannot_be_copied_is_not_replaced_without_a_reason(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    peer.images.files[100].data = lambda: b"no image"
    made = worked(made, pictures, turns=3)
    assert (made.status, made.issues[0]["code"]) == ("failed", "old_image_unreadable")
    assert writes(peer) == []
    again(cast.bob, publication_id=made.pk, override_reason="It is broken anyway.")
    made = worked(made, pictures, turns=3)
    assert made.status == "confirmed"
    assert "could not be copied" in made.note
    assert made.old_image is None


def test_a_product_that_is_gone(peer: Shop, pictures: PictureHost, made: Publication) -> None:
    del peer.products[1]
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("failed", "gone")
    assert not Connection.unscoped.get().broken


def test_disconnecting_ends_what_waits(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, made: Publication
) -> None:
    disconnect(cast.bob, connection_id=row.pk)
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("failed", "disconnected")
    assert peer.calls == []


def test_the_address_of_its_image_answers(
    client: Client, pictures: PictureHost, settings: Settings, made: Publication, image: Asset
) -> None:
    picture = new_picture(made)
    assert picture is not None
    path = picture.url.removeprefix(settings.BASE_URL)
    assert path.endswith(".jpg")
    assert "?" not in path
    image.delete()
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/jpeg", product_photo())
    same = new_picture(Publication.unscoped.get(pk=made.pk))
    assert same is not None
    assert same.url == picture.url
    settings.BASE_URL = "http://10.0.0.1"
    inside = new_picture(made)
    assert inside is not None
    assert inside.url == ""


def test_what_waits_is_sent_again_a_few_of_each_shop(
    cast: Cast, row: Connection, made: Publication, image: Asset
) -> None:
    publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1", slot="2"))
    publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2"))
    long_ago = timezone.now() - timedelta(minutes=1)
    Publication.unscoped.update(sent_at=long_ago)
    queue.sweep()
    assert Publication.unscoped.filter(sent_at=long_ago).count() == 1
    queue.sweep()
    assert not Publication.unscoped.filter(sent_at=long_ago).exists()


def test_what_waits_for_another_try_is_taken_back(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    def at_the_gallery(call: Call) -> None:
        if call.method == "PUT":
            peer.before = None
            peer.faults = [peers.throttled()]

    peer.before = at_the_gallery
    assert worked(made, pictures).status == "queued"
    assert revert(cast.bob, publication_id=made.pk).was == "failed"
    del peer.products[1]
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("failed", "gone"), "it is not tried for ever"
