"""The e-mail to owners and admins: the storage of the plan is nearly full."""

from __future__ import annotations

import uuid

from django.urls import reverse

from accounts.access.notification_kinds import Kind
from accounts.access.permissions import Role
from accounts.actions.notifications import tell
from accounts.kit.letters import address_of
from accounts.models import Membership, Organization
from processing.models import StoredBytes
from processing.queries.stored_bytes import Room, most_bytes


def mail_nearly_full(organization_id: uuid.UUID) -> None:
    organization = Organization.objects.select_related("plan").filter(pk=organization_id).first()
    row = StoredBytes.unscoped.filter(organization=organization_id).first()
    if organization is None or row is None or (most := most_bytes(organization)) is None:
        return
    people = Membership.unscoped.filter(organization=organization, role__in=(Role.OWNER, Role.ADMIN))
    tell(
        Kind.STORAGE,
        people,
        "storage_nearly_full",
        {"room": Room(row.bytes, most), "plan": organization.plan},
        address=address_of(reverse("usage_credits"), of=organization.pk),
    )
