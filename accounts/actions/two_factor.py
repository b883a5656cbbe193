"""Whether everybody in an organization must use two-factor authentication."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict
from accounts.models import Organization
from accounts.queries.two_factor import has_two_factor


@transaction.atomic
def require_two_factor(actor: Actor, *, required: bool) -> Organization:
    """Members without it reach nothing of the organization until they have set it up; API keys go on working.

    Raises Conflict when the actor asks of others what they do not have themselves: they would lock themselves out.
    """
    actor.require(Permission.ORGANIZATION_WRITE)
    organization = Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    if organization.two_factor_required == required:
        return organization
    if required and not (actor.user and has_two_factor(actor.user)):
        raise Conflict(gettext("Set up two-factor authentication for yourself first, then require it of everybody."))
    organization.two_factor_required = required
    organization.save(update_fields=["two_factor_required"])
    audit.record(
        actor,
        "organization.two_factor_required" if required else "organization.two_factor_optional",
        target_kind="organization",
        target_id=organization.pk,
        details={"name": organization.name},
    )
    return organization
