"""The e-mails of approvals: to those who may decide, and to who has asked. Sent by a worker, after the commit."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.urls import reverse

from accounts.access.permissions import ROLE_PERMISSIONS, Permission, Role
from accounts.kit import tasks
from accounts.kit.letters import address_of, send_letters
from accounts.models import Approval, Membership


def tell_deciders(row: Approval) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_approval", str(row.pk), "asked", queue="io"))


def tell_asker(row: Approval) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_approval", str(row.pk), "decided", queue="io"))


def mail_approval(approval_id: uuid.UUID, what: str) -> None:
    row = Approval.unscoped.select_related("organization", "asked_by", "decided_by").filter(pk=approval_id).first()
    if row is None or (what == "asked" and not row.pending):
        return
    context = {"approval": row, "organization": row.organization, "address": address_of(reverse("approvals"))}
    send_letters(f"approval_{what}", context, _people(row, what))


def _people(row: Approval, what: str) -> list[str]:
    people = Membership.unscoped.filter(organization=row.organization_id, user__is_active=True).order_by("pk")
    if what == "decided":
        people = people.filter(user=row.asked_by_id)
    else:
        roles = [role.value for role in Role if Permission.APPROVALS_WRITE in ROLE_PERMISSIONS[role]]
        people = people.filter(role__in=roles).exclude(user=row.asked_by_id)
    return list(people.values_list("user__email", flat=True))
