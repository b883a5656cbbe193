"""The webhooks of the WooCommerce peer, with the quirks of the real one (contracts/woocommerce/webhook*.json).

The ping is an unsigned form, delivery ids are made of the webhook and the second, nothing is sent again, redirects are
failures, and after more than five failures in a row a webhook is switched off.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

# (address, headers, body) → status
Deliver = Callable[[str, dict[str, str], bytes], int]
RESOURCES = ("coupon", "customer", "order", "product")
EVENTS = ("created", "updated", "deleted", "restored")


@dataclass
class Webhooks:
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[int, str] = field(default_factory=dict)
    failures: dict[int, int] = field(default_factory=dict)
    deliver: Deliver = lambda address, headers, body: 0
    made: int = 0

    def route(self, method: str, parts: list[str], query: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Status and JSON of a call below /webhooks."""
        if len(parts) == 1 and method == "GET":
            size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
            return 200, [self.rows[key] for key in sorted(self.rows, reverse=True)][(number - 1) * size : number * size]
        if len(parts) == 1 and method == "POST":
            return self._create(json.loads(body))
        row = self.rows.get(int(parts[1])) if len(parts) == 2 and parts[1].isdigit() else None
        if row is None:
            return 404, _error(404, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.")
        if method == "DELETE":
            if query.get("force") != "true":
                return 501, _error(501, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
            del self.rows[row["id"]]
        return 200, row

    def _create(self, wanted: dict[str, str]) -> tuple[int, Any]:
        resource, _, event = wanted.get("topic", "").partition(".")
        if resource not in RESOURCES or event not in EVENTS:
            said = "Webhook topic is required and must be valid."
            return 400, _error(400, "woocommerce_rest_shop_webhook_invalid_topic", said)
        if urlsplit(wanted.get("delivery_url", "")).scheme not in {"http", "https"}:
            said = "Webhook delivery URL must be a valid URL starting with http:// or https://."
            return 400, _error(400, "woocommerce_rest_shop_webhook_invalid_delivery_url", said)
        self.made += 1
        row: dict[str, Any] = {
            "id": self.made, "name": wanted.get("name", ""), "status": "active", "topic": wanted["topic"],
            "resource": resource, "event": event, "delivery_url": wanted["delivery_url"],
        }  # fmt: skip
        self.rows[self.made], self.secrets[self.made] = row, wanted.get("secret", "")
        form = {"User-Agent": "WooCommerce/9.9.5 Hookshot", "Content-Type": "application/x-www-form-urlencoded"}
        self.deliver(row["delivery_url"], form, f"webhook_id={self.made}".encode())
        return 201, row

    def emit(self, topic: str, product: dict[str, Any], *, second: int = 0) -> list[int]:
        """Something has happened to a product: every active webhook of the topic is told. The answers' statuses."""
        body = json.dumps({"id": product["id"]} if topic == "product.deleted" else product).encode()
        return [self.send(row, body, second) for row in list(self.rows.values()) if row["topic"] == topic]

    def send(self, row: dict[str, Any], body: bytes, second: int = 0, *, source: str = "http://shop") -> int:
        if row["status"] != "active":
            return 0
        digest = hmac.new(self.secrets[row["id"]].encode(), body, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "WooCommerce/9.9.5 Hookshot (WordPress/6.8.12)",
            "X-WC-Webhook-Source": source,
            "X-WC-Webhook-Topic": row["topic"],
            "X-WC-Webhook-Resource": row["resource"],
            "X-WC-Webhook-Event": row["event"],
            "X-WC-Webhook-Signature": base64.b64encode(digest).decode(),
            "X-WC-Webhook-ID": str(row["id"]),
            "X-WC-Webhook-Delivery-ID": hashlib.md5(f"{row['id']}{second}".encode()).hexdigest(),
        }
        status = self.deliver(row["delivery_url"], headers, body)
        failed = not 200 <= status < 300
        self.failures[row["id"]] = self.failures.get(row["id"], 0) + 1 if failed else 0
        if self.failures[row["id"]] > 5:
            row["status"] = "disabled"
        return status


def authorize(location: str, *, key: str, secret: str, permissions: str = "read_write") -> tuple[str, bytes, str]:
    """Somebody says yes at /wc-auth/v1/authorize: where the keys are sent, the body, and where the browser goes."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    assert urlsplit(location).path.endswith("/wc-auth/v1/authorize")
    assert query["scope"] in {"read", "write", "read_write"}
    assert query["app_name"]
    assert query["callback_url"].startswith("https://")  # the real one refuses anything else
    body = {
        "key_id": 7, "user_id": query["user_id"], "consumer_key": key, "consumer_secret": secret,
        "key_permissions": permissions,
    }  # fmt: skip
    back = query["return_url"]
    joined = "&" if "?" in back else "?"
    return query["callback_url"], json.dumps(body).encode(), f"{back}{joined}success=1&user_id={query['user_id']}"


def _error(status: int, code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "data": {"status": status}}
