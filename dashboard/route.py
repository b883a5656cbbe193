"""What a log may say about where a request went."""

from __future__ import annotations

from django.http import HttpRequest


def route_of(request: HttpRequest) -> str:
    """The address with names in place of what stands there, such as `/invitations/<str:token>/`: an address may hold a
    token, a query anything. `none` where there is nothing at the address."""
    return f"/{request.resolver_match.route}" if request.resolver_match else "none"
