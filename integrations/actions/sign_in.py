"""Connecting by signing in at the shop: its owner says yes there, and the shop sends the keys to us.

The state that travels along is signed, good for an hour and for one set of keys. Who began it is who connects: they
must still be allowed to when the keys come.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Permission, Role
from accounts.kit.errors import Conflict, NotFound, PackshotError
from accounts.models import Membership
from integrations import registry
from integrations.actions.connection_settings import Wanted, team_of
from integrations.actions.connections import connect, refuse_second
from integrations.base import MarketplaceError
from integrations.hand_over import HandOver
from integrations.models import SignInRequest
from integrations.reachability import base_url_is_secure

_GOOD_FOR = timedelta(hours=1)
_KEEP = timedelta(days=7)
_SALT = "sign-in at a shop"
# The keys are a few hundred bytes.
MOST_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Begun:
    """`where`: the page of the shop to go on to."""

    row: SignInRequest
    where: str


def begin(actor: Actor, *, marketplace: str, wanted: Wanted) -> Begun:
    """Nothing is asked of the shop yet. Raises InvalidInput, Conflict where keys cannot be handed over to us."""
    actor.require(Permission.PUBLISH_WRITE)
    way = _way(marketplace)
    if not base_url_is_secure():
        raise Conflict(gettext("Shops hand keys over to a public https address alone, and this installation has none."))
    assert actor.user is not None
    address, team = way.tidy(wanted.address), team_of(actor, wanted, None)
    refuse_second(actor, marketplace, address)
    row = SignInRequest.unscoped.create(
        organization=actor.organization,
        marketplace=marketplace,
        address=address,
        name=wanted.name.strip()[:100],
        shared=wanted.shared,
        team=team,
        maker=actor.user,
    )
    back = settings.BASE_URL + reverse("integrations_returned", args=[marketplace])
    callback = settings.BASE_URL + reverse("integrations_keys", args=[marketplace])
    return Begun(row, way.where(address, state=_signer().sign(row.pk.hex), back=back, callback=callback))


def take(*, marketplace: str, raw: bytes, request_id: str) -> None:
    """The keys have come. They are tried before they are kept.

    Raises NotFound for a state that is forged, used or too old, InvalidInput, Conflict, NotPermitted, MarketplaceError;
    the person is told the same when they come back.
    """
    state, credentials = _way(marketplace).received(raw)
    row = _opened(state).filter(marketplace=marketplace, used_at=None).first()
    # Once: of two answers at the same moment one finds it used.
    if row is None or not SignInRequest.unscoped.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()):
        raise NotFound(gettext("There is no such sign-in, or it was used."))
    wanted = Wanted(row.name, row.address, credentials, shared=row.shared, team_id=row.team_id)
    try:
        row.connection = connect(_maker(row, request_id), marketplace=marketplace, wanted=wanted)
    except (PackshotError, MarketplaceError) as error:
        row.problem = error.detail[:500]
        row.save(update_fields=["problem"])
        raise
    row.save(update_fields=["connection"])


def outcome(actor: Actor, *, state: str) -> SignInRequest:
    """How the actor's own sign-in has ended. Raises NotFound."""
    actor.require(Permission.PUBLISH_WRITE)
    row = _opened(state).filter(organization=actor.organization, maker=actor.user).select_related("connection").first()
    if row is None:
        raise NotFound(gettext("There is no such sign-in, or it is too old. Begin again."))
    return row


def forget_old() -> None:
    SignInRequest.unscoped.filter(created_at__lt=timezone.now() - _KEEP).delete()


def _way(marketplace: str) -> HandOver:
    way = registry.find(marketplace).hand_over
    if way is None:
        raise NotFound(gettext("There is no such marketplace."))
    return way


def _opened(state: str) -> QuerySet[SignInRequest]:
    try:
        pk = uuid.UUID(_signer().unsign(state))
    except (BadSignature, ValueError):
        return SignInRequest.unscoped.none()
    return SignInRequest.unscoped.filter(pk=pk, created_at__gt=timezone.now() - _GOOD_FOR)


def _maker(row: SignInRequest, request_id: str) -> Actor:
    """Raises NotFound for who has left since."""
    found = Membership.unscoped.select_related("user", "organization").filter(
        organization=row.organization_id, user=row.maker_id, user__is_active=True
    )
    membership = found.first()
    if membership is None:
        raise NotFound(gettext("Whoever began this belongs to the organization no more."))
    return member_actor(membership.user, membership.organization, Role(membership.role), request_id=request_id)


def _signer() -> Signer:
    return Signer(salt=_SALT)
