"""Webhooks: endpoints with their health, the default secret, deliveries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.webhook_endpoints import create_endpoint
from accounts.actions.webhook_secrets import default_secret, rotate_default_secret
from accounts.kit.encryption import Undecipherable
from accounts.kit.errors import Conflict, InvalidInput
from accounts.kit.webhook_events import EVENTS
from accounts.models import OrganizationWebhookSecret, WebhookDelivery
from accounts.queries import webhooks as queries
from dashboard.access import member
from dashboard.listing import asked, listing
from dashboard.reauthentication import confirmed, recent
from dashboard.webhook_forms import EndpointForm, RotateForm

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@member(Permission.WEBHOOKS_WRITE)
@confirmed
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx its deliveries alone; a POST makes an endpoint and shows its secret, this once."""
    if request.method == "GET":
        if request.headers.get("HX-Target") == "deliveries-list":
            return render(request, "pages/webhooks.html#list", deliveries_context(request, actor))
        return _page(request, actor, EndpointForm(initial={"events": ["job.succeeded", "job.failed"]}))
    form = EndpointForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form, status=400)
    try:
        endpoint, secret = create_endpoint(actor, url=form.cleaned_data["url"], events=form.cleaned_data["events"])
    except InvalidInput as error:
        form.take(error)
        return _page(request, actor, form, status=400)
    except Conflict as error:
        form.add_error(None, error.detail)
        return _page(request, actor, form, status=409)
    return _page(request, actor, EndpointForm(), made={"endpoint": endpoint, "secret": secret})


@require_POST
@member(Permission.WEBHOOKS_WRITE)
@confirmed
def rotate_default(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = RotateForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Choose how long the old secret goes on."))
        return redirect("webhooks")
    rotate_default_secret(actor, overlap_hours=form.cleaned_data["overlap"])
    messages.success(request, gettext("The default secret is new. Copy it into the receivers of your jobs."))
    return redirect("webhooks")


def deliveries_context(request: HttpRequest, actor: Actor, *, to: str = "") -> dict[str, Any]:
    """The deliveries that the address asks for; of one endpoint where `to` names it."""
    wanted = asked(request, "status", "type", "endpoint", "q")
    found = queries.deliveries(
        actor,
        to=to or wanted["endpoint"],
        status=wanted["status"],
        event_type=wanted["type"],
        search=wanted["q"],
    )
    shown = listing(request, found, size=PAGE_SIZE)
    return {
        "listing": shown,
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "states": [(value, gettext(str(label))) for value, label in WebhookDelivery.Status.choices],
        "event_types": EVENTS,
        "list_url": request.path,
        "of_one": bool(to),
    }


def _page(
    request: HttpRequest,
    actor: Actor,
    form: EndpointForm,
    *,
    made: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    endpoints = list(queries.endpoints(actor))
    health = queries.health(actor, endpoints)
    secret = default_secret(actor)
    context = deliveries_context(request, actor) | {
        "form": form,
        "made": made,
        "endpoints": [{"row": endpoint, "health": health[endpoint.pk]} for endpoint in endpoints],
        "default_secret": _readable(secret) if recent(request) else "",
        "ask_for_secret": not recent(request),
        "default": secret,
        "rotate_form": RotateForm(auto_id="id_default_%s"),
    }
    return render(request, "pages/webhooks.html", context, status=status)


def _readable(row: OrganizationWebhookSecret) -> str:
    """Empty when FIELD_ENCRYPTION_KEYS has lost its key: a new one can still be made."""
    try:
        return row.secrets_in_use()[0]
    except Undecipherable:
        return ""
