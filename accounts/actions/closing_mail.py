"""The e-mail that says an organization is being closed: whoever may keep it hears of it."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.urls import reverse

from accounts.access.permissions import Role
from accounts.kit import tasks
from accounts.kit.letters import address_of, send_letters
from accounts.models import Membership, Organization, User


def tell(row: Organization, *, who: User | None) -> None:
    """After the commit, by a worker."""
    name = who.display_name if who else "The operator"
    transaction.on_commit(partial(tasks.send, "accounts.mail_closing", str(row.pk), name, queue="io"))


def mail_closing(organization_id: uuid.UUID, who: str) -> None:
    """To owners and admins."""
    row = Organization.objects.filter(pk=organization_id, closes_at__isnull=False).first()
    if row is None:
        return
    people = Membership.unscoped.filter(
        organization=row, user__is_active=True, role__in=(Role.OWNER, Role.ADMIN)
    ).order_by("pk")
    context = {"organization": row, "who": who, "address": address_of(reverse("settings_organization"), of=row.pk)}
    send_letters("closing", context, people.values_list("user__email", flat=True))
