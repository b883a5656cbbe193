"""Publications and their tries as a worker leaves them, without the shop in between."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.access.actor import Actor
from integrations.actions.publish import Wanted, publish
from integrations.models import CatalogProduct, Publication, PublicationAttempt
from processing.models import Asset

EXCHANGE = {"request": "PUT /products/1 images=2", "status": 200, "answer": '{"id": 1}', "milliseconds": 120}
SHOWN: dict[str, Any] = {
    "image": {"remote_id": "100", "position": 0, "url": "https://shop.example.com/1-0.jpg", "alt": "", "name": ""},
    "gallery": [],
    "shared_with": None,
}


def publication_of(actor: Actor, product: CatalogProduct, image: Asset, **other: Any) -> Publication:
    """`other`: fields of the row; `slot` and `variant` are asked for."""
    slot, variant = other.pop("slot", "main"), other.pop("variant", "")
    row = publish(actor, wanted=Wanted(image.pk, product.connection_id, product.remote_id, variant, slot))
    ended = other.get("status") in {"confirmed", "rejected", "failed", "reverted"}
    fields = ({"before": SHOWN, "finished_at": timezone.now()} if ended else {}) | other
    Publication.unscoped.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def try_of(row: Publication, **other: Any) -> PublicationAttempt:
    fields: dict[str, Any] = {
        "task": "publish", "number": row.attempts.count() + 1, "outcome": row.status, "exchanges": [EXCHANGE],
        "milliseconds": 130, "actor": row.created_by, "api_key": row.api_key,
    }  # fmt: skip
    return PublicationAttempt.unscoped.create(organization_id=row.organization_id, publication=row, **(fields | other))
