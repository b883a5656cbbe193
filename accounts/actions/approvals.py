"""Approvals: who needs one, asking for it, deciding. What a decision sets in motion is done by the higher floors."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import approval_mail, audit
from accounts.kit.errors import Conflict, InvalidInput, NotPermitted
from accounts.models import Approval, Organization
from accounts.queries.approvals import approval

_LONGEST = 500
MOST = 1_000_000


@transaction.atomic
def set_rules(actor: Actor, *, publishing: bool, spending_above: int | None) -> None:
    """Whether publishing needs a second person, and jobs that cost more than so many credits (None: none does)."""
    actor.require(Permission.ORGANIZATION_WRITE)
    if spending_above is not None and not 0 <= spending_above <= MOST:
        raise InvalidInput(
            gettext("Use a whole number from 0 to {most:,}, or leave it empty.").format(most=MOST),
            field="spending_above",
        )
    row = Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    before = {"publishing": row.approve_publishing, "spending_above": row.approve_spending_above}
    after = {"publishing": publishing, "spending_above": spending_above}
    if before == after:
        return
    row.approve_publishing, row.approve_spending_above = publishing, spending_above
    row.save(update_fields=["approve_publishing", "approve_spending_above"])
    audit.record(
        actor,
        "approval.rules_changed",
        target_kind="organization",
        target_id=row.pk,
        details={"before": before, "after": after},
    )


def needed_to_publish(actor: Actor) -> bool:
    """Not for those who may approve, nor in the sandbox, which sends nothing."""
    return actor.organization.approve_publishing and not actor.sandbox and not actor.may(Permission.APPROVALS_WRITE)


def needed_to_spend(actor: Actor, credits: int) -> bool:
    above = actor.organization.approve_spending_above
    return above is not None and credits > above and actor.pays and not actor.may(Permission.APPROVALS_WRITE)


def ask(
    actor: Actor, *, kind: Approval.Kind, target_id: uuid.UUID, title: str, images: int, credits: int = 0
) -> Approval:
    """In the transaction that makes what waits. Who may decide hears of it by e-mail."""
    row = Approval.unscoped.create(
        organization=actor.organization,
        kind=kind,
        target_id=target_id,
        title=title[:300],
        images=images,
        credits=credits,
        asked_by=actor.user,
        api_key=actor.api_key,
        expires_at=timezone.now() + timedelta(days=settings.APPROVAL_DAYS),
    )
    _record(actor, "asked", row)
    approval_mail.tell_deciders(row)
    return row


def close(actor: Actor, *, approval_id: uuid.UUID, approve: bool, comment: str) -> Approval:
    """The decision itself, in the caller's transaction. Who asked may withdraw, and nobody approves their own.

    Raises NotFound, NotPermitted, InvalidInput, and Conflict where it was decided before or has expired.
    """
    seen = approval(actor, approval_id)
    row = Approval.objects.of(actor).select_for_update(of=("self",)).get(pk=seen.pk)
    comment = " ".join(comment.split())
    if len(comment) > _LONGEST:
        raise InvalidInput(gettext("Use at most {longest} characters.").format(longest=_LONGEST), field="comment")
    own = actor.user is not None and row.asked_by_id == actor.user.pk
    if approve and own:
        raise NotPermitted(gettext("A second person approves: you have asked for this yourself."))
    if not own:
        actor.require(Permission.APPROVALS_WRITE)
    if not row.pending:
        raise Conflict(
            gettext("This was {get_status_display} already.").format(
                get_status_display=row.get_status_display().lower()
            )
        )
    if row.expires_at <= timezone.now():
        raise Conflict(gettext("The time to decide this is over."))
    status = Approval.Status.APPROVED if approve else Approval.Status.WITHDRAWN if own else Approval.Status.REFUSED
    _end(row, status, comment)
    row.decided_by = actor.user
    row.save(update_fields=["decided_by"])
    _record(actor, status.value, row)
    if not own:
        approval_mail.tell_asker(row)
    return row


def expire(row: Approval) -> None:
    """The caller holds the row's lock: its time is over, or what it was of waits no more."""
    _end(row, Approval.Status.EXPIRED, "")
    approval_mail.tell_asker(row)


def _end(row: Approval, status: Approval.Status, comment: str) -> None:
    row.status, row.comment, row.decided_at = status, comment, timezone.now()
    row.save(update_fields=["status", "comment", "decided_at"])


def _record(actor: Actor, what: str, row: Approval) -> None:
    details = {"of": row.kind, "title": row.title, "images": row.images, "comment": row.comment}
    audit.record(actor, f"approval.{what}", target_kind=row.kind, target_id=row.target_id, details=details)
