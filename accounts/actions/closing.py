"""Closing an organization: at once nothing is made any more, after a time of grace everything of it is deleted."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit, closing_mail
from accounts.kit.errors import Conflict, InvalidInput
from accounts.models import Organization


@transaction.atomic
def close_organization(actor: Actor, *, name: str) -> Organization:
    """`name`: as it is called, typed by hand. Raises InvalidInput, Conflict where it is closed already."""
    actor.require(Permission.ORGANIZATION_WRITE)
    row = _locked(actor)
    if row.closes_at:
        raise Conflict(gettext("{name} is being closed already.").format(name=row.name))
    if " ".join(name.split()).casefold() != row.name.casefold():
        raise InvalidInput(gettext("Type {name} to close it.").format(name=row.name), field="name")
    row.closes_at = timezone.now() + timedelta(days=settings.CLOSING_DAYS)
    row.save(update_fields=["closes_at"])
    _record(actor, "closing", row, {"after": {"closes_at": row.closes_at.isoformat(timespec="seconds")}})
    closing_mail.tell(row, who=actor.user)
    return row


@transaction.atomic
def keep_organization(actor: Actor) -> Organization:
    """Everything works again. Keeping one that is not being closed changes nothing. Raises Conflict when it is too
    late: its deletion has begun."""
    actor.require(Permission.ORGANIZATION_WRITE)
    row = _locked(actor)
    if row.closes_at and row.closes_at <= timezone.now():
        raise Conflict(gettext("{name} is being deleted already.").format(name=row.name))
    if row.closes_at:
        before, row.closes_at = row.closes_at, None
        row.save(update_fields=["closes_at"])
        _record(actor, "kept", row, {"before": {"closes_at": before.isoformat(timespec="seconds")}})
    return row


def note_export(actor: Actor) -> None:
    actor.require(Permission.ORGANIZATION_WRITE)
    _record(actor, "exported", actor.organization, {})


def _locked(actor: Actor) -> Organization:
    return Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)


def _record(actor: Actor, what: str, row: Organization, details: dict[str, object]) -> None:
    audit.record(actor, f"organization.{what}", target_kind="organization", target_id=row.pk, details=details)
