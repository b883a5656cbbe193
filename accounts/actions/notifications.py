"""Telling members of something, each as they have chosen: at once, with the next morning's e-mail, or not at all.

The one door of every e-mail that can be switched off. What is about an account, its security or an organization's end
has doors of its own (account_security, closing_mail, invitation_mail) and asks nobody.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access.notification_kinds import Delivery, Kind
from accounts.actions.digests import morning_of
from accounts.actions.way_out import with_way_out
from accounts.kit.letters import letter, send
from accounts.models import DigestItem, Membership
from accounts.queries.notifications import deliveries


def tell(kind: Kind, people: QuerySet[Membership], name: str, context: Mapping[str, object], *, address: str) -> None:
    """`name`: of the letter in templates/emails; it gets `context`, `organization` and `address` (a whole one, to
    what it is about). Called by a worker or after the commit, never while somebody waits.
    """
    ids = people.filter(user__is_active=True).values("pk")
    members = Membership.unscoped.filter(pk__in=ids).select_related("user", "organization").order_by("user__email")
    wanted = deliveries(kind, members)
    letters: list[EmailMessage] = []
    later: list[DigestItem] = []
    for member in members:
        delivery = wanted[member.pk]
        if delivery == Delivery.NONE:
            continue
        words = dict(context) | {"organization": member.organization, "address": address}
        message = letter(name, words, member.user.email)
        if delivery == Delivery.NOW:
            letters.append(with_way_out(message, member, kind))
        else:
            later.append(_line(member, kind, str(message.subject), address))
    DigestItem.unscoped.bulk_create(later)
    if letters:
        send(letters, name)


def _line(member: Membership, kind: Kind, title: str, address: str) -> DigestItem:
    return DigestItem(
        organization_id=member.organization_id,
        membership=member,
        kind=kind,
        title=title[:300],
        address=address,
        due_at=morning_of(member, after=timezone.now()),
    )
