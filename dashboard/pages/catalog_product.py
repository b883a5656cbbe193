"""A product of the catalog: every image and place of it and of its variants, and what was published there."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.listing import listing
from integrations import registry
from integrations.queries.able import able
from integrations.queries.product_page import found_product, product_page

PAGE_SIZE = 20


@require_safe
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor, product_id: uuid.UUID) -> HttpResponse:
    product = found_product(actor, product_id)
    takes = able(product.connection)
    found = product_page(actor, product_id, extra_slots=takes.extra_slots if takes else ())
    next_place = sum(slot.number is not None for slot in found.slots) + 1
    context = {
        "page": found,
        "product": found.product,
        "marketplace": registry.find(product.connection.marketplace).title,
        "next_slot": ("main" if next_place == 1 else str(next_place)) if _takes(takes, next_place) else "",
        "next_number": next_place,
        "why_not": takes.why_not if takes and not (takes.pulls or takes.pushes) else "",
        "variant_images": takes is None or takes.variant_images,
        "history": listing(request, found.history, size=PAGE_SIZE),
    }
    return render(request, "pages/catalog_product.html", context)


def _takes(takes: object, place: int) -> bool:
    return takes is None or place <= getattr(takes, "places", 0)
