"""WooCommerce's publisher: the contract of all of them, both ways in, and what the real shop does wrong."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.kit.errors import InvalidInput
from integrations.base import Account, MarketplaceError
from integrations.publishing import Outcome, Place
from integrations.registry import find
from tests.integrations.publishing_contract import PublishingContract, Remembered
from tests.support import woocommerce_peer as peers
from tests.support.picture_host import PictureHost
from tests.support.woocommerce_images import PASSWORD, USER
from tests.support.woocommerce_peer import KEY, SECRET, Shop, shop

WOO = find("woocommerce")
MAIN, SECOND = Place("1"), Place("1", slot="2")


@pytest.fixture
def peer(pictures: PictureHost) -> Iterator[Shop]:
    with shop() as running:
        yield running


class _Contract(PublishingContract):
    key = "woocommerce"
    transient = ("throttled", "maintenance", "half")

    def fill(self, peer: Shop, count: int) -> None:
        for number in range(1, count + 1):
            peer.add(number, images=2, variants=3 if number == 1 else 0)

    def product(self, peer: Shop) -> str:
        return "1"

    def variant(self, peer: Shop) -> str:
        return "1001"

    def _there(self, peer: Shop, place: Place) -> dict[str, Any] | None:
        if place.variant:
            row = next(each for each in peer.variations[int(place.product)] if str(each["id"]) == place.variant)
            return row["image"] or None
        images = peer.products[int(place.product)]["images"]
        return images[place.position] if (place.position or 0) < len(images) else None

    def customers_see(self, peer: Shop, place: Place) -> bytes | None:
        there = self._there(peer, place)
        return peer.images.files[there["id"]].data() if there else None

    def texts(self, peer: Shop, place: Place) -> tuple[str, str]:
        there = self._there(peer, place)
        return (there["alt"], there["name"]) if there else ("", "")

    def everything_else(self, peer: Shop, place: Place) -> Any:
        there = self._there(peer, place)
        products = [{**each, "date_modified_gmt": ""} for each in peer.products.values()]
        for each in products:
            each["images"] = [image for image in each["images"] if image != there]
        rows = [row if row["image"] != there else {**row, "image": None} for row in peer.variations[1]]
        return json.loads(json.dumps([products, rows]))

    def somebody_puts(self, peer: Shop, place: Place, data: bytes) -> None:
        number = peer.images.uploaded("theirs.jpg", data)
        peer.products[int(place.product)]["images"][place.position or 0] = peer.images.shown(number)

    def remove(self, peer: Shop, remote_id: str) -> None:
        del peer.products[int(remote_id)]

    def fail(self, peer: Shop, how: str) -> None:
        known = {
            "throttled": peers.throttled(), "maintenance": peers.recorded("maintenance_503"), "half": peers.half(),
        }  # fmt: skip
        peer.faults.append(known[how])

    def lose_answer(self, peer: Shop) -> None:
        peer.loses_answer = True


class TestWooCommerceFetches(_Contract):
    """The shop fetches the image from its address."""

    def account(self, peer: Shop) -> Account:
        return WOO.account(peer.address, {"consumer_key": KEY, "consumer_secret": SECRET})


class TestWooCommerceIsSent(_Contract):
    """The image is sent to the media library with an application password."""

    @pytest.fixture
    def peer(self, pictures: PictureHost, tls: ssl.SSLContext) -> Iterator[Shop]:
        with shop(tls=tls) as running:
            yield running

    def account(self, peer: Shop) -> Account:
        keys = {"consumer_key": KEY, "consumer_secret": SECRET, "wp_user": USER, "wp_password": PASSWORD}
        return WOO.account(peer.address, keys)


class TestSecure:
    """What needs https: an application password."""

    @pytest.fixture
    def peer(self, pictures: PictureHost, tls: ssl.SSLContext) -> Iterator[Shop]:
        with shop(tls=tls) as running:
            running.add(1, images=2)
            yield running

    def account(self, peer: Shop, **changed: str) -> Account:
        keys = {"consumer_key": KEY, "consumer_secret": SECRET, "wp_user": USER, "wp_password": PASSWORD}
        return WOO.account(peer.address, keys | changed)

    def test_the_password_is_tried_before_it_is_kept(self, peer: Shop) -> None:
        assert WOO.check(self.account(peer, wp_password="abcd EFGH 1234 ijkl MNOP 5678")).products == 1
        for changed, field in (({"wp_user": "nobody"}, "wp_password"), ({"wp_password": "x" * 24}, "wp_password")):
            with pytest.raises(MarketplaceError) as refused:
                WOO.check(self.account(peer, **changed))
            assert (refused.value.code, refused.value.field) == ("wrong_app_password", field)
        peer.images.uploads_allowed = False
        with pytest.raises(MarketplaceError) as refused:
            WOO.check(self.account(peer))
        assert (refused.value.code, refused.value.field) == ("no_uploads", "wp_user")

    def test_it_is_needed_whole_and_over_https(self, peer: Shop) -> None:
        for changed, field in (({"wp_user": ""}, "wp_user"), ({"wp_password": ""}, "wp_password")):
            with pytest.raises(InvalidInput) as refused:
                self.account(peer, **changed)
            assert [each.field for each in refused.value.errors] == [field]
        keys = {"consumer_key": KEY, "consumer_secret": SECRET, "wp_user": USER, "wp_password": PASSWORD}
        with pytest.raises(InvalidInput) as refused:
            WOO.account("http://localhost:1", keys)
        assert [each.field for each in refused.value.errors] == ["wp_password"]
        assert "wp_user" not in self.account(peer, wp_user="", wp_password="").credentials

    def test_an_installation_that_nobody_reaches_can_send(self, peer: Shop, settings: Settings) -> None:
        settings.BASE_URL = ""
        assert WOO.publisher.capabilities(self.account(peer)).pushes
        without = self.account(peer, wp_user="", wp_password="")
        can = WOO.publisher.capabilities(without)
        assert (can.pushes, can.pulls) == (False, False)
        assert "application password" in can.why_not

    def test_an_upload_is_used_again_whatever_is_lost(self, peer: Shop, pictures: PictureHost) -> None:
        account, memory, picture = self.account(peer), Remembered(), pictures.picture(1)
        before = WOO.publisher.shown(account, MAIN)
        there = len(peer.images.files)
        for _ in range(2):  # the upload's answer, then that of the gallery
            peer.loses_answer = True
            with pytest.raises(MarketplaceError):
                WOO.publisher.publish(account, MAIN, picture, before, memory)
        assert WOO.publisher.publish(account, MAIN, picture, before, memory).outcome == Outcome.CONFIRMED
        assert len(peer.images.files) == there + 1
        assert [call.method for call in peer.calls].count("POST") == 1
        assert peer.images.files[int(memory["new"])].file.startswith("mug-1-")

    def test_an_upload_that_somebody_deletes_is_sent_again(self, peer: Shop, pictures: PictureHost) -> None:
        account, memory, picture = self.account(peer), Remembered(), pictures.picture(1)
        before = WOO.publisher.shown(account, MAIN)
        memory.keep({"new": "424242", "new.file": "gone"})
        with pytest.raises(MarketplaceError) as gone:
            WOO.publisher.publish(account, MAIN, picture, before, memory)
        assert (gone.value.code, gone.value.permanent) == ("upload_gone", False)
        assert WOO.publisher.publish(account, MAIN, picture, before, memory).outcome == Outcome.CONFIRMED


@pytest.fixture
def account(peer: Shop) -> Account:
    peer.add(1, images=2, variants=2)
    return WOO.account(peer.address, {"consumer_key": KEY, "consumer_secret": SECRET})


def test_a_shop_that_may_still_be_fetching_is_not_asked_twice(
    peer: Shop, pictures: PictureHost, account: Account
) -> None:
    before, memory, picture = WOO.publisher.shown(account, MAIN), Remembered(), pictures.picture(1)
    peer.before = lambda call: peer.faults.append(peers.broken_off()) if call.method == "PUT" else None
    with pytest.raises(MarketplaceError) as lost:
        WOO.publisher.publish(account, MAIN, picture, before, memory)
    assert lost.value.code == "broken_off"
    peer.before = None
    with pytest.raises(MarketplaceError) as waits:
        WOO.publisher.publish(account, MAIN, picture, before, memory)
    assert (waits.value.code, waits.value.permanent, waits.value.retry_after) == ("still_fetching", False, 30)
    memory.keep({"new.since": str(int(memory["new.since"]) - 300)})
    assert WOO.publisher.publish(account, MAIN, picture, before, memory).outcome == Outcome.CONFIRMED
    assert [call.method for call in peer.calls].count("PUT") == 2


@pytest.mark.parametrize("place", [MAIN, Place("1", variant="1001")])
def test_an_image_that_the_shop_cannot_fetch(peer: Shop, pictures: PictureHost, account: Account, place: Place) -> None:
    before, memory = WOO.publisher.shown(account, place), Remembered()
    pictures.missing = True
    sent = WOO.publisher.publish(account, place, pictures.picture(1), before, memory)
    assert sent.outcome == Outcome.REJECTED
    assert "could not fetch" in sent.issues[0].detail
    assert WOO.publisher.shown(account, place) == before
    pictures.missing = False
    sent = WOO.publisher.publish(account, place, pictures.picture(1), before, memory)
    assert sent.outcome == Outcome.CONFIRMED, "it has said no, so it is not fetching any more"


def test_the_recorded_refusals_are_answers_to_the_image(peer: Shop, pictures: PictureHost, account: Account) -> None:
    before = WOO.publisher.shown(account, MAIN)
    for name in ("put_image_bad_404", "put_image_noext", "put_image_unknown_id"):
        said = peers.recorded(name)
        peer.before = lambda call, said=said: peer.faults.append(said) if call.method == "PUT" else None  # type: ignore[misc]
        sent = WOO.publisher.publish(account, MAIN, pictures.picture(1), before, Remembered())
        assert sent.outcome == Outcome.REJECTED, name
        assert sent.issues[0].said


def test_a_variation_without_an_image_of_its_own_is_empty(peer: Shop, pictures: PictureHost, account: Account) -> None:
    """The shop answers the product's image then."""
    peer.variations[1][0]["image"] = None
    place, memory = Place("1", variant="1000"), Remembered()
    before = WOO.publisher.shown(account, place)
    assert before.image is None
    sent = WOO.publisher.publish(account, place, pictures.picture(1), before, memory)
    assert (sent.outcome, peer.variations[1][0]["image"]["alt"]) == (Outcome.CONFIRMED, "New mug 1")
    assert WOO.publisher.restore(account, place, before, None, memory).outcome == Outcome.CONFIRMED
    assert peer.variations[1][0]["image"] is None


def test_what_changes_between_two_tries_is_not_overwritten(peer: Shop, pictures: PictureHost, account: Account) -> None:
    before = WOO.publisher.shown(account, MAIN)
    peer.products[1]["images"].reverse()
    sent = WOO.publisher.publish(account, MAIN, pictures.picture(1), before, Remembered())
    assert (sent.outcome, sent.issues[0].code) == (Outcome.REJECTED, "changed_since")
    assert [each["id"] for each in peer.products[1]["images"]] == [101, 100]


def test_what_lies_in_the_bin_is_gone(peer: Shop, account: Account) -> None:
    peer.products[1]["status"] = "trash"
    for place in (MAIN, Place("2"), Place("1", variant="77"), Place("1/../2")):
        with pytest.raises(MarketplaceError) as gone:
            WOO.publisher.shown(account, place)
        assert (gone.value.code, gone.value.permanent) == ("gone", True)


def test_an_old_image_that_nobody_has_any_more(peer: Shop, pictures: PictureHost, account: Account) -> None:
    before, memory = WOO.publisher.shown(account, SECOND), Remembered()
    WOO.publisher.publish(account, SECOND, pictures.picture(1), before, memory)
    peer.delete_image(101)
    ours = peer.products[1]["images"]
    sent = WOO.publisher.restore(account, SECOND, before, None, memory)
    assert (sent.outcome, sent.issues[0].code) == (Outcome.REJECTED, "old_image_gone")
    assert peer.products[1]["images"] == ours
    copy = replace(pictures.picture(2), key="kept")
    sent = WOO.publisher.restore(account, SECOND, before, copy, memory)
    assert sent.outcome == Outcome.CONFIRMED
    assert peer.images.files[peer.products[1]["images"][1]["id"]].data() == copy.read()
    assert peer.products[1]["images"][1]["alt"] == "View 1"


def test_an_old_image_that_somebody_has_moved_is_not_there_twice(
    peer: Shop, pictures: PictureHost, account: Account
) -> None:
    before, memory = WOO.publisher.shown(account, MAIN), Remembered()
    WOO.publisher.publish(account, MAIN, pictures.picture(1), before, memory)
    peer.products[1]["images"].append(peer.images.shown(100))
    assert WOO.publisher.restore(account, MAIN, before, None, memory).outcome == Outcome.CONFIRMED
    assert [each["id"] for each in peer.products[1]["images"]] == [100, 101]


def test_the_old_image_waits_for_a_fetch_that_may_be_going_on(
    peer: Shop, pictures: PictureHost, account: Account
) -> None:
    """Put back at once, the new image would come after it."""
    before, memory = WOO.publisher.shown(account, MAIN), Remembered()
    peer.before = lambda call: peer.faults.append(peers.broken_off()) if call.method == "PUT" else None
    with pytest.raises(MarketplaceError):
        WOO.publisher.publish(account, MAIN, pictures.picture(1), before, memory)
    peer.before = None
    with pytest.raises(MarketplaceError) as waits:
        WOO.publisher.restore(account, MAIN, before, None, memory)
    assert (waits.value.code, waits.value.permanent) == ("still_fetching", False)
    there = peer.images.uploaded(pictures.picture(1).url.rpartition("/")[2], b"")
    peer.products[1]["images"][0] = peer.images.shown(there)
    assert WOO.publisher.restore(account, MAIN, before, None, memory).outcome == Outcome.CONFIRMED
    assert [each["id"] for each in peer.products[1]["images"]] == [100, 101]
