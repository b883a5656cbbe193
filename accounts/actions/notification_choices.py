"""Choosing what is mailed to oneself: on the settings page, or by the link at the end of an e-mail."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor, member_actor
from accounts.access.notification_kinds import Delivery, Kind, kinds_for
from accounts.access.permissions import Role
from accounts.actions import audit
from accounts.kit.errors import InvalidInput, NotFound
from accounts.kit.unsubscribe_token import DIGEST, read
from accounts.models import DigestItem, Membership, NotificationChoice
from accounts.queries.notifications import own_choices


@transaction.atomic
def choose(actor: Actor, wanted: Mapping[Kind, Delivery]) -> None:
    """For the actor in their organization; kinds that are not named stay. Raises InvalidInput for one that their role
    is never told of."""
    member = Membership.objects.of(actor).select_for_update().get(user=actor.user)
    before = own_choices(actor)
    if unknown := [kind for kind in wanted if kind not in before]:
        raise InvalidInput(gettext("Your role is never told of this."), field=unknown[0].value)
    changed = {kind: delivery for kind, delivery in wanted.items() if before[kind] != delivery}
    if not changed:
        return
    for kind, delivery in changed.items():
        NotificationChoice.objects.of(actor).update_or_create(
            organization=actor.organization, membership=member, kind=kind, defaults={"delivery": delivery}
        )
    ended = [kind for kind, delivery in changed.items() if delivery == Delivery.NONE]
    DigestItem.objects.of(actor).filter(membership=member, kind__in=ended).delete()
    audit.record(
        actor,
        "notifications.changed",
        target_kind="person",
        target_id=member.user_id,
        details={
            "before": {kind.value: before[kind].value for kind in changed},
            "after": {kind.value: delivery.value for kind, delivery in changed.items()},
        },
    )


def behind(token: str) -> tuple[Membership, Kind | None]:
    """Whose e-mails of which kind a link ends; None: the daily ones. Raises NotFound for a link that was not made
    here, or whose person is no member any more."""
    found = read(token)
    member = Membership.unscoped.select_related("user", "organization").filter(pk=found[0]).first() if found else None
    if found is None or member is None:
        raise NotFound(gettext("This link ends nothing: nothing is sent to you from there any more."))
    return member, None if found[1] == DIGEST else Kind(found[1])


def unsubscribe(token: str, *, ip: str | None, request_id: str) -> None:
    """Whoever holds the e-mail may: the link is the credential. Doing it twice changes nothing. Raises NotFound."""
    member, kind = behind(token)
    role = Role(member.role)
    actor = member_actor(member.user, member.organization, role, ip=ip, request_id=request_id)
    if kind is None:
        wanted = [each for each, delivery in own_choices(actor).items() if delivery == Delivery.DAILY]
    else:
        wanted = [kind] if kind in kinds_for(role) else []
    choose(actor, dict.fromkeys(wanted, Delivery.NONE))
