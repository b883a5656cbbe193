"""The file space of an organization: images under paths of the caller's own, for a time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import SpaceFile


@dataclass(frozen=True, slots=True)
class SpaceUsage:
    """What lies in a space, its bytes counted by file."""

    bytes: int
    files: int


def file_at(actor: Actor, path: str, *, needs: Permission = Permission.IMAGES_READ) -> SpaceFile:
    """The file at that path with its asset and blob. Raises NotFound. `needs`: what the call that reads it asks for."""
    actor.require(needs)
    found = _alive(actor.organization.pk).select_related("asset__blob").filter(digest=SpaceFile.digest_of(path)).first()
    if found is None:
        raise NotFound(gettext("There is no file at this path."))
    return found


def usage(actor: Actor) -> SpaceUsage:
    actor.require(Permission.IMAGES_READ)
    return usage_of(actor.organization.pk)


def usage_of(organization_id: uuid.UUID, *, without: frozenset[str] = frozenset()) -> SpaceUsage:
    """`without`: paths that are not counted."""
    found = _alive(organization_id)
    if without:
        found = found.exclude(digest__in=[SpaceFile.digest_of(path) for path in without])
    sums = found.aggregate(bytes=Sum("asset__blob__bytes"), files=Count("pk"))
    return SpaceUsage(sums["bytes"] or 0, sums["files"])


def taken_like(organization_id: uuid.UUID, *, start: str, end: str) -> set[str]:
    """Paths in use that begin and end like that."""
    found = _alive(organization_id).filter(path__startswith=start, path__endswith=end)
    return set(found.values_list("path", flat=True))


def _alive(organization_id: uuid.UUID) -> QuerySet[SpaceFile]:
    """Without those whose time is over and which the sweeper has not removed yet."""
    now = timezone.now()
    return SpaceFile.unscoped.filter(
        Q(asset__expires_at__isnull=True) | Q(asset__expires_at__gt=now), organization_id=organization_id
    )
