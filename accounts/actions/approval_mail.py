"""The e-mails of approvals: to those who may decide, and to who has asked. Sent by a worker, after the commit."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.access.notification_kinds import Kind
from accounts.access.permissions import ROLE_PERMISSIONS, Permission, Role
from accounts.actions.notifications import tell
from accounts.kit import tasks
from accounts.kit.letters import address_of
from accounts.models import Approval, Membership


def tell_deciders(row: Approval) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_approval", str(row.pk), "asked", queue="io"))


def tell_asker(row: Approval) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_approval", str(row.pk), "decided", queue="io"))


def mail_approval(approval_id: uuid.UUID, what: str) -> None:
    row = Approval.unscoped.select_related("organization", "asked_by", "decided_by").filter(pk=approval_id).first()
    if row is None or (what == "asked" and not row.pending):
        return
    kind = Kind.APPROVAL_ASKED if what == "asked" else Kind.APPROVAL_DECIDED
    tell(
        kind,
        _people(row, what),
        f"approval_{what}",
        {"approval": row},
        address=address_of(reverse("approvals"), of=row.organization_id),
    )


def _people(row: Approval, what: str) -> QuerySet[Membership]:
    people = Membership.unscoped.filter(organization=row.organization_id)
    if what == "decided":
        return people.filter(user=row.asked_by_id)
    roles = [role.value for role in Role if Permission.APPROVALS_WRITE in ROLE_PERMISSIONS[role]]
    return people.filter(role__in=roles).exclude(user=row.asked_by_id)
