"""Publishing to Amazon: the contract of all publishers, and what is followed for hours until it shows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from integrations.base import Account, MarketplaceError
from integrations.publishing import Outcome, Place, Shown
from tests.integrations.publishing_contract import PublishingContract, Remembered
from tests.support import amazon_model
from tests.support import amazon_peer as peers
from tests.support.amazon_peer import DE, FAULTS, FR, Amazon, Call
from tests.support.amazon_publishing import MAIN, PUBLISHER, attribute, follow, hours_later, patched, publish
from tests.support.amazon_settings import keys
from tests.support.picture_host import PictureHost
from tests.support.serving import Said

BEFORE = Shown(None)


class TestAmazonPublishing(PublishingContract):
    key = "amazon"
    transient = tuple(FAULTS)
    keeps_texts = False

    def account(self, peer: Amazon) -> Account:
        return keys(peer)

    def fill(self, peer: Amazon, count: int) -> None:
        for number in range(1, count + 1):
            peer.add(f"SKU-{number:03}", images=2)

    def product(self, peer: Amazon) -> str:
        return "SKU-001"

    def variant(self, peer: Amazon) -> str:
        return ""

    def customers_see(self, peer: Amazon, place: Place) -> bytes | None:
        url = peer.listings[place.product]["live"].get(f"{DE} {attribute(place)}")
        return peer.pictures[url] if url else None

    def texts(self, peer: Amazon, place: Place) -> tuple[str, str]:
        return "", ""

    def everything_else(self, peer: Amazon, place: Place) -> Any:
        rows = json.loads(json.dumps(peer.listings))
        rows[place.product]["attributes"].pop(attribute(place), None)
        rows[place.product]["live"].pop(f"{DE} {attribute(place)}", None)
        return rows

    def somebody_puts(self, peer: Amazon, place: Place, data: bytes) -> None:
        url = peer.picture(data)
        row = peer.listings[place.product]
        row["attributes"][attribute(place)] = [{"marketplace_id": DE, "media_location": url}]
        row["live"][f"{DE} {attribute(place)}"] = peer.picture(data)

    def remove(self, peer: Amazon, remote_id: str) -> None:
        del peer.listings[remote_id]

    def fail(self, peer: Amazon, how: str) -> None:
        peer.faults.append(FAULTS[how])

    def lose_answer(self, peer: Amazon) -> None:
        def lost(call: Call) -> Said:
            said = peer.do(call)
            if call.method == "GET":
                peer.faults.insert(0, lost)
                return said
            return replace(said, cut=4)

        peer.faults.append(lost)

    def time_passes(self, peer: Amazon) -> None:
        peer.process(anew=False)


def test_accepted_is_followed_until_amazon_shows_it_its_own_way(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    place, memory, picture = Place("ONE"), Remembered(), pictures.picture(1)
    sent = publish(peer, place, picture, memory)
    assert (sent.outcome, "within hours" in sent.note) == (Outcome.SUBMITTED, True)
    assert sent.url == f"https://www.amazon.de/dp/{peer.listings['ONE']['asin']}"
    waiting = follow(peer, place, picture, memory)
    assert (waiting.outcome, waiting.check_after) == (Outcome.SUBMITTED, 60)
    hours_later(memory, 3)
    assert follow(peer, place, picture, memory).check_after == 900
    peer.process()
    done = follow(peer, place, picture, memory)
    assert (done.outcome, done.note, done.issues) == (Outcome.CONFIRMED, "", ())
    assert done.image is not None
    assert done.image.url == peer.listings["ONE"]["live"][f"{DE} {MAIN}"] != picture.url
    assert [call.body for call in patched(peer)] == [{
        "productType": "LUGGAGE",
        "patches": [{"op": "replace", "path": f"/attributes/{MAIN}",
                     "value": [{"marketplace_id": DE, "media_location": picture.url}]}],
    }]  # fmt: skip


def test_what_shoppers_see_is_shown_also_where_the_sellers_address_is_dead(peer: Amazon) -> None:
    row = peer.add("ONE", images=2)
    other = "other_product_image_locator_1"
    row["attributes"][other][0]["media_location"] = "https://old.example.com/gone.jpg"
    shown = PUBLISHER.shown(keys(peer), Place("ONE", slot="2"))
    assert shown.image is not None
    assert shown.image.url == row["live"][f"{DE} {other}"]
    assert shown.gallery[1] == shown.image
    peer.faults = [peer.do, peers.denied()]
    hidden = PUBLISHER.shown(keys(peer), Place("ONE", slot="2"))
    assert hidden.image is not None
    assert hidden.image.url == "https://old.example.com/gone.jpg"


@pytest.mark.parametrize("slot", ["2", "9", "swatch"])
def test_places_that_only_the_catalog_shows(peer: Amazon, pictures: PictureHost, slot: str) -> None:
    peer.add("ONE", images=2)
    place, memory, picture = Place("ONE", slot=slot), Remembered(), pictures.picture(1)
    publish(peer, place, picture, memory)
    assert follow(peer, place, picture, memory).outcome == Outcome.SUBMITTED
    peer.process()
    assert follow(peer, place, picture, memory).outcome == Outcome.CONFIRMED


@pytest.mark.parametrize("slot", ["offer", "offer-6"])
def test_places_of_which_amazon_tells_nothing(peer: Amazon, pictures: PictureHost, slot: str) -> None:
    peer.add("ONE")
    place, memory, picture = Place("ONE", slot=slot), Remembered(), pictures.picture(1)
    publish(peer, place, picture, memory)
    assert follow(peer, place, picture, memory).outcome == Outcome.SUBMITTED
    hours_later(memory, 1)
    done = follow(peer, place, picture, memory)
    assert (done.outcome, "does not tell" in done.note) == (Outcome.CONFIRMED, True)
    name = "main_offer_image_locator" if slot == "offer" else "other_offer_image_locator_5"
    assert peer.locator("ONE", name) == picture.url


def test_two_stores_in_one_call_and_confirmed_when_both_show_it(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("TWO", stores=(DE, FR))
    stores, place, memory, picture = "amazon.de, amazon.fr", Place("TWO"), Remembered(), pictures.picture(1)
    publish(peer, place, picture, memory, stores)
    assert len(patched(peer)) == 1
    assert [each["marketplace_id"] for each in patched(peer)[0].body["patches"][0]["value"]] == [DE, FR]
    french = peer.waiting.pop()
    peer.process()
    half_way = follow(peer, place, picture, memory, stores)
    assert (half_way.outcome, "amazon.fr" in half_way.note) == (Outcome.SUBMITTED, True)
    assert "amazon.de" not in half_way.note
    peer.waiting = [french]
    peer.process()
    assert follow(peer, place, picture, memory, stores).outcome == Outcome.CONFIRMED


def test_only_the_stores_that_have_the_listing_are_written_to(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("GERMAN", stores=(DE,))
    publish(peer, Place("GERMAN"), pictures.picture(1), Remembered(), "amazon.fr, amazon.de")
    assert patched(peer)[0].query["marketplaceIds"] == DE


def test_a_crash_after_the_first_of_two_calls_sends_only_the_second(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("TWO", stores=(DE, FR))
    memory, picture = Remembered(), pictures.picture(1)
    publish(peer, Place("TWO"), picture, memory, "amazon.de, amazon.fr")
    again = publish(peer, Place("TWO"), picture, memory, "amazon.de, amazon.fr")
    assert (again.outcome, len(patched(peer))) == (Outcome.SUBMITTED, 1)


def test_what_is_asked_for_again_after_days_is_sent_again(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    place, memory, picture = Place("ONE"), Remembered(), pictures.picture(1)
    publish(peer, place, picture, memory)
    hours_later(memory, 80)
    publish(peer, place, replace(picture, url=pictures.picture(1, key="later").url), memory)
    publish(peer, place, picture, memory)
    assert [call.body["patches"][0]["value"][0]["media_location"] for call in patched(peer)] == [
        picture.url, f"{pictures.address}/i/Picture1Tokenlater.jpg"
    ]  # fmt: skip


def test_a_dry_run_asks_amazon_and_changes_nothing(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    before, picture = json.dumps(peer.listings), pictures.picture(1)
    assert PUBLISHER.preview(keys(peer), Place("ONE"), picture).outcome == Outcome.CONFIRMED
    assert patched(peer)[0].query["mode"] == "VALIDATION_PREVIEW"
    peer.refuses = {"code": "1", "message": "No.", "severity": "ERROR", "categories": []}
    refused = PUBLISHER.preview(keys(peer), Place("ONE"), picture)
    assert (refused.outcome, refused.issues[0].detail) == (Outcome.REJECTED, "No.")
    assert json.dumps(peer.listings) == before
    assert peer.waiting == []


def test_the_answers_of_amazons_sandbox(peer: Amazon, pictures: PictureHost) -> None:
    answers = [
        each["response"] for each in amazon_model.pairs()
        if each["operationId"] == "patchListingsItem" and each["status"] == "200"
    ]  # fmt: skip
    listing = next(
        each["response"] for each in amazon_model.pairs()
        if each["operationId"] == "getListingsItem" and each["status"] == "200"
    )  # fmt: skip
    found = []
    for answer in answers:
        peer.faults = [Said(200, json.dumps(each).encode()) for each in (listing, answer)]
        sent = PUBLISHER.publish(
            keys(peer, "amazon.com"), Place("GM-ZDPI-9B4E"), pictures.picture(1), BEFORE, Remembered()
        )
        found.append((sent.outcome, [issue.code for issue in sent.issues]))
    assert found == [(Outcome.SUBMITTED, []), (Outcome.SUBMITTED, []), (Outcome.REJECTED, ["90000900"])]


def test_taken_back_before_amazon_has_shown_it(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    account, place, memory, picture = keys(peer), Place("ONE"), Remembered(), pictures.picture(1)
    before = PUBLISHER.shown(account, place)
    assert before.image is not None
    data = peer.pictures[before.image.url]
    kept = replace(picture, key="old", url=before.image.url, read=lambda: data)
    publish(peer, place, picture, memory)
    assert PUBLISHER.restore(account, place, before, kept, memory).outcome == Outcome.SUBMITTED
    assert PUBLISHER.restore(account, place, before, kept, memory).outcome == Outcome.SUBMITTED
    assert len(patched(peer)) == 2
    hours_later(memory, 7, "restore")
    assert PUBLISHER.restore(account, place, before, kept, memory).outcome == Outcome.CONFIRMED


def test_without_a_public_address_nothing_is_sent(peer: Amazon, pictures: PictureHost, settings: Settings) -> None:
    peer.add("ONE")
    picture = replace(pictures.picture(1), url="")
    with pytest.raises(MarketplaceError) as refused:
        publish(peer, Place("ONE"), picture, Remembered())
    assert (refused.value.code, refused.value.permanent) == ("no_public_address", True)
    assert patched(peer) == []
    settings.BASE_URL, settings.OUTBOUND_ALLOWED_HOSTS = "http://10.0.0.7:8000", []
    can = PUBLISHER.capabilities(keys(peer))
    assert (can.pulls, "BASE_URL" in can.why_not) == (False, True)
    settings.BASE_URL = "https://images.example.com"
    can = PUBLISHER.capabilities(keys(peer))
    assert (can.pulls, can.why_not, "image/webp" in can.media_types) == (True, "", False)
