"""What WooCommerce's webhooks really do, and keeping ours alive.

They are not sent again after a failure, and five failures in a row switch a webhook off: so it is looked at regularly
and made anew. `X-WC-Webhook-Delivery-ID` is made of the webhook and the second: several deliveries share it, and only
together with the body it tells one from another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from integrations.base import Account, Blame, MarketplaceError
from integrations.inbound import BadSignature, Change, Delivery, Inbound, Subscription, signed_by
from integrations.understood import understood
from integrations.woocommerce import client

TOPICS = ("product.created", "product.updated", "product.deleted", "product.restored")
_PING = re.compile(rb"webhook_id=\d{1,20}")
_PAGE = 100
_MOST_PAGES = 10


class WooCommerceInbound(Inbound):
    def authenticate(self, raw: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> Delivery:
        signature = headers.get("x-wc-webhook-signature", "")
        if not signature and _PING.fullmatch(raw):
            # Sent when a webhook is made, as a form and unsigned.
            return Delivery("ping", Change.NOTHING, key="")
        if not signed_by(raw, signature, secrets):
            raise BadSignature
        topic = headers.get("x-wc-webhook-topic", "")
        names = (headers.get("x-wc-webhook-id", ""), headers.get("x-wc-webhook-delivery-id", ""))
        key = hashlib.sha256("\0".join(names).encode() + b"\0" + raw).hexdigest()
        remote_id = _product(raw)
        change = Change.PRODUCT if topic in TOPICS and remote_id else Change.NOTHING
        return Delivery(topic or "unknown", change, key=key, remote_id=remote_id)

    @understood
    def keep_subscribed(self, account: Account, address: str, secret: str) -> tuple[Subscription, ...]:
        good: dict[str, bool] = {}
        for row in _ours(account, address):
            topic = str(row.get("topic"))
            if topic in TOPICS and topic not in good and _alive(row, address):
                good[topic] = True
            else:
                _delete(account, row)
        for topic in TOPICS:
            if topic not in good:
                # Made anew and not switched on again: its count of failures would stay, and the next one switch it off.
                body = {"name": f"Packshot {topic}", "topic": topic, "delivery_url": address, "secret": secret}
                client.call(account, "POST", "webhooks", body={**body, "status": "active"})
        return tuple(Subscription(topic, mended=topic not in good) for topic in TOPICS)

    @understood
    def unsubscribe(self, account: Account, address: str) -> None:
        for row in _ours(account, address):
            _delete(account, row)


def _alive(row: Mapping[str, Any], address: str) -> bool:
    return row.get("status") == "active" and row.get("delivery_url") == address


def _ours(account: Account, address: str) -> list[dict[str, Any]]:
    """Those that are sent to this address, also under an earlier name of this installation."""
    found: list[dict[str, Any]] = []
    for number in range(1, _MOST_PAGES + 1):
        query = {"per_page": str(_PAGE), "page": str(number), "status": "all"}
        rows = client.call(account, "GET", "webhooks", query).body
        if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
            raise MarketplaceError(
                "unexpected", "The shop's answer is not a list of webhooks. A plugin may have changed it.",
                blame=Blame.SHOP, permanent=True,
            )  # fmt: skip
        path = urlsplit(address).path
        found += [row for row in rows if urlsplit(str(row.get("delivery_url", ""))).path == path]
        if len(rows) < _PAGE:
            break
    return found


def _delete(account: Account, row: Mapping[str, Any]) -> None:
    try:
        client.call(account, "DELETE", f"webhooks/{int(row['id'])}", {"force": "true"})
    except MarketplaceError as error:
        if error.code != "woocommerce_rest_shop_webhook_invalid_id":
            raise


def _product(raw: bytes) -> str:
    """The number of the product that it is about; a variation's change comes with its product's body."""
    try:
        number = json.loads(raw)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return str(number) if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 10**18 else ""
