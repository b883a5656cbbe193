"""The e-mail about a connection that does not let us in any more."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.access.notification_kinds import Kind
from accounts.access.permissions import Role
from accounts.actions.notifications import tell
from accounts.kit.letters import address_of
from accounts.models import Membership
from integrations.models import Connection


def tell_that_it_is_broken(row: Connection) -> None:
    """After the commit, to who connected it and to owners and admins, one e-mail each."""
    transaction.on_commit(partial(_send, row))


def _send(row: Connection) -> None:
    people = Membership.unscoped.filter(
        Q(role__in=(Role.OWNER, Role.ADMIN)) | Q(user=row.maker_id),
        organization_id=row.organization_id,
    )
    context = {"connection": row, "reason": (row.problem or {}).get("detail", "")}
    address = address_of(reverse("integration", args=[row.pk]))
    tell(Kind.CONNECTION_BROKEN, people, "connection_broken", context, address=address)
