"""What must be true of every marketplace. A marketplace's own test file inherits it and says how to reach its peer."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any

import pytest

from accounts.kit.errors import InvalidInput
from integrations import registry
from integrations.base import Account, Marketplace, MarketplaceError


class MarketplaceContract:
    """Named so that it is collected only through its heirs, `Test…`."""

    key: str
    # Faults of the peer, by what they must be reported as: (name, permanent).
    transient: tuple[str, ...]
    # Whether a product has variants there, or each of them is a product of its own.
    has_variants = True

    @property
    def marketplace(self) -> Marketplace:
        return registry.find(self.key)

    @abstractmethod
    def account(self, peer: Any) -> Account:
        """Good keys to the peer."""

    @abstractmethod
    def wrong(self, peer: Any) -> Account:
        """Keys that the peer does not know."""

    @abstractmethod
    def fill(self, peer: Any, count: int) -> None:
        """Gives the peer this many products, each with two images; the first has variants."""

    @abstractmethod
    def remove(self, peer: Any, remote_id: str) -> None: ...

    @abstractmethod
    def fail(self, peer: Any, how: str) -> None:
        """The peer's next call fails in this way."""

    def test_good_keys_pass_and_say_how_much_there_is(self, peer: Any) -> None:
        self.fill(peer, 3)
        assert self.marketplace.check(self.account(peer)).products == 3

    def test_wrong_keys_are_refused_for_good_and_named(self, peer: Any) -> None:
        with pytest.raises(MarketplaceError) as refused:
            self.marketplace.check(self.wrong(peer))
        assert refused.value.permanent
        assert refused.value.field in {each.name for each in self.marketplace.credentials}

    def test_nothing_secret_is_in_an_error_or_in_the_masked_account(self, peer: Any) -> None:
        account = self.wrong(peer)
        with pytest.raises(MarketplaceError) as refused:
            self.marketplace.check(account)
        shown = f"{refused.value.detail} {refused.value.said} {self.marketplace.masked(account)}"
        for each in self.marketplace.credentials:
            assert account.credentials.get(each.name, "-" * 40) not in shown

    def test_the_catalog_is_walked_whole_and_once(self, peer: Any) -> None:
        self.fill(peer, 205)
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            found = self.marketplace.catalog(self.account(peer), since=None, cursor=cursor)
            assert found.total in {205, None}
            seen += [product.remote_id for product in found.products]
            cursor = found.cursor
        assert len(seen) == len(set(seen)) == 205

    def test_a_product_brings_its_images_in_order_and_its_variants(self, peer: Any) -> None:
        self.fill(peer, 1)
        product = self.marketplace.catalog(self.account(peer), since=None, cursor="").products[0]
        assert product.title
        assert product.sku
        assert [image.position for image in product.images] == [0, 1]
        assert all(image.url.startswith("http") and image.remote_id for image in product.images)
        assert bool(product.variants) == self.has_variants
        assert all(variant.remote_id and variant.sku for variant in product.variants)

    def test_an_empty_shop_is_one_empty_page(self, peer: Any) -> None:
        found = self.marketplace.catalog(self.account(peer), since=None, cursor="")
        assert found.products == ()
        assert found.cursor is None

    def test_what_is_gone_is_known(self, peer: Any) -> None:
        self.fill(peer, 3)
        found = self.marketplace.catalog(self.account(peer), since=None, cursor="").products
        ids = [product.remote_id for product in found]
        self.remove(peer, ids[1])
        assert self.marketplace.existing(self.account(peer), ids) == {ids[0], ids[2]}

    def test_one_product_is_what_the_catalog_says_of_it(self, peer: Any) -> None:
        self.fill(peer, 3)
        found = self.marketplace.catalog(self.account(peer), since=None, cursor="").products
        for product in found:
            assert self.marketplace.one(self.account(peer), product.remote_id) == product
        self.remove(peer, found[1].remote_id)
        assert self.marketplace.one(self.account(peer), found[1].remote_id) is None
        for nonsense in ("999999", "../../", "nothing"):
            assert self.marketplace.one(self.account(peer), nonsense) is None

    def test_what_passes_by_itself_is_not_called_permanent(self, peer: Any) -> None:
        self.fill(peer, 1)
        for how in self.transient:
            self.fail(peer, how)
            with pytest.raises(MarketplaceError) as failed:
                self.marketplace.catalog(self.account(peer), since=None, cursor="")
            assert not failed.value.permanent, how
            assert self.marketplace.catalog(self.account(peer), since=None, cursor="").products

    def test_nonsense_in_the_form_is_refused_by_field_without_a_call(self, peer: Any) -> None:
        kind = self.marketplace
        empty = {each.name: "nonsense\0" for each in kind.credentials}
        for address in ("", "not an address", "http://10.0.0.1", "ftp://example.com", "https://user:pw@example.com"):
            with pytest.raises(InvalidInput) as refused:
                kind.account(address, empty)
            named = {error.field for error in refused.value.errors}
            assert named == {"address", *empty}, address

    def test_an_account_can_be_stored(self, peer: Any) -> None:
        account = self.account(peer)
        assert Account(**json.loads(json.dumps(
            {"address": account.address, "credentials": dict(account.credentials), "options": dict(account.options)}
        ))) == account  # fmt: skip
