"""Browsers that a person has signed in with before: a signed cookie says so.

It opens nothing. A sign-in with it is announced to nobody, and wrong passwords are counted apart from those of others.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from dashboard.security_events import tell

COOKIE = "known_browser"
_SALT = "dashboard.known_browsers"
_SECONDS = 400 * 24 * 3600  # browsers keep no cookie longer
_MOST_PEOPLE = 8


def browser_of(request: HttpRequest, user: User) -> str | None:
    """The browser's own random name, where this person has signed in with it and not signed out everywhere since."""
    cookie = _cookie(request)
    known = cookie["people"].get(str(user.pk)) == user.session_generation
    return str(cookie["browser"]) if known else None


def welcome(request: HttpRequest, response: HttpResponse, user: User, *, silently: bool) -> None:
    """After a sign-in: from now on this browser is known. `silently`: nobody needs to be told of it."""
    cookie = _cookie(request)
    if browser_of(request, user) is None and not silently:
        tell(request, user, "account/email/new_browser")
    people = {pk: generation for pk, generation in cookie["people"].items() if pk != str(user.pk)}
    people = dict(list(people.items())[-(_MOST_PEOPLE - 1) :]) | {str(user.pk): user.session_generation}
    response.set_cookie(
        COOKIE,
        signing.dumps({"browser": cookie["browser"], "people": people}, salt=_SALT),
        max_age=_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/accounts/",
    )


def _cookie(request: HttpRequest) -> dict[str, Any]:
    try:
        found: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return {"browser": secrets.token_urlsafe(12), "people": {}}
    return found
