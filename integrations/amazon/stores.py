"""Amazon's stores: their ids in the API, and the region whose endpoint serves them.

Ids and regions as in Amazon's guide “Marketplace IDs”, November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

REGIONS = {"na": "North and South America", "eu": "Europe, Middle East, Africa and India", "fe": "Far East"}


@dataclass(frozen=True, slots=True)
class Store:
    domain: str
    marketplace_id: str
    region: str


_TABLE = {
    "na": {
        "amazon.com": "ATVPDKIKX0DER",
        "amazon.ca": "A2EUQ1WTGCTBG2",
        "amazon.com.mx": "A1AM78C64UM0Y8",
        "amazon.com.br": "A2Q3Y263D00KWC",
    },
    "eu": {
        "amazon.co.uk": "A1F83G8C2ARO7P",
        "amazon.de": "A1PA6795UKMFR9",
        "amazon.fr": "A13V1IB3VIYZZH",
        "amazon.it": "APJ6JRA9NG5V4",
        "amazon.es": "A1RKKUPIHCS9HS",
        "amazon.nl": "A1805IZSGTT6HS",
        "amazon.com.be": "AMEN7PMS3EDWL",
        "amazon.ie": "A28R8C7NBKEWEA",
        "amazon.se": "A2NODRKZP88ZB9",
        "amazon.pl": "A1C3SOZRARQ6R3",
        "amazon.com.tr": "A33AVAJ2PDY3EV",
        "amazon.ae": "A2VIGQ35RCS4UG",
        "amazon.sa": "A17E79C6D8DWNP",
        "amazon.eg": "ARBP9OOSHTCHU",
        "amazon.co.za": "AE08WJ6YKNBMC",
        "amazon.in": "A21TJRUUN4KGV",
    },
    "fe": {
        "amazon.co.jp": "A1VC38T7YXB528",
        "amazon.com.au": "A39IBJ37TRP1C6",
        "amazon.sg": "A19VAU5U5O7RUS",
    },
}
STORES = tuple(Store(domain, each, region) for region, rows in _TABLE.items() for domain, each in rows.items())
_BY_NAME = {name: store for store in STORES for name in (store.domain, store.marketplace_id.lower())}
_SELLER = re.compile(r"A[A-Z0-9]{9,19}")


class NotAStore(ValueError):
    """One sentence on what was typed in place of stores of one region."""


def read(text: str) -> tuple[Store, ...]:
    """The stores named in what was typed (domains, addresses or marketplace ids, separated by commas or spaces), or in
    a connection's address. Raises NotAStore."""
    own = urlsplit(text.strip())
    if own.path == "/sp" and "seller" in parse_qs(own.query):
        text = f"{own.hostname or ''} {' '.join(parse_qs(own.query).get('also', []))}"
    found: dict[str, Store] = {}
    for word in re.split(r"[\s,;]+", text.strip()):
        store = _BY_NAME.get(_name(word))
        if store is None:
            raise NotAStore("Type the store that you sell in, such as amazon.de, or several: amazon.de, amazon.fr.")
        found[store.domain] = store
    stores = tuple(found.values())
    other = next((store for store in stores if store.region != stores[0].region), None)
    if other:
        raise NotAStore(
            f"{stores[0].domain} and {other.domain} are of different regions, which have keys of their own. Make a "
            "connection for each region."
        )
    return stores


def address(stores: Iterable[Store], seller: str) -> str:
    """The seller's page in the first store, which tells a connection from every other one."""
    first, *others = stores
    also = f"&also={','.join(store.domain for store in others)}" if others else ""
    return f"https://www.{first.domain}/sp?seller={seller}{also}"


def seller_in(text: str) -> str:
    """The seller id in a connection's address, or an empty string."""
    return "".join(parse_qs(urlsplit(text).query).get("seller", [])[:1])


def is_seller(text: str) -> bool:
    return _SELLER.fullmatch(text) is not None


def by_id(marketplace_id: str) -> Store | None:
    return _BY_NAME.get(marketplace_id.lower())


def _name(word: str) -> str:
    word = word.lower()
    if "://" in word:
        parts = urlsplit(word)
        word = parts.hostname or "" if parts.scheme == "https" and parts.username is None else ""
    return word.removeprefix("www.").removeprefix("sellercentral.").removesuffix("/")
