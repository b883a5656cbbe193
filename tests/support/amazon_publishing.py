"""Publishing to Amazon, and following it, without the rows around it."""

from __future__ import annotations

import time

from integrations.publishing import Memory, Picture, Place, Publisher, Sent
from integrations.registry import find
from tests.integrations.publishing_contract import Remembered
from tests.support.amazon_peer import Amazon, Call
from tests.support.amazon_settings import keys

MAIN = "main_product_image_locator"
PUBLISHER: Publisher = find("amazon").publisher


def attribute(place: Place) -> str:
    return f"other_product_image_locator_{place.position}" if place.position else MAIN


def publish(peer: Amazon, place: Place, picture: Picture, memory: Memory, stores: str = "amazon.de") -> Sent:
    account = keys(peer, stores)
    return PUBLISHER.publish(account, place, picture, PUBLISHER.shown(account, place), memory)


def follow(peer: Amazon, place: Place, picture: Picture, memory: Memory, stores: str = "amazon.de") -> Sent:
    return PUBLISHER.follow(keys(peer, stores), place, picture, memory)


def hours_later(memory: Remembered, hours: float, plan: str = "publish") -> None:
    memory.values[f"{plan} at"] = str(time.time() - hours * 3600)


def patched(peer: Amazon) -> list[Call]:
    return [call for call in peer.calls if call.method == "PATCH"]
