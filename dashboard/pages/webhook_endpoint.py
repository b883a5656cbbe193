"""One webhook endpoint: health, events, secret, test; disable, enable, delete."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import webhook_endpoints as actions
from accounts.actions.webhook_secrets import rotate_endpoint_secret
from accounts.kit.errors import InvalidInput
from accounts.queries import webhooks as queries
from dashboard.access import member
from dashboard.pages.webhooks import deliveries_context
from dashboard.reauthentication import confirmed
from dashboard.webhook_forms import EventsForm, RotateForm


@require_http_methods(["GET", "POST"])
@member(Permission.WEBHOOKS_WRITE)
def page(request: HttpRequest, actor: Actor, endpoint_id: uuid.UUID) -> HttpResponse:
    """The page, or with htmx its deliveries alone; a POST chooses events."""
    endpoint = queries.endpoint(actor, endpoint_id)
    if request.method == "GET":
        if request.headers.get("HX-Target") == "deliveries-list":
            context = deliveries_context(request, actor, to=str(endpoint.pk))
            return render(request, "pages/webhook_endpoint.html#list", context)
        return _page(request, actor, endpoint_id, EventsForm(initial={"events": endpoint.events}))
    form = EventsForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, endpoint_id, form, status=400)
    try:
        actions.set_events(actor, endpoint_id=endpoint_id, events=form.cleaned_data["events"])
    except InvalidInput as error:
        form.take(error)
        return _page(request, actor, endpoint_id, form, status=400)
    messages.success(request, gettext("Saved. From now on these events are sent."))
    return redirect("webhooks_endpoint", endpoint_id)


@require_POST
@member(Permission.WEBHOOKS_WRITE)
def test(request: HttpRequest, actor: Actor, endpoint_id: uuid.UUID) -> HttpResponse:
    delivery = actions.send_test(actor, endpoint_id=endpoint_id)
    return redirect("webhooks_delivery", delivery.pk)


@require_POST
@member(Permission.WEBHOOKS_WRITE)
@confirmed
def rotate(request: HttpRequest, actor: Actor, endpoint_id: uuid.UUID) -> HttpResponse:
    """Shows the new secret, this once, in its answer."""
    form = RotateForm(request.POST)
    endpoint = queries.endpoint(actor, endpoint_id)
    events = EventsForm(initial={"events": endpoint.events})
    if not form.is_valid():
        return _page(request, actor, endpoint_id, events, rotate=form, status=400)
    _, secret = rotate_endpoint_secret(actor, endpoint_id=endpoint_id, overlap_hours=form.cleaned_data["overlap"])
    return _page(request, actor, endpoint_id, events, secret=secret)


@require_POST
@member(Permission.WEBHOOKS_WRITE)
def disable(request: HttpRequest, actor: Actor, endpoint_id: uuid.UUID) -> HttpResponse:
    actions.disable_endpoint(actor, endpoint_id=endpoint_id)
    messages.success(request, gettext("The endpoint is disabled. Nothing is sent to it until it is enabled again."))
    return redirect("webhooks_endpoint", endpoint_id)


@require_POST
@member(Permission.WEBHOOKS_WRITE)
def enable(request: HttpRequest, actor: Actor, endpoint_id: uuid.UUID) -> HttpResponse:
    actions.enable_endpoint(actor, endpoint_id=endpoint_id)
    messages.success(request, gettext("The endpoint is enabled. Events are sent to it from now on."))
    return redirect("webhooks_endpoint", endpoint_id)


@require_POST
@member(Permission.WEBHOOKS_WRITE)
def delete(request: HttpRequest, actor: Actor, endpoint_id: uuid.UUID) -> HttpResponse:
    endpoint = actions.delete_endpoint(actor, endpoint_id=endpoint_id)
    messages.success(request, gettext("The endpoint {url} is deleted.").format(url=endpoint.url))
    return redirect("webhooks")


def _page(
    request: HttpRequest,
    actor: Actor,
    endpoint_id: uuid.UUID,
    form: EventsForm,
    *,
    rotate: RotateForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    endpoint = queries.endpoint(actor, endpoint_id)
    context: dict[str, Any] = deliveries_context(request, actor, to=str(endpoint.pk)) | {
        "endpoint": endpoint,
        "health": queries.health(actor, [endpoint])[endpoint.pk],
        "form": form,
        "rotate_form": rotate or RotateForm(),
        "secret": secret,
    }
    return render(request, "pages/webhook_endpoint.html", context, status=status)
