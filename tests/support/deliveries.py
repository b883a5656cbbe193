"""Deliveries of a WooCommerce shop: worked on, and what became of them."""

from __future__ import annotations

from urllib.parse import urlsplit

from integrations.actions import subscriptions
from integrations.actions.inbound_work import work
from integrations.models import CatalogProduct, Connection, InboundDelivery, InboundHook


def work_all() -> None:
    for pk in InboundDelivery.unscoped.filter(status="waiting").order_by("-pk").values_list("pk", flat=True):
        work(pk)


def outcomes() -> list[str]:
    return list(InboundDelivery.unscoped.order_by("pk").values_list("outcome", flat=True))


def title(number: int) -> str | None:
    """Of the product in the catalog, None where it is not there."""
    return CatalogProduct.unscoped.filter(remote_id=str(number)).values_list("title", flat=True).first()


def address(row: Connection) -> str:
    """The path that the shop sends to."""
    return urlsplit(subscriptions.address(InboundHook.unscoped.get(connection=row))).path
