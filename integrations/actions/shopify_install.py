"""Connecting a Shopify shop by signing in there: begun by a person, ended once, within the hour, by the same person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import FieldError, InvalidInput, NotFound
from accounts.kit.outbound import OutboundError
from integrations import registry
from integrations.actions.connection_settings import Wanted
from integrations.actions.connections import connect_with
from integrations.actions.health import note_working
from integrations.base import Account, MarketplaceError
from integrations.models import Connection, SignInRequest
from integrations.models.connection import sealed
from integrations.shopify import address as addresses
from integrations.shopify import install

KEY = "shopify"
_SALT = "shopify-install"
_GOOD_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """`state`: to be kept in the browser's session too. `url`: where the browser goes."""

    state: str
    url: str


def begin(actor: Actor, *, address: str, back: str) -> Begun:
    """Raises InvalidInput, NotFound where this installation is no app."""
    actor.require(Permission.PUBLISH_WRITE)
    if not install.offered():
        raise NotFound(gettext("This installation is no app at Shopify."))
    state = ""
    try:
        tidy = addresses.tidy(address)
        row = SignInRequest(organization=actor.organization, marketplace=KEY, address=tidy, maker=actor.user)
        state = signing.dumps(str(row.pk), salt=_SALT)
        url = install.authorize_url(tidy, state=state, back=back)
    except (OutboundError, MarketplaceError) as error:
        raise InvalidInput(error.detail, errors=(FieldError("address", error.detail),)) from None
    row.save(force_insert=True)
    return Begun(state, url)


def end(actor: Actor, *, state: str, query: Mapping[str, str]) -> Connection:
    """The connection, new or with new keys. `state`: of the session; each is good once.

    Raises InvalidInput where the two states differ or the time is over, MarketplaceError.
    """
    actor.require(Permission.PUBLISH_WRITE)
    begun = _claimed(actor, state, query.get("state", ""))
    try:
        account = install.account(begun.address, query)
        row = _connected(actor, account)
    except MarketplaceError as error:
        SignInRequest.unscoped.filter(pk=begun.pk).update(problem=error.detail[:500])
        raise
    SignInRequest.unscoped.filter(pk=begun.pk).update(connection=row)
    return row


def _claimed(actor: Actor, state: str, brought: str) -> SignInRequest:
    again = InvalidInput(gettext("This sign-in has been used, or is too old. Begin again."))
    if not state or not constant_time_compare(state, brought):
        raise again
    try:
        request_id = uuid.UUID(signing.loads(state, salt=_SALT))
    except (signing.BadSignature, ValueError):
        raise again from None
    now = timezone.now()
    open_ones = SignInRequest.objects.of(actor).filter(
        pk=request_id, marketplace=KEY, maker=actor.user, used_at=None, created_at__gt=now - _GOOD_FOR
    )
    if not open_ones.update(used_at=now):
        raise again
    return SignInRequest.objects.of(actor).get(pk=request_id)


def _connected(actor: Actor, account: Account) -> Connection:
    """Somebody's own connection to the same shop gets the new keys: so a broken one is mended."""
    mine = Connection.objects.of(actor).filter(
        marketplace=KEY, address=account.address, maker=actor.user, disconnected_at=None
    )
    found = mine.first()
    if found is None:
        wanted = Wanted(name="", address=account.address, credentials={})
        return connect_with(actor, marketplace=KEY, account=account, wanted=wanted)
    kind = registry.find(KEY)
    checked = kind.check(account)
    with transaction.atomic():
        row = mine.select_for_update(no_key=True).get(pk=found.pk)
        row.credentials, row.masked = sealed(account.credentials), kind.masked(account)
        row.save(update_fields=["credentials", "masked"])
        note_working(row, checked)
        details = {"name": row.name, "new_keys": True}
        audit.record(actor, "connection.changed", target_kind="connection", target_id=row.pk, details=details)
    return row
