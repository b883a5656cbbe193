"""The daily e-mail: what a member wants to hear of once a day, for each of their organizations on its own.

The sweeper claims what is due by its lease, a worker sends it and takes the lines away. Two of them never send the
same; where one dies, the lease ends and the next one sends it under the same Message-ID.
"""

from __future__ import annotations

import hashlib
import zoneinfo
from datetime import datetime, time, timedelta
from smtplib import SMTPException

import structlog
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.access.notification_kinds import KINDS, Kind
from accounts.actions.way_out import with_way_out
from accounts.kit import shared_clock, tasks
from accounts.kit.letters import address_of, letter
from accounts.models import DigestItem, Membership

log = structlog.get_logger(__name__)

MORNING = time(7)
_LEASE = timedelta(minutes=10)
_AT_ONCE = 200


def morning_of(member: Membership, *, after: datetime) -> datetime:
    """Seven o'clock in the person's zone, else in the organization's."""
    try:
        zone = zoneinfo.ZoneInfo(member.user.time_zone) if member.user.time_zone else member.organization.zone
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = member.organization.zone
    local = after.astimezone(zone)
    days = 0 if local.time() < MORNING else 1
    return datetime.combine(local.date() + timedelta(days=days), MORNING, zone)


def send_due() -> None:
    """The sweeper's part: whoever's morning has come."""
    now = shared_clock.now()
    due = _free(now).order_by("membership_id").values_list("membership_id", flat=True).distinct()
    for membership_id in list(due[:_AT_ONCE]):
        until = now + _LEASE
        if _free(now).filter(membership=membership_id).update(lease_until=until):
            tasks.send("accounts.mail_digest", membership_id, until.isoformat(), queue="io")


def mail_digest(membership_id: int, lease: str) -> None:
    """`lease`: as `send_due` has written it; nothing is sent for another one."""
    held = shared_clock.now() + _LEASE
    claimed = DigestItem.unscoped.filter(membership=membership_id, lease_until=datetime.fromisoformat(lease))
    if not claimed.update(lease_until=held):
        return
    mine = DigestItem.unscoped.filter(membership=membership_id, lease_until=held)
    items = list(mine.order_by("pk"))
    member = Membership.unscoped.select_related("user", "organization").get(pk=membership_id)
    if member.user.is_active:
        groups = [(KINDS[kind].title, [each for each in items if each.kind == kind]) for kind in Kind]
        words = {
            "organization": member.organization,
            "groups": [(title, rows) for title, rows in groups if rows],
            "count": len(items),
            "address": address_of(reverse("home")),
        }
        message = with_way_out(letter("digest", words, member.user.email), member, None)
        message.extra_headers["Message-ID"] = _message_id(items)
        try:
            message.send()
        except (SMTPException, OSError) as error:
            log.warning("letter_not_sent", letter="digest", error=str(error))  # tried again when the lease has ended
            return
    mine.delete()


def _free(now: datetime) -> QuerySet[DigestItem]:
    return DigestItem.unscoped.filter(due_at__lte=now).filter(Q(lease_until=None) | Q(lease_until__lt=now))


def _message_id(items: list[DigestItem]) -> str:
    named = hashlib.sha256(",".join(str(each.pk) for each in items).encode()).hexdigest()[:32]
    return f"<digest.{items[0].membership_id}.{named}@packshot>"
