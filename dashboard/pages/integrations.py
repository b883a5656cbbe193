"""Integrations: the connected shops with their state, and connecting another one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.connection_forms import ConnectionForm
from integrations import registry
from integrations.actions import connections as actions
from integrations.base import Checked, Marketplace, MarketplaceError
from integrations.queries import catalog
from integrations.queries import connections as queries

_PREVIEW = 10


@require_safe
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    rows = list(queries.connections(actor))
    syncs = catalog.latest_syncs(actor, rows)
    found = [
        {
            "row": row,
            "kind": registry.find(row.marketplace),
            "mine": row.maker == actor.user,
            "sync": syncs.get(row.pk),
        }
        for row in rows
    ]
    context = {
        "connections": found,
        "marketplaces": registry.MARKETPLACES.values(),
        "products": catalog.products(actor).order_by("-pk")[:_PREVIEW],
    }
    return render(request, "pages/integrations.html", context)


@require_http_methods(["GET", "POST"])
@member(Permission.PUBLISH_WRITE)
def connect(request: HttpRequest, actor: Actor, marketplace: str) -> HttpResponse:
    """The form; a POST connects, or with `test` only tries what was typed and keeps nothing."""
    kind = registry.find(marketplace)
    if request.method == "GET":
        return _form(request, kind, ConnectionForm(kind))
    form = ConnectionForm(kind, request.POST)
    if not form.is_valid():
        return _form(request, kind, form, status=400)
    try:
        if "test" in request.POST:
            tried = actions.try_out(actor, marketplace=kind.key, wanted=form.wanted())
            return _form(request, kind, form, tried=tried)
        row = actions.connect(actor, marketplace=kind.key, wanted=form.wanted())
    except (InvalidInput, Conflict, MarketplaceError) as error:
        form.take(error)
        return _form(request, kind, form, status=409 if isinstance(error, Conflict) else 400)
    messages.success(request, f"{row.name} is connected.")
    return redirect("integration", row.pk)


def _form(
    request: HttpRequest, kind: Marketplace, form: ConnectionForm, *, tried: Checked | None = None, status: int = 200
) -> HttpResponse:
    context = {"kind": kind, "form": form, "tried": tried}
    return render(request, "pages/integrations_connect.html", context, status=status)
