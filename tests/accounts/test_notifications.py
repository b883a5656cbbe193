"""Who is told of what by e-mail: as each member has chosen, at once, once a day, or not at all."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone

from accounts.access.notification_kinds import KINDS, Delivery, Kind, kinds_for
from accounts.access.permissions import Role
from accounts.actions import credit_mail, digests
from accounts.actions.invitation_mail import mail_acceptance
from accounts.actions.members import leave
from accounts.actions.notification_choices import choose
from accounts.actions.notifications import tell
from accounts.kit.errors import InvalidInput
from accounts.models import AuditEntry, DigestItem, Invitation, Membership, NotificationChoice
from accounts.queries.notifications import own_choices
from tests.support.cast import Cast
from tests.support.task_queue import forget_sent, run_sent


def everybody(cast: Cast) -> Any:
    return Membership.unscoped.filter(organization=cast.alice.organization)


def tell_of_joining(cast: Cast, kind: Kind = Kind.CREDITS) -> list[str]:
    """Whom an e-mail reaches at once."""
    mail.outbox.clear()
    words = {"person": cast.bob.user, "role": "an editor"}
    tell(kind, everybody(cast), "invitation_accepted", words, address="http://127.0.0.1/team/")
    return [message.to[0] for message in mail.outbox]


def test_each_is_told_as_they_have_chosen(cast: Cast) -> None:
    assert tell_of_joining(cast) == ["alice@example.com", "bob@example.com", "victor@example.com"]
    choose(cast.bob, {Kind.CREDITS: Delivery.NONE})
    choose(cast.victor, {Kind.CREDITS: Delivery.DAILY})
    assert tell_of_joining(cast) == ["alice@example.com"]
    (item,) = DigestItem.unscoped.all()
    assert (item.membership.user, item.kind) == (cast.victor.user, "credits")
    choose(cast.bob, {Kind.CREDITS: Delivery.NOW})
    assert tell_of_joining(cast) == ["alice@example.com", "bob@example.com"]


def test_a_choice_holds_in_one_organization_alone(cast: Cast) -> None:
    assert cast.bob.user
    Membership.unscoped.create(organization=cast.charlie.organization, user=cast.bob.user, role=Role.EDITOR)
    choose(cast.bob, {Kind.CREDITS: Delivery.NONE})
    mail.outbox.clear()
    there = Membership.unscoped.filter(organization=cast.charlie.organization)
    tell(Kind.CREDITS, there, "credits_low", {"balance": 5}, address="http://127.0.0.1/credits/")
    assert [message.to[0] for message in mail.outbox] == ["bob@example.com", "charlie@example.com"]


def test_a_role_is_not_told_of_what_is_not_for_it(cast: Cast) -> None:
    assert tell_of_joining(cast, Kind.WEBHOOK_DISABLED) == ["alice@example.com"]
    assert own_choices(cast.victor) == {Kind.CREDITS: Delivery.NOW}
    with pytest.raises(InvalidInput):
        choose(cast.victor, {Kind.WEBHOOK_DISABLED: Delivery.NOW})
    assert not NotificationChoice.unscoped.exists()
    assert kinds_for(Role.OWNER) == list(KINDS)


def test_a_choice_is_in_the_audit_log_once(cast: Cast) -> None:
    choose(cast.bob, {Kind.CREDITS: Delivery.DAILY, Kind.PUBLISHING: Delivery.NOW})
    choose(cast.bob, {Kind.CREDITS: Delivery.DAILY})
    entry = AuditEntry.objects.of(cast.alice).get(action="notifications.changed")
    assert entry.details == {"before": {"credits": "now"}, "after": {"credits": "daily"}}


def test_every_such_email_says_how_to_end_it(cast: Cast) -> None:
    credit_mail.mail_low_balance(cast.alice.organization.pk)
    (message,) = mail.outbox
    found = re.fullmatch(r"<(http://\S+/unsubscribe/\S+/)>", message.extra_headers["List-Unsubscribe"])
    assert found
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found[1] in str(message.body)
    assert "/settings/notifications/" in str(message.body)
    assert "“Credits and budgets”" in str(message.body)


@pytest.mark.parametrize(
    ("now", "zone", "morning"),
    [
        (datetime(2026, 3, 3, 6, 59, tzinfo=UTC), "", datetime(2026, 3, 3, 7, tzinfo=UTC)),
        (datetime(2026, 3, 3, 7, 0, tzinfo=UTC), "", datetime(2026, 3, 4, 7, tzinfo=UTC)),
        (datetime(2026, 3, 3, 21, 0, tzinfo=UTC), "Asia/Tokyo", datetime(2026, 3, 3, 22, tzinfo=UTC)),
        # The clock is put forward in the night between.
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), "Europe/Berlin", datetime(2026, 3, 29, 5, tzinfo=UTC)),
        (datetime(2026, 3, 3, 12, 0, tzinfo=UTC), "Nowhere/Gone", datetime(2026, 3, 4, 7, tzinfo=UTC)),
    ],
)
def test_the_morning_is_the_persons_own(cast: Cast, now: datetime, zone: str, morning: datetime) -> None:
    member = everybody(cast).select_related("user", "organization").get(user=cast.bob.user)
    member.user.time_zone = zone
    assert digests.morning_of(member, after=now) == morning


def test_the_daily_email_comes_once(cast: Cast) -> None:
    choose(cast.bob, {Kind.CREDITS: Delivery.DAILY, Kind.PUBLISHING: Delivery.DAILY})
    tell_of_joining(cast)
    tell_of_joining(cast, Kind.PUBLISHING)
    forget_sent()
    mail.outbox.clear()
    digests.send_due()
    run_sent()
    assert mail.outbox == [], "not before the morning"
    DigestItem.unscoped.update(due_at=timezone.now())
    digests.send_due()
    digests.send_due()  # another worker's sweeper, at the same time
    run_sent()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["bob@example.com"], "Alice's shop: 2 things since yesterday")
    assert "Credits and budgets" in str(message.body)
    assert "A publish run needs you" in str(message.body)
    assert "List-Unsubscribe" in message.extra_headers
    assert not DigestItem.unscoped.exists()
    digests.send_due()
    run_sent()
    assert len(mail.outbox) == 1


def test_a_worker_that_died_with_a_digest_is_made_up_for(cast: Cast) -> None:
    choose(cast.bob, {Kind.CREDITS: Delivery.DAILY})
    tell_of_joining(cast)
    DigestItem.unscoped.update(due_at=timezone.now())
    forget_sent()
    mail.outbox.clear()
    digests.send_due()
    item = DigestItem.unscoped.get()
    assert item.lease_until is not None
    first = item.lease_until.isoformat()
    DigestItem.unscoped.update(lease_until=F("lease_until") - timedelta(hours=1))
    forget_sent()
    digests.send_due()
    digests.mail_digest(item.membership_id, first)
    assert mail.outbox == [], "the lease of the first one has ended"
    run_sent()
    assert len(mail.outbox) == 1


def test_what_somebody_has_ended_or_left_is_not_in_the_daily_email(cast: Cast) -> None:
    for actor in (cast.bob, cast.victor):
        choose(actor, {Kind.CREDITS: Delivery.DAILY})
    tell_of_joining(cast)
    choose(cast.bob, {Kind.CREDITS: Delivery.NONE})
    leave(cast.victor)
    assert not DigestItem.unscoped.exists()


def test_the_inviter_hears_who_has_joined(cast: Cast) -> None:
    choose(cast.alice, {Kind.INVITATION_ACCEPTED: Delivery.NOW})
    row = Invitation.unscoped.create(
        organization=cast.alice.organization, email="bob@example.com", role=Role.EDITOR, digest="x",
        invited_by=cast.alice.user, expires_at=timezone.now(), accepted_at=timezone.now(), accepted_by=cast.bob.user,
    )  # fmt: skip
    mail_acceptance(row.pk)
    assert [(each.to, each.subject) for each in mail.outbox] == [(["alice@example.com"], "Bob has joined Alice's shop")]
