"""What every marketplace offers. One folder beside this file is one marketplace; the same tests run against each."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

if TYPE_CHECKING:
    from integrations.hand_over import HandOver
    from integrations.inbound import Inbound
    from integrations.publishing import Publisher


class Blame(StrEnum):
    """Who can mend it."""

    CREDENTIALS = "credentials"  # whoever typed the keys or the address
    SHOP = "shop"  # whoever runs the shop
    NETWORK = "network"  # nobody in particular; often over by itself
    US = "us"  # whoever runs this installation


class MarketplaceError(Exception):
    """A shop that refused or could not be asked. `detail`: what is wrong and what to do, for a person.

    `permanent`: the same call will not work by itself. `retry_after`: seconds, where the shop has named them.
    `field`: the field of the connect form that it is about, or an empty string. `said`: the shop's own words.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        blame: Blame,
        permanent: bool,
        field: str = "",
        retry_after: int | None = None,
        said: str = "",
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.blame = blame
        self.permanent = permanent
        self.field = field
        self.retry_after = retry_after
        self.said = said


@dataclass(frozen=True, slots=True)
class Credential:
    """A field of the connect form. `where`: where a person finds it, one sentence. `optional`: may stay empty."""

    name: str
    label: str
    where: str
    secret: bool = True
    placeholder: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call to a shop, as a log may show it: no secret in it. `status`: None where no answer came."""

    request: str
    status: int | None
    answer: str
    milliseconds: int


# What is shorter is a name or a number, not a secret.
_SHORTEST_SECRET = 12


@dataclass(frozen=True, slots=True)
class Account:
    """A shop and the keys to it. `options`: what the check has found out about how to talk to it.

    `before_call` is called before each call to the shop: it may wait, so that the pace is kept. `after_call` is told
    of each exchange, for the log of a publication. `renew`: for keys that change by themselves: one at a
    time it hands the stored credentials to a function, stores what that returns, and returns it too.
    """

    address: str
    credentials: Mapping[str, str] = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    before_call: Callable[[], None] | None = field(default=None, compare=False, repr=False)
    after_call: Callable[[Exchange], None] | None = field(default=None, compare=False, repr=False)
    renew: Callable[[Callable[[Mapping[str, str]], Mapping[str, str]]], Mapping[str, str]] | None = field(
        default=None, compare=False, repr=False
    )

    def hide(self, text: str, *more: str) -> str:
        """The text without the credentials, and without `more`, such as a token for an hour: a shop may repeat what it
        was sent, in an error before all."""
        for value in (*self.credentials.values(), *more):
            if len(value) >= _SHORTEST_SECRET:
                for written in (value, quote_plus(value), json.dumps(value)[1:-1]):
                    text = text.replace(written, "••••••")
        return text


@dataclass(frozen=True, slots=True)
class Checked:
    """A connection that works, reading and writing. `notes`: sentences that its owner should know."""

    products: int
    options: Mapping[str, str]
    notes: tuple[str, ...] = ()


def _texts(*values: object) -> None:
    """What a shop has sent is text that a database takes. Raises TypeError, ValueError."""
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{type(value).__name__} where text belongs")
        if "\0" in value:
            raise ValueError("NUL in a text")


@dataclass(frozen=True, slots=True)
class RemoteImage:
    """`position`: 0 is the main image. `remote_id`: the marketplace's own."""

    remote_id: str
    position: int
    url: str
    alt: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        _texts(self.remote_id, self.url, self.alt, self.name)


@dataclass(frozen=True, slots=True)
class RemoteVariant:
    remote_id: str
    title: str
    sku: str
    position: int
    image: RemoteImage | None = None
    barcode: str = ""

    def __post_init__(self) -> None:
        _texts(self.remote_id, self.title, self.sku, self.barcode)


@dataclass(frozen=True, slots=True)
class RemoteProduct:
    """`status`: in the marketplace's own words, such as publish or draft. `handle`: its short name, slug or ASIN."""

    remote_id: str
    title: str
    sku: str
    status: str
    url: str
    images: tuple[RemoteImage, ...] = ()
    variants: tuple[RemoteVariant, ...] = ()
    barcode: str = ""
    handle: str = ""

    def __post_init__(self) -> None:
        _texts(self.remote_id, self.title, self.sku, self.status, self.url, self.barcode, self.handle)


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """`cursor`: where the next page begins, None after the last. `total`: products in all, where it is told.

    `wait`: seconds until the next page is worth asking for, where the shop prepares it. `as_of`: when the shop
    wrote the page down, where that was before it was asked for: what was told of since is newer.
    """

    products: tuple[RemoteProduct, ...]
    cursor: str | None
    total: int | None
    wait: int = 0
    as_of: datetime | None = None


class Marketplace(ABC):
    """One kind of shop. Stateless: what belongs to a connection comes with each call.

    Every call that reaches the shop raises MarketplaceError, and nothing else, for what goes wrong there.
    """

    key: str
    title: str
    needed: str  # to connect, one sentence
    # Its page of the documentation.
    guide: str = "shops"
    address_label: str
    address_help: str
    address_placeholder: str = "https://"
    credentials: tuple[Credential, ...]
    # Calls a minute to one shop, unless its connection says otherwise.
    pace: int = 240
    # How its shops tell us what changed; None where they do not.
    inbound: Inbound | None = None
    # How its shops hand their keys over by themselves; None where they are typed.
    hand_over: HandOver | None = None
    # How images get into it, and whose image rules it has (processing/compliance/profiles): its own key's where empty.
    publisher: Publisher
    image_rules: str = ""
    # Whether it takes images by their address alone, so that BASE_URL must be public to publish anything.
    only_fetches: bool = False

    @abstractmethod
    def account(self, address: str, credentials: Mapping[str, str]) -> Account:
        """What was typed, tidied. Raises InvalidInput that names each wrong field; nothing is connected."""

    def name_of(self, account: Account) -> str:
        """What its connection is called where nobody has given it a name."""
        return account.address.partition("://")[2]

    @abstractmethod
    def masked(self, account: Account) -> str:
        """The account as tables and logs may show it."""

    @abstractmethod
    def check(self, account: Account) -> Checked:
        """Whether products can be read and written. Changes nothing in the shop."""

    @abstractmethod
    def catalog(self, account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
        """A page of the products, or of those changed after `since`; an empty cursor is the beginning.

        A product that comes twice is the same product.
        """

    @abstractmethod
    def one(self, account: Account, remote_id: str) -> RemoteProduct | None:
        """A product as the catalog has it, asked for now; None where the shop does not have it (any more)."""

    @abstractmethod
    def existing(self, account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
        """Which of these products, 100 at most, the shop still has."""
