"""Subscriptions of the Shopify peer, and deliveries signed as Shopify signs them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.support.shopify_answers import connection

SECRET = "shpss_" + "d4" * 16


@dataclass
class Subscriptions:
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuses: str = ""

    def root(self) -> dict[str, Any]:
        return {
            "webhookSubscriptions": lambda info, **page: connection(list(self.rows.values()), **page),
            "webhookSubscriptionCreate": self.create,
            "webhookSubscriptionDelete": self.delete,
        }

    def create(self, info: Any, topic: str, webhookSubscription: dict[str, Any]) -> dict[str, Any]:
        uri = webhookSubscription["uri"]
        if self.refuses or any(each["topic"] == topic and each["uri"] == uri for each in self.rows.values()):
            said = {"field": ["webhookSubscription"], "message": self.refuses or "Address for this topic is taken"}
            return {"webhookSubscription": None, "userErrors": [said]}
        row = {"id": f"gid://shopify/WebhookSubscription/{uuid.uuid4().int % 10**12}", "topic": topic, "uri": uri}
        self.rows[row["id"]] = row
        return {"webhookSubscription": row, "userErrors": []}

    def delete(self, info: Any, id: str) -> dict[str, Any]:
        found = self.rows.pop(id, None)
        errors = [] if found else [{"field": ["id"], "message": "Webhook subscription does not exist"}]
        return {"deletedWebhookSubscriptionId": id if found else None, "userErrors": errors}


def delivery(
    topic: str, body: object, *, secret: str = SECRET, key: str = "", shop: str = "a-shop.myshopify.com"
) -> tuple[bytes, dict[str, str]]:
    """Body and headers."""
    raw = json.dumps(body).encode()
    return raw, {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode(),
        "X-Shopify-Shop-Domain": shop,
        "X-Shopify-Webhook-Id": key or str(uuid.uuid4()),
        "X-Shopify-Event-Id": str(uuid.uuid4()),
        "X-Shopify-Triggered-At": "2026-11-20T10:11:12.123456789Z",
        "X-Shopify-API-Version": "2026-10",
    }
