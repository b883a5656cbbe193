"""The browser's session: which person, in which of their organizations."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.actions.last_seen import note_seen
from accounts.models import Membership, Organization, User
from accounts.queries.memberships import membership_in
from accounts.queries.two_factor import has_two_factor

_ORGANIZATION = "organization_id"


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in person acting in their current organization; None when signed out or without one."""
    if not hasattr(request, "_actor"):
        request._actor = _actor(request)  # type: ignore[attr-defined]
    found: Actor | None = request._actor  # type: ignore[attr-defined]
    return found


def actors_of(request: HttpRequest, own: Sequence[Membership]) -> list[Actor]:
    """The signed-in person in each of these memberships of theirs, but for organizations that ask for two-factor
    authentication while the person has none: nothing of those can be reached."""
    assert isinstance(request.user, User)
    two_factor = has_two_factor(request.user)
    return [
        member_actor(
            request.user,
            each.organization,
            Role(each.role),
            ip=client_ip(request),
            request_id=request_id(request),
        )
        for each in own
        if two_factor or not each.organization.two_factor_required
    ]


def closed_organization(request: HttpRequest) -> Organization | None:
    """The current organization, where it asks for two-factor authentication and the person has none yet: there is no
    actor then, and so nothing of it can be reached."""
    actor_of(request)
    return getattr(request, "_closed_organization", None)


def switch_organization(request: HttpRequest, organization_id: uuid.UUID) -> bool:
    """Makes one of the person's organizations the current one; False when it is not one of theirs."""
    assert isinstance(request.user, User)
    membership = membership_in(request.user, organization_id)
    if membership is None or membership.organization_id != organization_id:
        return False
    request.session[_ORGANIZATION] = str(organization_id)
    return True


def client_ip(request: HttpRequest) -> str | None:
    """The caller's address: the one that the outermost trusted proxy (of PROXY_HOPS) wrote down, else the connection's
    own. What stands before it is the caller's own word."""
    own = _address(request.META.get("REMOTE_ADDR", ""))
    if not settings.BEHIND_PROXY:
        return own
    written = request.headers.get("X-Forwarded-For", "").split(",")
    return _address(written[-min(settings.PROXY_HOPS, len(written))]) or own


def _address(text: str) -> str | None:
    """A plain IP address; some proxies add the port, and a socket file has none."""
    text = text.strip()
    bracketed = re.fullmatch(r"\[(.+)\](?::\d+)?", text)
    if bracketed:
        text = bracketed[1]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return None


def request_id(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")


def _actor(request: HttpRequest) -> Actor | None:
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return None
    membership = membership_in(request.user, request.session.get(_ORGANIZATION))  # type: ignore[arg-type]
    if membership is None:
        return None
    if membership.organization.two_factor_required and not has_two_factor(membership.user):
        request._closed_organization = membership.organization  # type: ignore[attr-defined]
        return None
    note_seen(membership)
    return member_actor(
        membership.user,
        membership.organization,
        Role(membership.role),
        ip=client_ip(request),
        request_id=request_id(request),
    )
