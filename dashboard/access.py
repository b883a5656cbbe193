"""Who may use a route. Every route declares it; one that does not stops the server from starting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from inspect import getclosurevars
from typing import Concatenate, Literal, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from ninja.operation import Operation, PathView

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from accounts.models import User
from dashboard.elsewhere import refuse_another
from dashboard.session import actor_of, closed_organization

P = ParamSpec("P")
V = TypeVar("V", bound=Callable[..., object])
Kind = Literal["everyone", "signed_in", "member", "staff", "api"]


@dataclass(frozen=True, slots=True)
class Access:
    """The declaration: the kind of visitor and, for members and programs, what they need to be allowed."""

    kind: Kind
    permission: Permission | None = None


# Routes of libraries, by the prefix of their names.
LIBRARY_ROUTES: dict[str, Access] = {
    "account_": Access("everyone"),
    **dict.fromkeys(("socialaccount_", "openid_connect_", "google_", "github_", "gitlab_"), Access("everyone")),
    "mfa_authenticate": Access("everyone"),
    "mfa_login_webauthn": Access("everyone"),
    "mfa_": Access("signed_in"),
}


def everyone(view: V) -> V:
    """Open without signing in."""
    view.access = Access("everyone")  # type: ignore[attr-defined]
    return view


def member(
    permission: Permission | None = None,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]],
    Callable[..., HttpResponseBase],
]:
    """A page of the dashboard: the view gets the actor after the request. Others are asked to sign in."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            actor = actor_of(request)
            if actor is None and closed_organization(request):
                return lead_to_two_factor(request)
            if actor is None:
                raise NotFound(gettext("You do not belong to an organization yet. Ask its owner to add you."))
            refuse_another(request, actor)
            if permission:
                actor.require(permission)
            response = view(request, actor, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_store=True)
            return response

        guarded.access = Access("member", permission)  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """About the person alone, whatever organization they are in: the view gets them after the request."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return ask_to_sign_in(request)
        response = view(request, request.user, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    guarded.access = Access("signed_in")  # type: ignore[attr-defined]
    return guarded


def staff(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """For operators of the installation; others are told nothing of it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if not request.user.is_staff:
            raise NotFound(gettext("There is no such page."))
        return view(request, *args, **kwargs)

    guarded.access = Access("staff")  # type: ignore[attr-defined]
    return guarded


def lead_to_two_factor(request: HttpRequest) -> HttpResponse:
    """To the page where it is set up; from there the person comes back to what they wanted."""
    part = request.headers.get("HX-Request")
    wanted = request.headers.get("HX-Current-URL", "/") if part else request.get_full_path()
    address = reverse("settings_security", query={"next": wanted if part or request.method == "GET" else "/"})
    if part:
        response = HttpResponse(status=403)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        # A part of a page cannot redirect by itself: htmx is told to load the sign-in page.
        parts = HttpResponse(status=401)
        parts["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL", "/"))["Location"]
        return parts
    return response


def declared_routes() -> Iterator[tuple[str, str, Access | None]]:
    """Every route as (path, name, declaration); of the API as (path, methods, declaration)."""
    yield from dict.fromkeys(_walk(get_resolver().url_patterns, ""))


def refuse_undeclared_routes() -> None:
    """Raises ImproperlyConfigured for a route that does not say who may use it."""
    missing = [path for path, _, access in declared_routes() if access is None]
    if missing:
        raise ImproperlyConfigured(f"These routes do not declare who may use them: {', '.join(missing)}")


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, str, Access | None]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
            continue
        name = pattern.name or ""
        if operations := _operations(pattern.callback):
            for operation in operations:
                yield path, ",".join(operation.methods), _of_operation(operation)
            continue
        access = getattr(pattern.callback, "access", None) or _of_admin(pattern.callback) or _of_library(name)
        yield path, name, access


def _operations(view: Callable[..., object]) -> list[Operation]:
    """Those of a view of django-ninja, one for each method of its address; its view is a closure over them."""
    if not getattr(view, "__module__", "").startswith("ninja."):
        return []
    found = getclosurevars(view).nonlocals.get("self")
    return found.operations if isinstance(found, PathView) else []


def _of_operation(operation: Operation) -> Access | None:
    """What its `auth=` asks for, or its function's own declaration where it asks for nothing."""
    asked = [getattr(auth, "access", None) for auth in operation.auth_callbacks]
    if asked:
        return asked[0] if all(asked) else None
    return getattr(operation.view_func, "access", None)


def _of_admin(view: Callable[..., object]) -> Access | None:
    """The admin puts its own wrapper around each view; the site inside of it lets operators in alone."""
    return Access("staff") if hasattr(view, "model_admin") or hasattr(view, "admin_site") else None


def _of_library(name: str) -> Access | None:
    return next((access for prefix, access in LIBRARY_ROUTES.items() if name.startswith(prefix)), None)
