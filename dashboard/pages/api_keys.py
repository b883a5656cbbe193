"""API keys: make (shown once), list, revoke."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.api_keys import create_api_key, revoke_api_key
from accounts.kit.errors import Conflict, InvalidInput
from accounts.models import ApiKey
from accounts.queries.api_keys import api_keys
from dashboard.access import member
from dashboard.api_key_forms import MakeForm, first_form
from dashboard.listing import listing
from dashboard.reauthentication import confirmed
from dashboard.security_events import tell

PAGE_SIZE = 100


@require_http_methods(["GET", "POST"])
@member(Permission.KEYS_READ)
@confirmed
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page; a POST makes a key and shows it, this once, in its answer."""
    if request.method == "GET":
        return _page(request, actor, first_form())
    actor.require(Permission.KEYS_WRITE)
    form = MakeForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form, status=400)
    try:
        row, secret = create_api_key(
            actor,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(),
            sandbox=form.sandbox,
        )
    except (InvalidInput, Conflict) as error:
        form.take(error)
        return _page(request, actor, form, status=error.status)
    return show_once(request, actor, row, secret)


def show_once(request: HttpRequest, actor: Actor, row: ApiKey, secret: str, *, text: str = "") -> HttpResponse:
    """The page with a new key in a dialog: nobody can ever see it again."""
    assert actor.user is not None
    words = {"key": row, "organization": actor.organization}
    tell(request, actor.user, "account/email/key_made", context=words)
    return _page(request, actor, first_form(), made={"secret": secret, "text": text or row.name})


@require_GET
@member(Permission.KEYS_READ)
def rows(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The table alone, for htmx; API access shows the same one."""
    return render(request, "parts/api_keys/table.html", _keys(request, actor))


@require_POST
@member(Permission.KEYS_WRITE)
def revoke(request: HttpRequest, actor: Actor, key_id: uuid.UUID) -> HttpResponse:
    key = revoke_api_key(actor, key_id=key_id)
    messages.success(
        request,
        gettext("The key {prefix}… is revoked. Programs that use it are refused from now on.").format(
            prefix=key.prefix
        ),
    )
    return redirect("api_keys")


def _page(
    request: HttpRequest, actor: Actor, form: MakeForm, *, made: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    whole = made is not None or "whole" in request.GET
    keys = _keys(request, actor) if whole else {"keys": None}
    return render(request, "pages/api_keys.html", {"form": form, "made": made} | keys, status=status)


def _keys(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The newest keys; older ones are on pages of their own, whole ones, wherever the table stands."""
    shown = listing(request, api_keys(actor), size=PAGE_SIZE)
    keys = [{"row": key, "id": str(key.pk), "status": key.status(), "usable": key.usable()} for key in shown.rows]
    pages = {"previous_url": _whole(shown.previous_url), "next_url": _whole(shown.next_url)}
    return {"keys": keys, "listing": shown} | pages


def _whole(address: str | None) -> str | None:
    if address is None:
        return None
    query = QueryDict(address.partition("?")[2], mutable=True)
    query["whole"] = "1"
    return f"{reverse('api_keys')}?{query.urlencode()}"
