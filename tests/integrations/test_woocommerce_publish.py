"""WooCommerce's publisher: the contract of all of them, both ways in, and what the real shop does wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.base import Account
from integrations.publishing import Place
from integrations.registry import find
from tests.integrations.publishing_contract import PublishingContract
from tests.support import woocommerce_peer as peers
from tests.support.certificate import certificate
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
    def peer(self, pictures: PictureHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
        tls, file = certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with shop(tls=tls) as running:
            yield running

    def account(self, peer: Shop) -> Account:
        keys = {"consumer_key": KEY, "consumer_secret": SECRET, "wp_user": USER, "wp_password": PASSWORD}
        return WOO.account(peer.address, keys)
