"""The catalog: products of every connected shop, searched and filtered."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.paging import COUNT_UP_TO, count
from dashboard.access import member
from dashboard.listing import asked, headings, listing, sorted_listing
from integrations.models import CatalogProduct, ImageVerdict, Publication
from integrations.models.catalog import FEW_IMAGES
from integrations.queries.catalog import order_of, products, statuses, with_main_images
from integrations.queries.connections import connections
from integrations.queries.image_verdicts import main_verdicts
from integrations.queries.published import is_still_there, main_images

PAGE_SIZE = 50
STATES = (
    ("none", gettext_lazy("No image")),
    ("few", format_lazy(gettext_lazy("Fewer than {number} images"), number=FEW_IMAGES)),
    ("breaks", gettext_lazy("An image breaks a rule")),
    ("warns", gettext_lazy("An image has warnings")),
    ("passes", gettext_lazy("Every image passes")),
    ("unchecked", gettext_lazy("Not all images checked")),
    ("ours", gettext_lazy("Main image from here")),
    ("fail", gettext_lazy("Published from here against a rule")),
)
_COLUMNS = {
    "title": gettext_noop("Product"),
    "sku": "SKU",
    "images": gettext_noop("Images"),
    "read": gettext_noop("Read"),
}
_SORTS = (
    ("title", gettext_lazy("Product, A to Z")),
    ("-title", gettext_lazy("Product, Z to A")),
    ("sku", gettext_lazy("SKU, A to Z")),
    ("-sku", gettext_lazy("SKU, Z to A")),
    ("images", gettext_lazy("Fewest images first")),
    ("-images", gettext_lazy("Most images first")),
    ("read", gettext_lazy("Read longest ago first")),
    ("-read", gettext_lazy("Read last first")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`ours`: the publication that the main image came by, where it still is that image. `main`: what is known of the
    main image otherwise."""

    product: CatalogProduct
    image_id: int | None
    ours: Publication | None
    few: bool
    main: ImageVerdict | None


@require_safe
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx its list alone."""
    wanted = asked(request, "q", "connection", "state", "status", "sort")
    found = products(
        actor,
        search=wanted["q"],
        connection=wanted["connection"],
        state=wanted["state"],
        status=wanted["status"],
    )
    counted = count(found) if wanted["q"] else None
    order = order_of(wanted["sort"], matches=counted)
    with_images = with_main_images(found)
    shown = (
        sorted_listing(request, with_images, order, size=PAGE_SIZE, counted=counted)
        if order
        else listing(request, with_images, size=PAGE_SIZE, counted=counted)
    )
    context = {
        "listing": shown,
        "rows": _rows(actor, shown.rows),
        "wanted": wanted,
        "headings": headings(
            request, {name: gettext(words) for name, words in _COLUMNS.items()}, wanted["sort"] if order else ""
        ),
        "unsorted_from": COUNT_UP_TO if wanted["sort"] and not order else None,
        "here": request.get_full_path(),
    }
    if request.headers.get("HX-Target") == "catalog-list":
        return render(request, "pages/catalog.html#list", context)
    context |= {
        "any_product": bool(shown.rows) or products(actor).exists(),
        "connections": connections(actor),
        "states": STATES,
        "sorts": _SORTS,
        "statuses": statuses(actor),
    }
    return render(request, "pages/catalog.html", context)


def _rows(actor: Actor, rows: list[CatalogProduct]) -> list[Row]:
    ours = main_images(actor, rows) if rows else {}
    verdicts = main_verdicts(actor, rows) if rows else {}
    found = []
    for product in rows:
        image = next(iter(product.main_images), None)  # type: ignore[attr-defined]
        publication = ours.get((product.connection_id, product.remote_id))
        if publication and (image is None or not is_still_there(publication, image.remote_id)):
            publication = None
        few = 0 < product.image_count < FEW_IMAGES
        found.append(Row(product, image.pk if image else None, publication, few, verdicts.get(product.pk)))
    return found
