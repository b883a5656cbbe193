"""Connecting by signing in at the shop: going there, the keys that come from it, and coming back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput, NotFound, PackshotError
from dashboard.access import everyone, member
from dashboard.api.body_stream import CountedBody
from dashboard.api.errors import BodyTooLarge
from dashboard.connection_forms import ConnectionForm
from dashboard.pages.integrations import connect_context
from dashboard.reauthentication import confirmed
from dashboard.session import request_id
from dashboard.sign_in_form import SignInForm
from integrations import registry
from integrations.actions import sign_in as actions
from integrations.base import MarketplaceError


@require_POST
@member(Permission.PUBLISH_WRITE)
@confirmed
def begin(request: HttpRequest, actor: Actor, marketplace: str) -> HttpResponse:
    """A page with the link to the shop: a form may not lead to another site by itself (form-action)."""
    kind = registry.find(marketplace)
    if kind.hand_over is None:
        raise NotFound(gettext("There is no such page."))
    form = SignInForm(actor, kind, request.POST)
    if form.is_valid():
        try:
            begun = actions.begin(actor, marketplace=kind.key, wanted=form.wanted())
        except (InvalidInput, Conflict) as error:
            form.take(error)
        else:
            context = {"kind": kind, "row": begun.row, "where": begun.where}
            return render(request, "pages/integrations_sign_in.html", context)
    context = connect_context(actor, kind, ConnectionForm(actor, kind), form)
    return render(request, "pages/integrations_connect.html", context, status=400)


@csrf_exempt
@require_POST
@everyone
def keys(request: HttpRequest, marketplace: str) -> HttpResponse:
    """From the shop's server. Anything but 200 makes WooCommerce take its key back."""
    try:
        raw = CountedBody(request, limit=actions.MOST_BYTES).read_all()
        actions.take(marketplace=marketplace, raw=raw, request_id=request_id(request))
    except NotFound:
        return _said(404, "There is no such sign-in.")
    except BodyTooLarge:
        return _said(413, "The body is too large.")
    except (PackshotError, MarketplaceError):
        return _said(400, "The keys do not work.")
    return _said(200, "Thank you.")


@require_safe
@member(Permission.PUBLISH_WRITE)
def returned(request: HttpRequest, actor: Actor, marketplace: str) -> HttpResponse:
    """The person's browser, back from the shop."""
    row = actions.outcome(actor, state=request.GET.get("user_id", ""))
    if row.connection is not None:
        messages.success(request, gettext("{name} is connected.").format(name=row.connection.name))
        return redirect("integration", row.connection.pk)
    context = {"kind": registry.find(marketplace), "row": row, "refused": request.GET.get("success") != "1"}
    return render(request, "pages/integrations_returned.html", context)


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
