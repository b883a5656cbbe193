"""The catalog: products of every connected shop, searched and filtered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.listing import asked, listing
from integrations.queries.catalog import products
from integrations.queries.connections import connections

PAGE_SIZE = 50


@require_safe
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx its list alone."""
    wanted = asked(request, "q", "connection")
    found = products(actor, search=wanted["q"], connection=wanted["connection"])
    context = {"listing": listing(request, found, size=PAGE_SIZE), "wanted": wanted}
    if request.headers.get("HX-Target") == "catalog-list":
        return render(request, "pages/catalog.html#list", context)
    context |= {"any_product": products(actor).exists(), "connections": connections(actor)}
    return render(request, "pages/catalog.html", context)
