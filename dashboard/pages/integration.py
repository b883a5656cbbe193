"""One connected shop: state, test, change, disconnect."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.connection_forms import ConnectionForm
from dashboard.pages.integration_replaced import replaced
from dashboard.reauthentication import confirmed
from integrations import registry
from integrations.actions import connections as actions
from integrations.actions.pace import quiet_ends
from integrations.actions.sync import start
from integrations.base import MarketplaceError
from integrations.models import Connection
from integrations.queries import connections as queries
from integrations.queries import inbound
from integrations.queries.catalog import latest_sync
from integrations.reachability import base_url_is_public, in_words

_DELIVERIES = 8


@require_http_methods(["GET", "POST"])
@member(Permission.CATALOG_READ)
@confirmed
def page(request: HttpRequest, actor: Actor, connection_id: uuid.UUID) -> HttpResponse:
    """The page; a POST saves name, sharing, times, pace and new keys, which are tried first."""
    row = queries.connection(actor, connection_id)
    kind = registry.find(row.marketplace)
    if request.method == "GET":
        return _page(request, actor, row, ConnectionForm(actor, kind, row=row))
    actor.require(Permission.PUBLISH_WRITE)
    form = ConnectionForm(actor, kind, request.POST, row=row)
    if not form.is_valid():
        return _page(request, actor, row, form, status=400)
    try:
        actions.change(actor, connection_id=connection_id, wanted=form.wanted())
    except (InvalidInput, MarketplaceError) as error:
        form.take(error)
        return _page(request, actor, row, form, status=400)
    messages.success(request, gettext("Saved."))
    return redirect("integration", connection_id)


@require_POST
@member(Permission.PUBLISH_WRITE)
def test(request: HttpRequest, actor: Actor, connection_id: uuid.UUID) -> HttpResponse:
    """Asks the shop now; a permanent refusal then stands on the page with what to do."""
    try:
        checked = actions.test(actor, connection_id=connection_id)
    except MarketplaceError as error:
        # What stays stands on the page itself, with what to do.
        messages.error(request, gettext("The test failed.") if error.permanent else error.detail)
    else:
        words = ngettext(
            "The connection works. The shop has {products:,} product.",
            "The connection works. The shop has {products:,} products.",
            checked.products,
        )
        messages.success(request, words.format(products=checked.products))
    return redirect("integration", connection_id)


@require_POST
@member(Permission.PUBLISH_WRITE)
def disconnect(request: HttpRequest, actor: Actor, connection_id: uuid.UUID) -> HttpResponse:
    row = actions.disconnect(actor, connection_id=connection_id)
    messages.success(request, gettext("{name} is disconnected and its keys are forgotten.").format(name=row.name))
    return redirect("integrations")


@require_POST
@member(Permission.PUBLISH_WRITE)
def sync(request: HttpRequest, actor: Actor, connection_id: uuid.UUID) -> HttpResponse:
    """Reads what has changed; with `everything` the whole catalog."""
    try:
        start(actor, connection_id=connection_id, everything="everything" in request.POST)
    except Conflict as error:
        messages.error(request, error.detail)
    return redirect("integration", connection_id)


@require_safe
@member(Permission.CATALOG_READ)
def progress(request: HttpRequest, actor: Actor, connection_id: uuid.UUID) -> HttpResponse:
    """For htmx: how far the newest sync is."""
    row = queries.connection(actor, connection_id)
    return render(request, "parts/integrations/sync.html", {"row": row, "sync": latest_sync(actor, row)})


def _page(
    request: HttpRequest, actor: Actor, row: Connection, form: ConnectionForm, *, status: int = 200
) -> HttpResponse:
    kind = registry.find(row.marketplace)
    context = {
        "row": row,
        "kind": kind,
        "changeable": queries.may_change(actor, row),
        "form": form,
        "sync": latest_sync(actor, row),
        "hook": inbound.hook(actor, row),
        "deliveries": inbound.deliveries(actor, row)[:_DELIVERIES],
        "reachable": base_url_is_public(),
        "reachable_words": in_words(only_fetches=kind.only_fetches),
        "quiet_ends": quiet_ends(row, timezone.now()),
        "zone": actor.organization.time_zone,
        "replaced": replaced(request, actor, row),
    }
    return render(request, "pages/integration.html", context, status=status)
