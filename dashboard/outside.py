"""What every page and picture behind a review link has: a limit, headers that keep the link to itself, one refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from accounts.access.actor import Actor, outside_actor
from accounts.kit.errors import NotFound
from accounts.limits.rate_limit import Limit, take
from dashboard.session import client_ip, request_id
from processing.models import ClientReview
from processing.queries.client_reviews import review_behind

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
PAGES = Limit("client_review_pages", 240, 60)
PICTURES = Limit("client_review_pictures", 3000, 60)


def behind_link(
    view: Callable[Concatenate[HttpRequest, ClientReview, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Under `@everyone`: the view gets the review in place of the token; whoever has no good one is told so."""

    @wraps(view)
    def guarded(request: HttpRequest, /, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if refused := too_many(request, PAGES):
            return refused
        try:
            review = review_behind(token)
        except NotFound:
            return gone(request)
        return alone(view(request, review, *args, **kwargs))

    return guarded


def actor_outside(request: HttpRequest, review: ClientReview) -> Actor:
    return outside_actor(review.organization, "review link", ip=client_ip(request), request_id=request_id(request))


def gone(request: HttpRequest) -> HttpResponse:
    """One and the same for a link that never was, one that was revoked and one whose time is over."""
    return alone(render(request, "pages/outside_review_gone.html", status=404))


def too_many(request: HttpRequest, limit: Limit = PICTURES) -> HttpResponse | None:
    allowance = take(client_ip(request) or "nowhere", limit)
    if allowance.allowed:
        return None
    response = alone(render(request, "pages/outside_review_gone.html", {"busy": True}, status=429))
    response["Retry-After"] = str(allowance.retry_after)
    return response


def alone(response: R) -> R:
    """Nothing of it is kept, found by a search engine, or told to other sites."""
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # The address is the key. Nothing but our own server ever learns it; with no-referrer a browser would send forms
    # without their origin, and they would be refused as those of another site.
    response["Referrer-Policy"] = "same-origin"
    return response
