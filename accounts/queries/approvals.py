"""What waits for a second person, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from accounts.models import Approval


def approvals(actor: Actor, *, pending: bool | None = None) -> QuerySet[Approval]:
    """The newest first: all of them for who may decide, else what the actor has asked for."""
    actor.require(Permission.IMAGES_READ)
    found = Approval.objects.of(actor).select_related("asked_by", "api_key", "decided_by").order_by("-pk")
    if not actor.may(Permission.APPROVALS_WRITE):
        found = found.filter(asked_by=actor.user)
    if pending is None:
        return found
    waiting = Approval.Status.PENDING
    return found.filter(status=waiting) if pending else found.exclude(status=waiting)


def approval(actor: Actor, approval_id: uuid.UUID) -> Approval:
    """Raises NotFound."""
    found = approvals(actor).filter(pk=approval_id).first()
    if found is None:
        raise NotFound(gettext("There is no such approval."))
    return found


def to_decide(actor: Actor) -> int:
    """How many wait for this person: a second one, so not their own."""
    if not actor.may(Permission.APPROVALS_WRITE):
        return 0
    return approvals(actor, pending=True).exclude(asked_by=actor.user).count()


def to_decide_in_each(actors: Sequence[Actor]) -> dict[uuid.UUID, int]:
    """The same for one person in several organizations, by organization; those where nothing waits are left out."""
    own = [actor for actor in actors if actor.may(Permission.APPROVALS_WRITE)]
    waiting = Approval.unscoped.filter(
        organization__in=[actor.organization.pk for actor in own], status=Approval.Status.PENDING
    ).exclude(asked_by__in=[actor.user for actor in own])
    return dict(waiting.order_by().values_list("organization").annotate(Count("pk")))


def waits_for_approval(actor: Actor, target_id: uuid.UUID) -> bool:
    """Whether this job, publication or run waits for a second person, whoever has asked."""
    return Approval.objects.of(actor).filter(target_id=target_id, status=Approval.Status.PENDING).exists()
