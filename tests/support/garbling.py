"""Shops whose answers are spoilt on the way while an image is brought to them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pytest
from pytest_django.fixtures import Settings

from integrations.amazon import likeness
from integrations.base import Account
from integrations.registry import find
from tests.support import amazon_bridge, shopify_peer, woocommerce_peer
from tests.support.amazon_peer import DE
from tests.support.amazon_settings import keys, pointed
from tests.support.photos import product_photo
from tests.support.serving import Said

_Said = TypeVar("_Said", Said, shopify_peer.Said)
_EMPTY = Said(200, b"{}")


@dataclass
class Mouth:
    """`spoil` is given the number of an answer since the last `hush`, its status and its body, and returns what is
    said in its place; None: every answer is whole. `idle`: whether nothing is done for the call of that number."""

    spoil: Callable[[int, int, bytes], tuple[int, bytes]] | None = None
    idle: Callable[[int], bool] = lambda number: False
    said: int = 0

    def hush(self) -> None:
        self.spoil, self.idle, self.said = None, lambda number: False, 0

    def through(self, whole: Callable[[], _Said], empty: _Said) -> _Said:
        if self.spoil is None:
            return whole()
        number, self.said = self.said, self.said + 1
        said = empty if self.idle(number) else whole()
        if "json" not in said.headers.get("Content-Type", ""):
            return said
        status, body = self.spoil(number, said.status, said.body)
        return replace(said, status=status, body=body)


@dataclass
class Spoilt:
    """A shop. `add` makes another product with two images and returns its id; `shows`: whether customers see the
    picture there. `recorded`: whole answers of the real marketplace, as its documentation or itself gave them."""

    marketplace: str
    account: Callable[[], Account]
    add: Callable[[], str]
    shows: Callable[[str, bytes], bool]
    mouth: Mouth
    recorded: list[bytes]
    time_passes: Callable[[], None] = lambda: None
    secrets: list[str] = field(init=False)

    def __post_init__(self) -> None:
        names = ("secret", "token", "password")
        self.secrets = [
            text for name, text in self.account().credentials.items() if any(each in name for each in names)
        ]


@contextmanager
def spoilt_shops(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Spoilt]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(each)
            for each in (
                _woocommerce(monkeypatch),
                _shopify(monkeypatch),
                _amazon(settings, monkeypatch),
                _bridge(monkeypatch),
            )
        ]


@contextmanager
def _woocommerce(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoilt]:
    mouth = Mouth()
    with woocommerce_peer.shop() as shop:
        whole = shop.answer
        monkeypatch.setattr(shop, "answer", lambda call, key: mouth.through(lambda: whole(call, key), _EMPTY))
        credentials = {"consumer_key": woocommerce_peer.KEY, "consumer_secret": woocommerce_peer.SECRET}

        def add() -> str:
            number = len(shop.products) + 1
            shop.add(number, images=2)
            return str(number)

        def shows(product: str, data: bytes) -> bool:
            return any(shop.images.files[each["id"]].data() == data for each in shop.products[int(product)]["images"])

        account = find("woocommerce").account(shop.address, credentials)
        answers = [
            woocommerce_peer.recorded(each.stem).body for each in sorted(woocommerce_peer.CONTRACTS.glob("*.json"))
        ]
        yield Spoilt("woocommerce", lambda: account, add, shows, mouth, answers)


@contextmanager
def _shopify(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoilt]:
    mouth = Mouth()
    with shopify_peer.shop() as shop:
        whole = shop.ask

        def ask(body: bytes, token: str) -> shopify_peer.Said:
            def said() -> shopify_peer.Said:
                found = whole(body, token)
                assert found
                return found

            return mouth.through(said, shopify_peer.Said(200, b"{}"))

        monkeypatch.setattr(shop, "ask", ask)

        def add() -> str:
            made = shop.held.add(len(shop.held.products) + 1, images=2)
            for seed, media in enumerate(made.media):
                shop.held.files[media].data = product_photo(100 + seed, size=(40, 30))
            return made.id

        def shows(product: str, data: bytes) -> bool:
            return any(shop.held.files[each].data == data for each in shop.held.products[product].media)

        account = find("shopify").account(shop.address, {"access_token": shopify_peer.TOKEN})
        answers = [shopify_peer.errors(code).body for code in ("ACCESS_DENIED", "THROTTLED", "INTERNAL_SERVER_ERROR")]
        yield Spoilt("shopify", lambda: account, add, shows, mouth, answers)


@contextmanager
def _amazon(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoilt]:
    mouth = Mouth()
    pairs = json.loads((woocommerce_peer.CONTRACTS.parent / "amazon" / "sandbox_pairs.json").read_text())
    with pointed(settings) as amazon:
        whole = amazon.answer
        monkeypatch.setattr(amazon, "answer", lambda *asked: mouth.through(lambda: whole(*asked), _EMPTY))
        sellers = itertools.count(1)

        def add() -> str:
            # Another seller each time: the usage plan of one would have to be waited for.
            amazon.seller = f"A{next(sellers):011}Y"
            sku = f"A-{len(amazon.listings)}"
            amazon.add(sku, images=2)
            return sku

        def shows(product: str, data: bytes) -> bool:
            mark, row = likeness.fingerprint(data), amazon.listings[product]
            return any(likeness.same(mark, amazon.pictures[url]) for url in row["live"].values())

        answers = [json.dumps(each["response"]).replace("ATVPDKIKX0DER", DE).encode() for each in pairs]
        yield Spoilt("amazon", lambda: keys(amazon), add, shows, mouth, answers, amazon.process)


@contextmanager
def _bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoilt]:
    mouth = Mouth()
    with amazon_bridge.bridge() as bridge:
        whole = bridge.answer
        monkeypatch.setattr(bridge, "answer", lambda *asked: mouth.through(lambda: whole(*asked), _EMPTY))

        def add() -> str:
            sku = f"B-{len(bridge.items)}"
            bridge.add(sku, images=2)
            return sku

        def shows(product: str, data: bytes) -> bool:
            mark = likeness.fingerprint(data)
            return any(likeness.same(mark, bridge.pictures[url]) for url in bridge.items[product]["images"].values())

        account = find("amazon-bridge").account(bridge.address, {"token": amazon_bridge.TOKEN})
        answers = [b'{"message": "Unknown token"}', b'{"status": "accepted", "issues": []}']
        yield Spoilt("amazon-bridge", lambda: account, add, shows, mouth, answers, bridge.process)


def echo(secret: str) -> Any:
    """What a shop says that repeats what it was sent, in the form of an error of each kind of shop."""
    words = f"Bad key {secret} given"
    return {"code": words, "message": words, "errors": [{"message": words, "code": words}], "error_description": words,
            "status": words, "issues": [{"code": words, "message": words, "severity": "ERROR"}]}  # fmt: skip
