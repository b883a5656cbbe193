"""Shops that answer something else than their interface promises: read, or refused by name, and never a defect."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from integrations.actions.catalog_rows import Reading, store
from integrations.base import Account, Exchange, MarketplaceError, RemoteProduct
from integrations.models import CatalogSync, Connection
from integrations.registry import find
from tests.support import shopify_peer, woocommerce_peer
from tests.support.amazon_settings import keys, pointed
from tests.support.cast import Cast
from tests.support.catalog import stocked
from tests.support.fuzzing import changed, changes, efforts, search
from tests.support.serving import Said

pytestmark = pytest.mark.django_db


@dataclass
class Peer:
    """`say`: what it answers from now on. `answers`: good ones of each call, to be changed."""

    account: Account
    say: Callable[[bytes], None]
    calls: dict[str, Callable[[Account], object]]
    answers: dict[str, list[Any]]


def _recorded(peer: Peer) -> Peer:
    for name, call in peer.calls.items():
        heard: list[Exchange] = []
        call(replace(peer.account, after_call=heard.append))
        peer.answers[name] = [json.loads(each.answer) for each in heard]
        assert peer.answers[name], name
    return peer


def _calls(marketplace: str, product: str) -> dict[str, Callable[[Account], object]]:
    kind = find(marketplace)
    calls: dict[str, Callable[[Account], object]] = {
        "check": kind.check,
        "catalog": lambda account: kind.catalog(account, since=None, cursor=""),
        "one": lambda account: kind.one(account, product),
        "existing": lambda account: kind.existing(account, [product]),
    }
    if kind.inbound:
        inbound, address = kind.inbound, "https://images.example.com/hooks/x/y/"
        calls["subscribe"] = lambda account: inbound.keep_subscribed(account, address, "a-secret-of-ours")
    return calls


@pytest.fixture
def peers(settings: Settings) -> Iterator[list[Peer]]:
    with ExitStack() as stack:
        amazon = stack.enter_context(pointed(settings))
        woo = stack.enter_context(woocommerce_peer.shop())
        shopify = stack.enter_context(shopify_peer.shop())
        woo.add(1)
        shopify.held.add(1)
        amazon.add("ONE")
        woo_keys = {"consumer_key": woocommerce_peer.KEY, "consumer_secret": woocommerce_peer.SECRET}
        shopify_keys = {"access_token": shopify_peer.TOKEN, "api_secret": "shpss_" + "d4" * 16}

        def woo_says(body: bytes) -> None:
            woo.always = Said(200, body)

        def shopify_says(body: bytes) -> None:
            shopify.always = shopify_peer.Said(200, body)

        sellers = itertools.count()

        def amazon_says(body: bytes) -> None:
            # Another seller each time: the usage plan of one would have to be waited for.
            amazon.seller = f"A{next(sellers):012}Z"
            amazon.faults = [Said(200, body)] * 6

        yield [
            _recorded(Peer(find("woocommerce").account(woo.address, woo_keys), woo_says,
                           _calls("woocommerce", "1"), {})),
            _recorded(Peer(find("shopify").account(shopify.address, shopify_keys), shopify_says,
                           _calls("shopify", "gid://shopify/Product/1"), {})),
            _recorded(Peer(keys(amazon), amazon_says, _calls("amazon", "ONE"), {})),
        ]  # fmt: skip
        amazon.wrong.clear()


@efforts
def test_answers_of_another_form(cast: Cast, peers: list[Peer], effort: str) -> None:
    stocked(cast.alice)
    sync = CatalogSync.unscoped.get()

    def holds(example: tuple[int, int, int, list[Any]]) -> None:
        which, call, answer, changes = example
        peer = peers[which % len(peers)]
        name = sorted(peer.calls)[call % len(peer.calls)]
        good = peer.answers[name][answer % len(peer.answers[name])]
        for change in changes:
            good = changed(good, *change)
        body = json.dumps(good).encode()
        peer.say(body)
        account = peer.account
        if "seller_id" in account.credentials:
            account = replace(account, credentials={**account.credentials, "seller_id": f"A{hash(body) % 10**12:012}"})
        try:
            found = peer.calls[name](account)
        except MarketplaceError as refused:
            assert refused.detail
            return
        if name not in {"catalog", "one"}:
            return
        products = [found] if isinstance(found, RemoteProduct) else list(getattr(found, "products", []))
        if products:
            with transaction.atomic():
                store(Reading.of(sync), [each for each in products if isinstance(each, RemoteProduct)])
                transaction.set_rollback(True)

    given = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), changes)
    assert search(given, holds, effort=effort, few=60) >= 10
    assert Connection.unscoped.count() == 1
