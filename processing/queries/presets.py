"""Presets: the built-in ones, and those of the organization and the actor's teams, behind one slug each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, NotFound
from accounts.queries.teams import within_reach
from processing.models import Job, Preset
from processing.operations.presets import PRESETS
from processing.operations.process import Process

_USED_IN = 2000


def seen(actor: Actor) -> QuerySet[Preset]:
    """The organization's own that the actor sees and uses: everybody's, and those of their teams."""
    return Preset.objects.of(actor).filter(within_reach(actor))


def preset_parameters(actor: Actor, slug: str, *, operation: str) -> dict[str, Any]:
    """The parameters behind a slug; an own preset goes before a built-in one.

    Raises InvalidInput where there is none, and where it is for another operation.
    """
    own = seen(actor).filter(slug=slug).first() if slug.isprintable() else None
    if own or slug in PRESETS:
        found = own.operation if own else Process.name
        if found != operation:
            raise InvalidInput(
                gettext("The preset {slug} is for the operation {found}.").format(slug=slug, found=found),
                field="preset",
            )
        return dict(own.parameters if own else PRESETS[slug].parameters)
    known = [*PRESETS, *seen(actor).order_by("slug").values_list("slug", flat=True)[:20]]
    raise InvalidInput(
        gettext("There is no preset {slug}. There are: {known}.").format(slug=slug, known=", ".join(known)),
        field="preset",
    )


def operation_of(actor: Actor, slug: str) -> str:
    """The operation that a preset is for. Raises InvalidInput where there is none of that name."""
    actor.require(Permission.IMAGES_READ)
    own = seen(actor).filter(slug=slug).first() if slug.isprintable() else None
    if own is None and slug not in PRESETS:
        raise InvalidInput(gettext("There is no preset {slug}.").format(slug=slug[:80]), field="preset")
    return own.operation if own else Process.name


def own_presets(actor: Actor, *, operation: str = "") -> list[Preset]:
    """Those that the actor sees, by title, of one operation or of all."""
    actor.require(Permission.IMAGES_READ)
    found = seen(actor).select_related("team").order_by("title", "pk")
    return list(found.filter(operation=operation) if operation else found)


def found_presets(actor: Actor, *, operation: str, search: str = "", team: str = "") -> QuerySet[Preset]:
    """Those of one operation that the actor sees, by title. `search`: part of a title or slug. `team`: an id, or
    "none" for what is everybody's; what is neither finds nothing."""
    actor.require(Permission.IMAGES_READ)
    found = seen(actor).select_related("team").filter(operation=operation).order_by("title", "pk")
    if search:
        found = found.filter(Q(title__icontains=search) | Q(slug__icontains=search))
    if team == "none":
        return found.filter(team=None)
    return found.filter(team=_uuid(team)) if team else found


def last_used(actor: Actor, *, operation: str) -> dict[str, datetime]:
    """When each preset was last named by a job, by slug: of the latest jobs, so that the list stays fast."""
    actor.require(Permission.IMAGES_READ)
    latest = Job.objects.of(actor).filter(purpose=Job.Purpose.WORK).order_by("-pk")[:_USED_IN]
    used = latest.values_list("operation", "preset", "created_at")
    found: dict[str, datetime] = {}
    for name, slug, at in used:
        if name == operation and slug:
            found.setdefault(slug, at)
    return found


def own_preset(actor: Actor, preset_id: uuid.UUID) -> Preset:
    """One of them. Raises NotFound, also for one of a team that the actor is not in."""
    actor.require(Permission.IMAGES_READ)
    found = seen(actor).select_related("team").filter(pk=preset_id).first()
    if found is None:
        raise NotFound(gettext("There is no such preset."))
    return found


def presets_of_team(actor: Actor, team_id: uuid.UUID) -> int:
    """How many presets and recipes a team has."""
    actor.require(Permission.IMAGES_READ)
    return Preset.objects.of(actor).filter(team=team_id).count()


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
