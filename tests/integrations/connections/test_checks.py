"""The regular check of every connection: when, what a broken one says and to whom, and that it is noted when mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.access.permissions import Role
from accounts.actions.members import remove_member
from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import AuditEntry, Membership, WebhookEvent
from integrations.actions import left_behind
from integrations.actions.checks import check, sweep
from integrations.actions.connections import test as ask
from integrations.base import MarketplaceError
from integrations.models import Connection
from integrations.queries import connections as queries
from tests.support.cast import Cast
from tests.support.woocommerce_peer import Shop, page, recorded

pytestmark = pytest.mark.django_db
BLOCKED = recorded("rest_blocked_by_plugin")


def now_is(row: Connection) -> Connection:
    row.refresh_from_db()
    return row


def hours(row: Connection) -> float:
    """Until the next check."""
    after = now_is(row).check_after
    assert after is not None
    return (after - timezone.now()).total_seconds() / 3600


def audited() -> list[str]:
    found = AuditEntry.unscoped.filter(target_kind="connection").order_by("pk")
    return [action.partition(".")[2] for action in found.values_list("action", flat=True)]


def test_a_good_one_is_asked_every_six_hours_or_so(row: Connection, peer: Shop) -> None:
    peer.calls.clear()
    check(row.pk)
    assert 4.7 < hours(row) < 7.3
    assert {call.body for call in peer.calls if call.method != "GET"} == {b'{"update": []}'}


def test_what_is_due_is_sent_once_and_again_when_it_was_lost(row: Connection) -> None:
    sweep()
    first = now_is(row).check_after
    assert first is not None
    assert 0 < hours(row) < 0.2
    sweep()
    assert now_is(row).check_after == first
    Connection.unscoped.update(check_after=timezone.now() - timedelta(seconds=1))
    sweep()
    assert hours(row) > 0.1


def test_quiet_hours_are_kept(row: Connection, peer: Shop) -> None:
    now = timezone.now()
    Connection.unscoped.update(
        quiet_from=f"{now - timedelta(hours=1):%H:%M}", quiet_until=f"{now + timedelta(hours=2):%H:%M}"
    )
    peer.calls.clear()
    Connection.unscoped.update(check_after=None)
    sweep()
    assert 1.9 < hours(row) < 2.4
    check(row.pk)
    assert peer.calls == []


def test_a_broken_one_is_told_once_by_mail_event_and_audit_and_its_mending_is_noted(
    cast: Cast,
    row: Connection,
    peer: Shop,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["connection.broken"])
    peer.always = BLOCKED
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            check(row.pk)
    assert now_is(row).broken
    assert 0.15 < hours(row) < 0.4
    assert {message.to[0] for message in mail.outbox} == {"alice@example.com", "bob@example.com"}
    assert len(mail.outbox) == 2
    text = mail.outbox[0]
    assert row.name in text.subject
    assert "security plugin" in text.body
    assert f"/integrations/{row.pk}/" in text.body
    assert WebhookEvent.unscoped.filter(type="connection.broken").count() == 1
    assert audited() == ["made", "broke"]
    Connection.unscoped.update(broken_since=timezone.now() - timedelta(hours=8))
    check(row.pk)
    assert 1.5 < hours(row) < 2.5
    peer.always = None
    check(row.pk)
    assert not now_is(row).broken
    assert audited() == ["made", "broke", "recovered"]
    assert 4.7 < hours(row) < 7.3
    assert len(mail.outbox) == 2


def test_one_that_somebody_else_finds_broken_is_asked_again_soon(cast: Cast, row: Connection, peer: Shop) -> None:
    check(row.pk)
    assert hours(row) > 4
    peer.always = BLOCKED
    with pytest.raises(MarketplaceError):
        ask(cast.bob, connection_id=row.pk)
    assert now_is(row).broken
    assert hours(row) < 0.3


def test_what_passes_by_itself_breaks_it_only_when_it_lasts_for_a_day(row: Connection, peer: Shop) -> None:
    peer.always = page(500)
    check(row.pk)
    assert (now_is(row).broken, hours(row) < 0.4) == (False, True)
    assert row.failing_since is not None
    Connection.unscoped.update(failing_since=timezone.now() - timedelta(hours=23))
    check(row.pk)
    assert not now_is(row).broken
    Connection.unscoped.update(failing_since=timezone.now() - timedelta(hours=25))
    check(row.pk)
    assert now_is(row).broken
    peer.always = None
    check(row.pk)
    assert not Connection.unscoped.filter(failing_since__isnull=False).exists()
    assert not now_is(row).broken


def test_a_disconnected_one_is_left_alone(row: Connection, peer: Shop) -> None:
    Connection.unscoped.update(disconnected_at=timezone.now(), credentials="", check_after=None)
    peer.calls.clear()
    sweep()
    check(row.pk)
    assert peer.calls == []
    assert now_is(row).check_after is None


def test_a_connection_whose_maker_leaves_passes_to_the_owners(cast: Cast, row: Connection, peer: Shop) -> None:
    Connection.unscoped.update(shared=False)
    left_behind.sweep()
    assert now_is(row).maker == cast.bob.user
    membership = Membership.objects.of(cast.alice).get(user=cast.bob.user)
    remove_member(cast.alice, membership_id=membership.pk)
    left_behind.sweep()
    left_behind.sweep()
    assert now_is(row).maker is None
    assert row.disconnected_at is None
    check(row.pk)
    assert not now_is(row).broken
    found = queries.connection(cast.alice, row.pk)
    assert queries.may_change(cast.alice, found)
    assert not queries.connections(cast.victor).exists()
    assert audited() == ["made", "passed_on"]
    # Whoever comes back gets nothing back by it.
    assert cast.bob.user is not None
    Membership.unscoped.create(organization=cast.alice.organization, user=cast.bob.user, role=Role.EDITOR)
    assert not queries.connections(cast.bob).exists()
