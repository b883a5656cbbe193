"""Asking again who sits there, before what a stranger at an open browser must not do: keys, credentials, owners.

A sign-in, and a password, code or passkey given since, is proof for REAUTHENTICATION_MINUTES. After that a POST is laid
aside, encrypted, in the session; the person proves who they are; and the very same POST goes on. Nothing that was typed
is lost, with or without JavaScript.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import stash_and_reauthenticate
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.http import urlencode

from accounts.access.actor import Actor
from accounts.kit.encryption import Undecipherable, decrypt, encrypt

P = ParamSpec("P")
_CALLBACK = "dashboard.reauthentication.go_on"
_KEPT_SECONDS = 15 * 60


def recent(request: HttpRequest) -> bool:
    """Whether the person has proved in this session, not long ago, who they are.

    Whoever signs in through a provider alone has nothing to type here; they sign in there once more.
    """
    records = get_authentication_records(request, request.user)
    last = max((float(record.get("at", 0)) for record in records), default=0.0)
    return time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def confirmed(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]:
    """Under `@member(…)`: a POST waits until the person has proved who they are."""

    @wraps(view)
    def guarded(request: HttpRequest, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST" and (asked := ask_first(request)):
            return asked
        return view(request, actor, *args, **kwargs)

    return guarded


def ask_first(request: HttpRequest) -> HttpResponse | None:
    """The way to prove it, with this POST laid aside; None where that has been done."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    if recent(request) or not methods:
        return None
    # The one address that says where it came from; anything else than exactly this one drops what was laid aside.
    there = request.get_full_path()
    kept = {"path": request.path, "query": request.META.get("QUERY_STRING", ""), "form": request.POST.urlencode()}
    state = {"next": there, "at": time.time(), "kept": encrypt(json.dumps(kept))}
    stash_and_reauthenticate(request, state, _CALLBACK)
    address = f"{methods[0]['url']}?{urlencode({'next': there})}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def go_on(request: HttpRequest, state: dict[str, Any]) -> HttpResponseBase:
    """Called by allauth once the person has proved who they are: the POST that was laid aside is answered now."""
    there = request.POST.get("next") or request.GET.get("next") or "/"
    if not get_adapter().is_safe_url(there):
        there = "/"
    if there != state.get("next") or time.time() - float(state.get("at", 0)) > _KEPT_SECONDS:
        return HttpResponseRedirect(there)  # of another errand, or of long ago: nobody expects it any more
    try:
        kept = json.loads(decrypt(state["kept"]))
    except (Undecipherable, ValueError, KeyError):
        return HttpResponseRedirect(there)
    request.path = request.path_info = kept["path"]
    request.META |= {"QUERY_STRING": kept["query"], "PATH_INFO": kept["path"]}
    request.GET = QueryDict(kept["query"])
    request.POST = QueryDict(kept["form"])
    request.resolver_match = found = resolve(kept["path"])
    response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return response
