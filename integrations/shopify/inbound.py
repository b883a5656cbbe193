"""What Shopify's webhooks really do, and keeping ours alive.

A delivery is sent again for four hours, with the body it had at first. After eight failures in a row Shopify deletes
the subscription: so it is looked for regularly and made anew. Requests about personal data come to one address for all
shops, which the app's settings at Shopify name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from integrations.base import Account, Blame, MarketplaceError
from integrations.inbound import BadSignature, Change, Delivery, Inbound, Subscription, signed_by
from integrations.shopify import documents
from integrations.shopify.client import ask
from integrations.shopify.tokens import SECRET
from integrations.understood import understood

# What is asked for, by the word that comes with a delivery.
TOPICS = {
    "products/create": "PRODUCTS_CREATE",
    "products/update": "PRODUCTS_UPDATE",
    "products/delete": "PRODUCTS_DELETE",
    "app/uninstalled": "APP_UNINSTALLED",
}
PERSONAL = ("customers/data_request", "customers/redact", "shop/redact")
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")


class ShopifyInbound(Inbound):
    def authenticate(self, raw: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> Delivery:
        if not signed_by(raw, headers.get("x-shopify-hmac-sha256", ""), secrets):
            raise BadSignature
        topic = headers.get("x-shopify-topic", "")
        product = _product(raw) if topic.startswith("products/") else ""
        key = headers.get("x-shopify-webhook-id", "") or hashlib.sha256(topic.encode() + b"\0" + raw).hexdigest()
        return Delivery(
            topic or "unknown",
            _change(topic, product),
            key=key,
            remote_id=product,
            happened_at=_moment(headers.get("x-shopify-triggered-at", "")),
        )

    @understood
    def keep_subscribed(self, account: Account, address: str, secret: str) -> tuple[Subscription, ...]:
        if not self.secrets(account, secret):
            raise MarketplaceError(
                "no_secret",
                "Shopify signs what it tells with the app's API secret key. Type it under Change, and changes in the "
                "shop arrive within seconds; without it they are read at night.",
                blame=Blame.CREDENTIALS, permanent=True, field=SECRET,
            )  # fmt: skip
        good: set[str] = set()
        for row in _ours(account, address):
            if row["uri"] == address and row["topic"] in TOPICS.values() and row["topic"] not in good:
                good.add(row["topic"])
            else:
                _unsubscribe(account, row["id"])
        for topic in TOPICS.values():
            if topic not in good:
                _subscribe(account, topic, address)
        return tuple(Subscription(word, mended=topic not in good) for word, topic in TOPICS.items())

    @understood
    def unsubscribe(self, account: Account, address: str) -> None:
        for row in _ours(account, address):
            _unsubscribe(account, row["id"])

    def secrets(self, account: Account, own: str) -> tuple[str, ...]:
        """The app's: ours where the shop was connected by signing in, else the one that was typed with its token."""
        if account.credentials.get("refresh_token"):
            return self.app_secrets()
        typed = account.credentials.get(SECRET, "")
        return (typed,) if typed else ()

    def app_secrets(self) -> tuple[str, ...]:
        """For an hour after it was changed, Shopify goes on signing with the one before."""
        both = (settings.SHOPIFY_CLIENT_SECRET, settings.SHOPIFY_CLIENT_SECRET_BEFORE)
        return tuple(each for each in both if each)

    def shop(self, headers: Mapping[str, str]) -> str:
        domain = headers.get("x-shopify-shop-domain", "").lower()
        return f"https://{domain}" if _DOMAIN.fullmatch(domain) else ""


def _change(topic: str, product: str) -> Change:
    if topic in PERSONAL:
        return Change.PERSONAL_DATA
    if topic == "app/uninstalled":
        return Change.UNINSTALLED
    return Change.PRODUCT if topic in TOPICS and product else Change.NOTHING


def _subscribe(account: Account, topic: str, address: str) -> None:
    to: dict[str, Any] = {"uri": address, "format": "JSON"}
    if topic != "APP_UNINSTALLED":
        # The product is asked for anyway.
        to["includeFields"] = ["id", "updated_at"]
    answer = ask(account, documents.SUBSCRIBE, {"topic": topic, "to": to})["webhookSubscriptionCreate"]
    if answer["userErrors"]:
        said = str(answer["userErrors"][0]["message"])[:200]
        raise MarketplaceError(
            "not_subscribed", f"Shopify does not tell us of changes: {said}.", blame=Blame.SHOP, permanent=True,
            said=said,
        )  # fmt: skip


def _unsubscribe(account: Account, subscription: str) -> None:
    """One that is gone already is as good."""
    ask(account, documents.UNSUBSCRIBE, {"id": subscription})


def _ours(account: Account, address: str) -> list[dict[str, Any]]:
    """Those that are sent to this address, also under an earlier name of this installation."""
    path, found, after = urlsplit(address).path, list[dict[str, Any]](), None
    while True:
        page = ask(account, documents.SUBSCRIPTIONS, {"after": after})["webhookSubscriptions"]
        found += [row for row in page["nodes"] if urlsplit(str(row["uri"])).path == path]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        if after == page["pageInfo"]["endCursor"]:
            raise ValueError("a next page that is the same page")
        after = page["pageInfo"]["endCursor"]


def _product(raw: bytes) -> str:
    try:
        number = json.loads(raw)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    good = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 10**18
    return f"gid://shopify/Product/{number}" if good else ""


def _moment(text: str) -> datetime | None:
    """Shopify writes nanoseconds, of which Python reads six digits."""
    try:
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        return None
    return found if found.tzinfo else None
