"""Shopify: the contract of all marketplaces, a plain diagnosis for each refusal, catalogs small and large."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from integrations.actions.connection_settings import Wanted
from integrations.actions.connections import connect
from integrations.actions.sync import start
from integrations.base import Account, Exchange, MarketplaceError, RemoteProduct
from integrations.models import CatalogProduct, CatalogSync
from integrations.registry import find
from integrations.shopify import documents
from integrations.shopify.address import named_in, tidy
from tests.integrations.contract_suite import MarketplaceContract
from tests.support import shopify_peer as peers
from tests.support import shopify_schema
from tests.support.cast import Cast
from tests.support.shopify_peer import NARROW, TOKEN, Bucket, Said, Shop
from tests.support.shops import turns

SHOPIFY = find("shopify")


def keys(peer: Shop, token: str = TOKEN) -> Account:
    return SHOPIFY.account(peer.address, {"access_token": token})


FAULTS = {
    "throttled": peers.throttled(),
    "error": peers.page(502),
    "page": peers.page(200),
    "half": peers.half(),
    "broken off": peers.broken_off(),
    "their own": peers.errors("INTERNAL_SERVER_ERROR"),
}


class TestShopify(MarketplaceContract):
    key = "shopify"
    transient = tuple(FAULTS)

    def account(self, peer: Shop) -> Account:
        return keys(peer)

    def wrong(self, peer: Shop) -> Account:
        return keys(peer, "shpat_" + "0" * 32)

    def fill(self, peer: Shop, count: int) -> None:
        for number in range(1, count + 1):
            peer.held.add(number, images=2, variants=3 if number == 1 else 0)

    def remove(self, peer: Shop, remote_id: str) -> None:
        del peer.held.products[remote_id]

    def fail(self, peer: Shop, how: str) -> None:
        peer.faults.append(FAULTS[how])


def walked(account: Account, since: datetime | None = None) -> list[RemoteProduct]:
    found: list[RemoteProduct] = []
    cursor: str | None = ""
    while cursor is not None:
        read = SHOPIFY.catalog(account, since=since, cursor=cursor)
        found += read.products
        cursor = read.cursor
    return found


def diagnosis(account: Account) -> MarketplaceError:
    with pytest.raises(MarketplaceError) as refused:
        SHOPIFY.check(account)
    return refused.value


def test_every_document_is_one_that_shopify_understands_and_can_afford() -> None:
    found = {name: text for name, text in vars(documents).items() if name.isupper() and not name.startswith("_")}
    assert len(found) > 15
    for text in found.values():
        shopify_schema.checked(text)
        assert shopify_schema.cost(text) <= shopify_schema.MOST_COST
    for search in ("", "updated_at:>'2026-01-01T00:00:00Z'"):
        shopify_schema.checked(documents.bulk_products(search))


@pytest.mark.parametrize(
    ("answer", "code", "field"),
    [
        (Said(402, b"{}"), "frozen", "address"),
        (Said(403, b"{}"), "refused", "access_token"),
        (peers.page(404), "no_shop", "address"),
        (peers.errors("SHOP_INACTIVE"), "frozen", "address"),
        (peers.errors("ACCESS_DENIED", "Required access: `read_products`"), "missing_scope", "access_token"),
        (peers.page(301, Location="https://other-shop.myshopify.com/admin"), "moved", "address"),
    ],
)
def test_what_else_answers(peer: Shop, answer: Said, code: str, field: str) -> None:
    peer.always = answer
    found = diagnosis(keys(peer))
    assert (found.code, found.field, found.permanent) == (code, field, True)
    assert TOKEN not in f"{found.detail}{found.said}"
    if code == "moved":
        assert "other-shop.myshopify.com" in found.detail


def test_a_token_that_may_not_change_files_is_refused_at_once(peer: Shop) -> None:
    found = diagnosis(keys(peer, NARROW))
    assert (found.code, found.field) == ("missing_scope", "access_token")
    assert "lacks write_files" in found.detail


def test_nobody_there_and_the_inside_of_the_network(peer: Shop, settings: Settings) -> None:
    assert diagnosis(replace(keys(peer), address="http://localhost:9")).code == "unreachable"
    settings.OUTBOUND_ALLOWED_HOSTS = []
    assert diagnosis(keys(peer)).code == "own_domain"
    assert diagnosis(replace(keys(peer), address="http://127.0.0.1:9")).code == "address_refused"
    assert peer.calls == []


def test_a_token_is_sent_to_shopify_alone(peer: Shop) -> None:
    told: list[Exchange] = []
    found = diagnosis(replace(keys(peer), address="https://shop.invalid", after_call=told.append))
    assert (found.code, found.field) == ("own_domain", "address")
    assert [each.request for each in told] == ["GET https://shop.invalid/admin"]
    assert named_in("https://my-shop.myshopify.com/admin") == named_in("https://admin.shopify.com/store/my-shop")
    assert named_in("https://my-shop.myshopify.com.example.com/") == ""


def test_the_check_changes_nothing_and_tells_of_another_version(peer: Shop) -> None:
    peer.held.add(1)
    assert SHOPIFY.check(keys(peer)).notes == ()
    peer.version = "2027-01"
    (note,) = SHOPIFY.check(keys(peer)).notes
    assert "2027-01" in note
    assert peer.names() == ["Scopes", "Count"] * 2


def test_an_empty_bucket_is_waited_for_where_it_fills_soon(peer: Shop) -> None:
    peer.held.add(1)
    peer.bucket = Bucket(2000, 20_000, 0)
    assert SHOPIFY.check(keys(peer)).products == 1
    peer.bucket = Bucket(2000, 1, 0)
    with pytest.raises(MarketplaceError) as refused:
        SHOPIFY.catalog(keys(peer), since=None, cursor="page|")
    assert refused.value.code == "throttled"
    assert 100 < (refused.value.retry_after or 0) < 1000


def test_a_product_whole_with_many_images_and_variants(peer: Shop) -> None:
    peer.held.add(1, images=23, variants=27)
    (found,) = walked(keys(peer))
    assert [image.position for image in found.images] == list(range(23))
    assert len(found.variants) == 27
    assert found.variants[0].image is not None
    assert found.variants[0].image.remote_id == found.images[1].remote_id
    assert found.variants[1].image is None
    assert (found.variants[0].barcode, found.handle, found.status) == ("4000000001000", "product-1", "active")


def test_a_product_without_variants_of_its_own_carries_their_barcode(peer: Shop) -> None:
    peer.held.add(7)
    (found,) = walked(keys(peer))
    assert (found.variants, found.sku, found.barcode) == ((), "SKU-007", "4000000007000")


def test_videos_are_no_images_and_odd_values_do_no_harm(peer: Shop) -> None:
    product = peer.held.add(1, images=3, title="Mug\0 & Co")
    peer.held.files[product.media[0]].kind = "Video"
    peer.held.files[product.media[1]].alt = ""
    (found,) = walked(keys(peer))
    assert found.title == "Mug & Co"
    assert [image.remote_id for image in found.images] == product.media[1:]
    assert [image.position for image in found.images] == [0, 1]


def test_only_what_changed_is_read(peer: Shop) -> None:
    peer.held.add(1).updated_at = 1_700_000_000
    peer.held.add(2)
    found = walked(keys(peer), datetime.fromtimestamp(1_750_000_000, UTC))
    assert [each.remote_id for each in found] == ["gid://shopify/Product/2"]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_large_catalog_is_the_same_as_one_read_by_pages(peer: Shop, settings: Settings, ranges: bool) -> None:
    for number in range(1, 231):
        peer.held.add(number, images=2 if number < 5 else 1, variants=2 if number % 100 == 1 else 0)
    by_pages = walked(keys(peer))
    settings.SHOPIFY_BULK_FROM = 200
    peer.bulks.ranges = ranges
    peer.calls.clear()
    begun = SHOPIFY.catalog(keys(peer), since=None, cursor="")
    assert (begun.products, begun.total, begun.cursor, begun.wait > 0) == ((), 230, "bulk|1|0", True)
    waiting = SHOPIFY.catalog(keys(peer), since=None, cursor="bulk|1|0")
    assert (waiting.cursor, waiting.wait > 0) == ("bulk|1|0", True)
    first = SHOPIFY.catalog(keys(peer), since=None, cursor="bulk|1|0")
    assert len(first.products) == 100
    assert first.cursor
    rest = SHOPIFY.catalog(keys(peer), since=None, cursor=first.cursor)
    last = SHOPIFY.catalog(keys(peer), since=None, cursor=rest.cursor or "")
    assert (len(rest.products), len(last.products), last.cursor) == (100, 30, None)
    assert [*first.products, *rest.products, *last.products] == by_pages
    assert set(peer.names()) == {"Count", "Bulk", "BulkStatus"}


@pytest.mark.parametrize("how", ["busy", "FAILED", "CANCELED", "EXPIRED"])
def test_a_bulk_operation_that_comes_to_nothing_is_read_by_pages(peer: Shop, settings: Settings, how: str) -> None:
    for number in range(1, 13):
        peer.held.add(number)
    settings.SHOPIFY_BULK_FROM = 2
    if how == "busy":
        peer.bulks.busy = True
    else:
        peer.bulks.ends_as = how
    assert len(walked(keys(peer))) == 12


def test_half_a_file_is_tried_again_and_an_empty_one_is_the_end(peer: Shop, settings: Settings) -> None:
    settings.SHOPIFY_BULK_FROM = 1
    peer.held.add(1)
    peer.bulks.questions = 0
    peer.bulks.cut = 50
    with pytest.raises(MarketplaceError) as refused:
        walked(keys(peer))
    assert (refused.value.code, refused.value.permanent) == ("half_answer", False)
    peer.bulks.operations["gid://shopify/BulkOperation/1"].data = b""
    read = SHOPIFY.catalog(keys(peer), since=None, cursor="bulk|1|0")
    assert (read.products, read.cursor) == ((), None)


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        (" My-Shop ", "https://my-shop.myshopify.com"),
        ("my-shop.myshopify.com/admin", "https://my-shop.myshopify.com"),
        ("http://my-shop.myshopify.com", "https://my-shop.myshopify.com"),
        ("https://admin.shopify.com/store/my-shop/products?x=1", "https://my-shop.myshopify.com"),
        ("https://www.example.com/collections/all", "https://www.example.com"),
    ],
)
def test_addresses_are_tidied(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


@pytest.mark.django_db
def test_a_sync_of_a_large_shop_waits_for_the_file_and_reads_it_whole(
    cast: Cast, peer: Shop, settings: Settings
) -> None:
    settings.SHOPIFY_BULK_FROM = 100
    for number in range(1, 131):
        peer.held.add(number, variants=2 if number == 1 else 0)
    wanted = Wanted(name="", address=peer.address, credentials={"access_token": TOKEN}, calls_per_minute=6000)
    row = connect(cast.bob, marketplace="shopify", wanted=wanted)
    assert row.masked == "shpat_…a1a1"
    sync = turns(start(cast.bob, connection_id=row.pk))
    while sync.status == "queued":
        assert sync.not_before > timezone.now()
        assert sync.failures == 0
        CatalogSync.unscoped.filter(pk=sync.pk).update(not_before=timezone.now())
        turns(sync)
    assert (sync.status, sync.read, sync.total) == ("succeeded", 130, 130)
    first = CatalogProduct.unscoped.get(remote_id="gid://shopify/Product/1")
    assert (first.title, first.handle, first.variant_count) == ("Product 1", "product-1", 2)
    assert peer.names().count("Bulk") == 1
