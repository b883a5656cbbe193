"""Integrations: the connected shops with their state, and connecting another one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.connection_forms import ConnectionForm
from dashboard.listing import listing
from dashboard.publication_words import STATES, run_state
from dashboard.publish_activity import Activity, ActivityRow, activity_of
from dashboard.reauthentication import confirmed
from dashboard.sign_in_form import SignInForm
from integrations import registry
from integrations.actions import connections as actions
from integrations.base import Checked, Marketplace, MarketplaceError
from integrations.queries import catalog
from integrations.queries import connections as queries
from integrations.queries.publications import attempts, runs
from integrations.reachability import base_url_is_public, base_url_is_secure, in_words
from integrations.shopify import install
from processing.queries.library import library_images

_PREVIEW = 10
_OUTPUTS = 8
_RUNS = 5
_EVENTS = 20


@require_safe
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the activity alone."""
    activity = activity_of(request, actor)
    shown = listing(request, activity.rows, size=_EVENTS)
    context = {
        "activity": activity,
        "listing": shown,
        "events": [ActivityRow(each) for each in shown.rows],
    }
    if request.headers.get("HX-Target") == "activity-list":
        return render(request, "parts/publications/activity.html", context)
    return render(request, "pages/integrations.html", context | _around(request, actor, activity))


def _around(request: HttpRequest, actor: Actor, activity: Activity) -> dict[str, Any]:
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
    may_see = actor.may(Permission.PUBLISH_WRITE) and actor.may(Permission.IMAGES_READ)
    outputs = list(library_images(actor).defer("report").order_by("-pk")[:_OUTPUTS]) if may_see else []
    return {
        "connections": found,
        "marketplaces": registry.MARKETPLACES.values(),
        "products": catalog.with_main_images(catalog.products(actor)).order_by("-pk")[:_PREVIEW],
        "outputs": outputs,
        "runs": [{"run": run, "state": run_state(run)} for run in runs(actor)[:_RUNS]],
        "states": STATES,
        "any_event": attempts(actor).exists(),
        "csv_url": activity.address("publish_activity_csv"),
    }


@require_safe
@member(Permission.PUBLISH_WRITE)
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What can be connected."""
    return render(request, "pages/integrations_choose.html", {"marketplaces": registry.MARKETPLACES.values()})


@require_http_methods(["GET", "POST"])
@member(Permission.PUBLISH_WRITE)
@confirmed
def connect(request: HttpRequest, actor: Actor, marketplace: str) -> HttpResponse:
    """The form; a POST connects, or with `test` only tries what was typed and keeps nothing."""
    kind = registry.find(marketplace)
    if request.method == "GET":
        return _form(request, actor, kind, ConnectionForm(actor, kind))
    form = ConnectionForm(actor, kind, request.POST)
    if not form.is_valid():
        return _form(request, actor, kind, form, status=400)
    try:
        if "test" in request.POST:
            tried = actions.try_out(actor, marketplace=kind.key, wanted=form.wanted())
            return _form(request, actor, kind, form, tried=tried)
        row = actions.connect(actor, marketplace=kind.key, wanted=form.wanted())
    except (InvalidInput, Conflict, MarketplaceError) as error:
        form.take(error)
        return _form(request, actor, kind, form, status=409 if isinstance(error, Conflict) else 400)
    messages.success(request, gettext("{name} is connected.").format(name=row.name))
    return redirect("integration", row.pk)


def _form(
    request: HttpRequest,
    actor: Actor,
    kind: Marketplace,
    form: ConnectionForm,
    *,
    tried: Checked | None = None,
    status: int = 200,
) -> HttpResponse:
    context = connect_context(actor, kind, form) | {"tried": tried}
    return render(request, "pages/integrations_connect.html", context, status=status)


def connect_context(
    actor: Actor, kind: Marketplace, form: ConnectionForm, sign_in: SignInForm | None = None
) -> dict[str, object]:
    """What the connect page shows: both forms, or the sentence why one of them is not offered."""
    offered = kind.hand_over is not None and base_url_is_secure()
    return {
        "kind": kind,
        "form": form,
        "sign_in": (sign_in or SignInForm(actor, kind)) if offered else None,
        "sign_in_url": reverse("shopify_install") if kind.key == "shopify" and install.offered() else "",
        "hands_over": kind.hand_over is not None,
        "reachable": base_url_is_public(),
        "reachable_words": in_words(only_fetches=kind.only_fetches),
    }
