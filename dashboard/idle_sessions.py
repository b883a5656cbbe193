"""A browser that nobody uses any more is signed out: SESSION_IDLE_MINUTES after the last page or part of one."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from dashboard.errors import API_PREFIXES

ACTIVE_AT = "active_at"
# Noted so often within the time: a page must not cost a write each.
_NOTES = 20


class IdleSessionMiddleware:
    """Before anything asks who it is. Calls of the API have no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.SESSION_IDLE_SECONDS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(API_PREFIXES):
            _end_or_note(request.session, int(time.time()), settings.SESSION_IDLE_SECONDS)
        return self.get_response(request)


def _end_or_note(session: SessionBase, now: int, longest: int) -> None:
    if SESSION_KEY not in session:
        return
    idle = now - session.get(ACTIVE_AT, now - longest // _NOTES)
    if idle > longest:
        session.flush()
    elif idle >= longest // _NOTES:
        session[ACTIVE_AT] = now
