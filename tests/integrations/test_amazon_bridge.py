"""Bridges to Amazon: the contracts of all marketplaces and publishers, and what else answers at such an address."""

from __future__ import annotations

import html
import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from integrations.base import Account, MarketplaceError
from integrations.publishing import Outcome, Place
from integrations.registry import find
from tests.integrations.contract_suite import MarketplaceContract
from tests.integrations.publishing_contract import PublishingContract, Remembered
from tests.support.amazon_bridge import TOKEN, Bridge, Call, bridge
from tests.support.amazon_peer import encoded_anew
from tests.support.picture_host import PictureHost
from tests.support.serving import Said
from tests.support.woocommerce_peer import broken_off, half, page, throttled

KIND = find("amazon-bridge")
FAULTS = {
    "throttled": throttled(),
    "error": page(500),
    "half": half(),
    "broken off": broken_off(),
}


@pytest.fixture
def peer(settings: Settings) -> Iterator[Bridge]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with bridge() as running:
        yield running


def keys(peer: Bridge, token: str = TOKEN) -> Account:
    return KIND.account(peer.address, {"token": token})


class OfBridge:
    key = "amazon-bridge"
    transient = tuple(FAULTS)

    def account(self, peer: Bridge) -> Account:
        return keys(peer)

    def fill(self, peer: Bridge, count: int) -> None:
        for number in range(1, count + 1):
            peer.add(f"SKU-{number:03}", images=2)

    def remove(self, peer: Bridge, remote_id: str) -> None:
        del peer.items[remote_id]

    def fail(self, peer: Bridge, how: str) -> None:
        peer.faults.append(FAULTS[how])


class TestAmazonBridge(OfBridge, MarketplaceContract):
    has_variants = False

    def wrong(self, peer: Bridge) -> Account:
        return keys(peer, "another-token-1234")


class TestAmazonBridgePublishing(OfBridge, PublishingContract):
    keeps_texts = False

    def product(self, peer: Bridge) -> str:
        return "SKU-001"

    def variant(self, peer: Bridge) -> str:
        return ""

    def customers_see(self, peer: Bridge, place: Place) -> bytes | None:
        url = peer.items[place.product]["images"].get(place.position)
        return peer.pictures[url] if url else None

    def texts(self, peer: Bridge, place: Place) -> tuple[str, str]:
        return "", ""

    def everything_else(self, peer: Bridge, place: Place) -> Any:
        rows = json.loads(json.dumps(peer.items))
        rows[place.product]["images"].pop(str(place.position), None)
        return rows

    def somebody_puts(self, peer: Bridge, place: Place, data: bytes) -> None:
        peer.items[place.product]["images"][place.position] = peer.picture(data)

    def lose_answer(self, peer: Bridge) -> None:
        def lost(call: Call) -> Said:
            said = peer.do(call)
            if call.method == "GET":
                peer.faults.insert(0, lost)
                return said
            return replace(said, cut=4)

        peer.faults.append(lost)

    def time_passes(self, peer: Bridge) -> None:
        peer.process()


@pytest.mark.parametrize(
    ("answer", "code", "field"),
    [
        (page(200), "not_a_bridge", "address"),
        (page(404), "not_a_bridge", "address"),
        (Said(200, b'{"hello": "world"}'), "not_a_bridge", "address"),
        (Said(200, b'{"items": ["SKU"], "cursor": null}'), "not_a_bridge", "address"),
        (Said(200, b'[]'), "not_a_bridge", "address"),
        (Said(403, b'{"message": "no"}'), "wrong_token", "token"),
        (Said(301, b"", {"Location": "https://www.example.com/"}), "moved", "address"),
    ],
    ids=["page", "not found", "other json", "strings", "list", "forbidden", "moved"],
)  # fmt: skip
def test_what_else_answers(peer: Bridge, answer: Said, code: str, field: str) -> None:
    peer.always = answer
    with pytest.raises(MarketplaceError) as refused:
        KIND.check(keys(peer))
    assert (refused.value.code, refused.value.field, refused.value.permanent) == (code, field, True)
    assert TOKEN not in refused.value.detail


def test_nobody_there_and_the_inside_of_the_network(peer: Bridge, settings: Settings) -> None:
    with pytest.raises(MarketplaceError) as gone:
        KIND.check(replace(keys(peer), address="http://localhost:9"))
    assert (gone.value.code, gone.value.permanent) == ("unreachable", False)
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with pytest.raises(MarketplaceError) as inside:
        KIND.check(keys(peer))
    assert inside.value.code == "address_refused"
    assert peer.calls == []


def test_the_check_only_reads(peer: Bridge) -> None:
    peer.page = 2
    for number in range(5):
        peer.add(f"S{number}")
    assert KIND.check(keys(peer)).products == 5
    assert {call.method for call in peer.calls} == {"GET"}


def test_cursors_that_lead_nowhere_end(peer: Bridge) -> None:
    peer.always = Said(200, b'{"items": [{"sku": "A"}], "cursor": "same"}')
    first = KIND.catalog(keys(peer), since=None, cursor="")
    assert first.cursor == "same"
    assert KIND.catalog(keys(peer), since=None, cursor="same").cursor is None
    peer.always = Said(200, b'{"items": [], "cursor": "more"}')
    assert KIND.catalog(keys(peer), since=None, cursor="").cursor is None


def test_odd_values_of_a_home_made_service(peer: Bridge) -> None:
    images = [
        {"position": "0", "url": "x"},
        {"position": 1, "url": "https://e.x/1.jpg"},
        {"position": 99, "url": "https://e.x/2.jpg"},
        {"position": True, "url": "y"},
        "https://e.x/3.jpg",
    ]
    item = {"sku": 42, "title": None, "images": images}
    peer.always = Said(200, json.dumps({"items": [item]}).encode())
    found = KIND.catalog(keys(peer), since=None, cursor="").products[0]
    assert (found.remote_id, found.title, found.handle) == ("42", "42", "")
    assert [(image.remote_id, image.position) for image in found.images] == [("PT01", 1)]


def test_a_bridge_that_filters_by_sku_is_not_walked_and_one_that_does_not_is(peer: Bridge) -> None:
    peer.page = 2
    for number in range(9):
        peer.add(f"S{number}", images=0)
    assert KIND.one(keys(peer), "S8")
    assert len(peer.calls) == 1
    peer.filters = False
    assert KIND.one(keys(peer), "S8")
    assert len(peer.calls) == 1 + 5


def test_only_what_the_contract_says_is_sent(peer: Bridge, pictures: PictureHost) -> None:
    peer.add("ONE")
    picture, memory, place = pictures.picture(1), Remembered(), Place("ONE", slot="3")
    before = KIND.publisher.shown(keys(peer), place)
    sent = KIND.publisher.publish(keys(peer), place, picture, before, memory)
    assert sent.outcome == Outcome.SUBMITTED
    key = memory["publish key"]
    assert key.startswith(f"{picture.key}-")
    assert [call.body for call in peer.calls if call.method == "POST"] == [
        {"sku": "ONE", "position": 2, "imageUrl": picture.url, "idempotencyKey": key}
    ]


def test_refused_with_its_issues(peer: Bridge, pictures: PictureHost) -> None:
    peer.add("ONE")
    peer.refuses = [{"code": "18027", "message": "The image has text."}, {"severity": "WARNING"}, "plain words", 7]
    place = Place("ONE")
    before = KIND.publisher.shown(keys(peer), place)
    sent = KIND.publisher.publish(keys(peer), place, pictures.picture(1), before, Remembered())
    assert sent.outcome == Outcome.REJECTED
    assert [(issue.code, issue.severity) for issue in sent.issues] == [
        ("18027", "error"), ("bridge", "warning"), ("bridge", "error"), ("bridge", "error"),
    ]  # fmt: skip
    assert sent.issues[2].detail == "plain words"


@pytest.mark.parametrize("how", ["says so", "our address", "encoded anew"])
def test_confirmed_when_the_bridge_says_so_or_shows_it(peer: Bridge, pictures: PictureHost, how: str) -> None:
    peer.add("ONE")
    peer.follows, peer.rehosts = how == "says so", how == "encoded anew"
    picture, memory, place = pictures.picture(1), Remembered(), Place("ONE")
    KIND.publisher.publish(keys(peer), place, picture, KIND.publisher.shown(keys(peer), place), memory)
    assert KIND.publisher.follow(keys(peer), place, picture, memory).outcome == Outcome.SUBMITTED
    pictures.files[picture.url.removeprefix(pictures.address)] = encoded_anew(picture.read())
    peer.process()
    assert KIND.publisher.follow(keys(peer), place, picture, memory).outcome == Outcome.CONFIRMED
    assert len(peer.submissions) == 1


def test_what_is_asked_for_again_is_another_wish(peer: Bridge, pictures: PictureHost) -> None:
    peer.add("ONE")
    picture, place = pictures.picture(1), Place("ONE")
    before = KIND.publisher.shown(keys(peer), place)
    refused, later, crashed = Remembered(), Remembered(), Remembered()
    for memory in (refused, later, crashed, crashed):
        KIND.publisher.publish(keys(peer), place, picture, before, memory)
    assert len(peer.submissions) == 3
    later.values["publish at"] = str(time.time() - 80 * 3600)
    KIND.publisher.publish(keys(peer), place, picture, before, later)
    assert len(peer.submissions) == 4


def test_another_image_there_is_not_taken_for_ours(peer: Bridge, pictures: PictureHost) -> None:
    peer.add("ONE")
    picture, memory, place = pictures.picture(1), Remembered(), Place("ONE")
    KIND.publisher.publish(keys(peer), place, picture, KIND.publisher.shown(keys(peer), place), memory)
    peer.items["ONE"]["images"][0] = peer.picture(pictures.picture(2).read())
    assert KIND.publisher.follow(keys(peer), place, picture, memory).outcome == Outcome.SUBMITTED


def test_a_bridge_that_cannot_take_an_image_away_says_so(peer: Bridge, pictures: PictureHost) -> None:
    peer.add("ONE")
    peer.empties = False
    picture, memory, place = pictures.picture(1), Remembered(), Place("ONE", slot="2")
    before = KIND.publisher.shown(keys(peer), place)
    KIND.publisher.publish(keys(peer), place, picture, before, memory)
    peer.process()
    refused = KIND.publisher.restore(keys(peer), place, before, None, memory)
    assert (refused.outcome, refused.issues[0].detail) == (Outcome.REJECTED, "An image cannot be taken away here.")


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        (" bridge.example.com/ ", "https://bridge.example.com"),
        ("https://example.com/bridge/catalog?cursor=", "https://example.com/bridge"),
        ("https://example.com/bridge/publish", "https://example.com/bridge"),
    ],
)
def test_addresses_are_tidied(typed: str, tidy: str) -> None:
    account = KIND.account(typed, {"token": "a-token-of-a-bridge"})
    assert account.address == tidy
    assert KIND.account(account.address, account.credentials) == account
    assert KIND.masked(account) == "…idge"
    assert KIND.masked(replace(account, credentials={"token": "short"})) == "…"


def test_the_bridge_in_the_documentation_is_one(
    client: Client, tmp_path: Path, pictures: PictureHost, settings: Settings
) -> None:
    page = client.get("/docs/amazon/").content.decode()
    [shown] = re.findall(r"<code>(&quot;&quot;&quot;A bridge .*?)</code>", page, re.DOTALL)
    (tmp_path / "bridge.py").write_text(html.unescape(shown))
    rows = [{"sku": f"S{number}", "images": [{"position": 0, "url": "https://e.x/1.jpg"}]} for number in range(130)]
    (tmp_path / "listings.json").write_text(json.dumps(rows))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {"BRIDGE_TOKEN": TOKEN, "PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, "bridge.py"], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL
    ) as ran:
        try:
            _wait_for(port)
            account = KIND.account(f"http://localhost:{port}", {"token": TOKEN})
            assert KIND.check(account).products == 130
            assert KIND.existing(account, ["S1", "S129", "gone"]) == {"S1", "S129"}
            with pytest.raises(MarketplaceError) as refused:
                KIND.check(KIND.account(account.address, {"token": "another"}))
            assert refused.value.code == "wrong_token"
            place, memory, picture = Place("S129"), Remembered(), pictures.picture(1)
            before = KIND.publisher.shown(account, place)
            for _ in range(2):
                assert KIND.publisher.publish(account, place, picture, before, memory).outcome == Outcome.SUBMITTED
            with sqlite3.connect(tmp_path / "bridge.db") as sent:
                assert sent.execute("select key from sent").fetchall() == [(memory["publish key"],)]
        finally:
            ran.terminate()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "the bridge does not start"
            time.sleep(0.05)
        else:
            return
