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
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, stash_and_reauthenticate
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.http import urlencode

from accounts.access.actor import Actor
from accounts.kit.encryption import Undecipherable, decrypt, encrypt

P = ParamSpec("P")
_CALLBACK = "dashboard.reauthentication.go_on"
_KEPT_SECONDS = 15 * 60


def recent(request: HttpRequest) -> bool:
    """Whether the person has proved in this session, not long ago, who they are."""
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
    if recent(request):
        return None
    # The one address that says where it came from; anything else than exactly this one drops what was laid aside.
    there = request.get_full_path()
    kept = {"path": request.path, "query": request.META.get("QUERY_STRING", ""), "form": request.POST.urlencode()}
    state = {"next": there, "at": time.time(), "kept": encrypt(json.dumps(kept))}
    stash_and_reauthenticate(request, state, _CALLBACK)
    address = _where_to_prove(request, there)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def proved(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Around a page of a library that asks for no proof itself: it opens after one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not recent(request):
            address = _where_to_prove(request, request.path, back=request.path)
            if address != request.path:
                return redirect(address)
        return view(request, *args, **kwargs)

    return guarded


def refuse_without_proof(request: HttpRequest) -> None:
    """For pages of a library that lets everybody pass who has nothing to type: they are led to where they can.

    Raises ImmediateHttpResponse.
    """
    if request.user.is_authenticated and not get_adapter().get_reauthentication_methods(request.user):
        back = request.get_full_path() if request.method == "GET" else reverse("settings_security")
        raise ImmediateHttpResponse(redirect(_where_to_prove(request, back, back=back)))


def _where_to_prove(request: HttpRequest, there: str, *, back: str = "") -> str:
    """Somebody without a password, an app or a passkey signs in once more at the service that they came from, and
    comes to `back` (where the POST goes on) from it."""
    if methods := get_adapter().get_reauthentication_methods(request.user):
        return f"{methods[0]['url']}?{urlencode({'next': there})}"
    back = back or reverse("settings_security_go_on", query={"next": there})
    account = SocialAccount.objects.filter(user_id=request.user.pk).order_by("-last_login").first()
    try:
        provider = account.get_provider(request) if account else None
    except SocialApp.DoesNotExist:
        provider = None  # the operator has taken the service away
    if provider is None:
        return reverse("account_set_password")
    again = {"auth_params": "prompt=login"} if provider.id == "openid_connect" else {}
    return str(provider.get_login_url(request, process="redirect", next=back, **again))


def go_on_from_elsewhere(request: HttpRequest) -> HttpResponseBase:
    """Like go_on, after a way through another service."""
    state = request.session.get(STATE_SESSION_KEY) or {}
    if not recent(request) or "state" not in state or state.get("callback") != _CALLBACK:
        return redirect("settings_security")
    del request.session[STATE_SESSION_KEY]
    request.method = "POST"
    return go_on(request, state["state"])


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
