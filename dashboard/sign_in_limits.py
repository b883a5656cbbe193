"""How often a password may be wrong, counted so that nobody can shut somebody else out."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from accounts.models import User
from dashboard.known_browsers import browser_of
from dashboard.session import client_ip


def count(request: HttpRequest, email: str) -> ratelimit.RateLimitUsage | None:
    """Counts one try; None when there were too many. What succeeds is taken back by the caller.

    Counting by account alone would let a stranger's five tries keep the owner out, so it is counted by address and
    account together. A browser that the person has signed in with before is counted by itself, and never suffers from
    what others try from the same address.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    browser = browser_of(request, user) if user else None
    if browser:
        return ratelimit.consume(
            request, app="allauth.account", action="login_failed_known_browser", key=f"{browser}:{email}"
        )
    return ratelimit.consume(request, app="allauth.account", action="login_failed", key=key(request, email))


def key(request: HttpRequest, email: str) -> str:
    return f"{client_ip(request)}:{email.strip().lower()}"
