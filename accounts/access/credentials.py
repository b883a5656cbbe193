"""From a credential to an actor. One query, however the key was named."""

from __future__ import annotations

import uuid
from functools import cache

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.access import access_tokens, json_web_tokens
from accounts.access.actor import Actor
from accounts.access.permissions import WHILE_CLOSING, Role, granted
from accounts.actions.api_key_use import note_use
from accounts.kit import api_keys
from accounts.kit.errors import PackshotError
from accounts.models import ApiKey, Membership


class Unauthorized(PackshotError):
    """No credential, or one that is not good (any more)."""

    code = "unauthorized"
    status = 401
    title = "Unauthorized"

    def __init__(self, detail: str, *, missing: bool = False) -> None:
        super().__init__(detail)
        self.missing = missing


# What is not named here is read when it is asked for, by a query of its own.
_COLUMNS = (
    "name", "prefix", "scopes", "sandbox", "expires_at", "revoked_at", "rotated_at", "ends_at", "last_used_at", "team",
    "organization__name", "organization__slug", "organization__credit_balance", "organization__closes_at",
    "organization__approve_publishing", "organization__approve_spending_above", "organization__plan",
    "maker__email", "maker__name", "maker__is_active",
)  # fmt: skip


def actor_for_key(key: str, *, ip: str | None = None, request_id: str = "", endpoint: str = "") -> Actor:
    """The actor behind an API key. Raises Unauthorized; a key with a wrong checksum costs no look-up."""
    if not api_keys.well_formed(key):
        raise Unauthorized("This is not an API key of this service: check that it was copied whole.")
    row = next(iter(_rows().filter(digest=api_keys.digest(key, pepper=settings.API_KEY_PEPPER))), None)
    if row is None:
        raise Unauthorized("This API key is not known here.")
    return _actor(row, ip=ip, request_id=request_id, endpoint=endpoint)


def actor_for_token(token: str, *, ip: str | None = None, request_id: str = "", endpoint: str = "") -> Actor:
    """The actor behind a JSON Web Token: that of its key, as it is now. Raises Unauthorized."""
    try:
        key_id = json_web_tokens.key_of(token)
    except json_web_tokens.InvalidToken as error:
        raise Unauthorized(str(error)) from None
    return _behind(key_id, ip=ip, request_id=request_id, endpoint=endpoint)


def actor_for_access_token(
    token: str, *, path: str, ip: str | None = None, request_id: str = "", endpoint: str = ""
) -> Actor:
    """The actor behind an access token: that of its key, as it is now. Raises Unauthorized, also for a path (decoded,
    without its query) that the token is not for."""
    try:
        key_id = access_tokens.key_for(token, path)
    except json_web_tokens.InvalidToken as error:
        raise Unauthorized(str(error)) from None
    return _behind(key_id, ip=ip, request_id=request_id, endpoint=endpoint)


def _behind(key_id: uuid.UUID, *, ip: str | None, request_id: str, endpoint: str) -> Actor:
    row = next(iter(_rows().filter(pk=key_id)), None)
    if row is None:
        raise Unauthorized("The API key behind this token is not known here.")
    return _actor(row, ip=ip, request_id=request_id, endpoint=endpoint)


@cache
def _rows() -> QuerySet[ApiKey]:
    """Built once, with no more columns than calls look at: every call of the API pays for this query."""
    role = Membership.unscoped.filter(organization_id=OuterRef("organization_id"), user_id=OuterRef("maker_id"))
    keys = ApiKey.unscoped.select_related("organization", "maker").only(*_COLUMNS)
    return keys.annotate(role=Subquery(role.values("role")[:1]))


def _actor(row: ApiKey, *, ip: str | None, request_id: str, endpoint: str) -> Actor:
    if not row.usable():
        if (status := row.status()) == "rotated":
            raise Unauthorized("This API key was rotated and has ended. Use the key that took its place.")
        raise Unauthorized(f"This API key is {status}. Make a new one on the API keys page.")
    held: str | None = row.role  # type: ignore[attr-defined]
    if held is None or not row.maker.is_active:
        raise Unauthorized("The person who made this API key has left the organization.")
    note_use(row, ip=ip, endpoint=endpoint)
    role = Role(held)
    permissions = granted(row.scopes, role)
    return Actor(
        organization=row.organization,
        user=row.maker,
        role=role,
        permissions=permissions & WHILE_CLOSING if row.organization.closes_at else permissions,
        api_key=row,
        ip=ip,
        request_id=request_id,
        sandbox=row.sandbox,
        endpoint=endpoint,
    )
