"""The catalog: products of every connected shop, searched and filtered."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.listing import asked, listing
from integrations.models import CatalogProduct, Publication
from integrations.models.catalog import FEW_IMAGES
from integrations.queries.catalog import products, statuses, with_main_images
from integrations.queries.connections import connections
from integrations.queries.published import is_still_there, main_images

PAGE_SIZE = 50
STATES = (
    ("none", "No image"),
    ("few", f"Fewer than {FEW_IMAGES} images"),
    ("ours", "Main image from here"),
    ("fail", "Main image breaks a rule"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`ours`: the publication that the main image came by, where it still is that image."""

    product: CatalogProduct
    image_id: int | None
    ours: Publication | None
    few: bool


@require_safe
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx its list alone."""
    wanted = asked(request, "q", "connection", "state", "status")
    found = products(
        actor,
        search=wanted["q"],
        connection=wanted["connection"],
        state=wanted["state"],
        status=wanted["status"],
    )
    shown = listing(request, with_main_images(found), size=PAGE_SIZE)
    context = {"listing": shown, "rows": _rows(actor, shown.rows), "wanted": wanted}
    if request.headers.get("HX-Target") == "catalog-list":
        return render(request, "pages/catalog.html#list", context)
    context |= {
        "any_product": bool(shown.rows) or products(actor).exists(),
        "connections": connections(actor),
        "states": STATES,
        "statuses": statuses(actor),
    }
    return render(request, "pages/catalog.html", context)


def _rows(actor: Actor, rows: list[CatalogProduct]) -> list[Row]:
    ours = main_images(actor, rows) if rows else {}
    found = []
    for product in rows:
        image = next(iter(product.main_images), None)  # type: ignore[attr-defined]
        publication = ours.get((product.connection_id, product.remote_id))
        if publication and (image is None or not is_still_there(publication, image.remote_id)):
            publication = None
        found.append(Row(product, image.pk if image else None, publication, 0 < product.image_count < FEW_IMAGES))
    return found
