"""Presets copied into another of a person's organizations: what each is called there, and what cannot go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict, InvalidInput, PackshotError
from accounts.queries.teams import own_teams
from processing.actions.presets import name_of
from processing.models import Preset
from processing.operations.presets import PRESETS
from processing.operations.registry import find
from processing.queries.presets import seen

MOST_AT_ONCE = 200
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Copy:
    """`title`, `slug`: there. `problem`: why it stays here, in a sentence; empty for one that goes."""

    preset: Preset
    title: str
    slug: str
    problem: str = ""


def plan_copies(actor: Actor, there: Actor, *, preset_ids: Sequence[uuid.UUID]) -> list[Copy]:
    """What would become of each, by title. A name that is taken there gets a number.

    A preset names nothing that belongs to one organization: its parameters are values, and models are the
    installation's. One that is not valid any more, such as with a model that was removed, stays here. Presets that the
    actor does not see are left out. Raises MissingPermission for either organization, InvalidInput for too many.
    """
    actor.require(Permission.PRESETS_WRITE)
    there.require(Permission.PRESETS_WRITE)
    if len(preset_ids) > MOST_AT_ONCE:
        raise InvalidInput(gettext("Copy at most %(most)s at once.") % {"most": MOST_AT_ONCE}, field="preset")
    taken = set(Preset.objects.of(there).values_list("slug", flat=True)) | set(PRESETS)
    plan = []
    for preset in seen(actor).filter(pk__in=preset_ids).select_related("team").order_by("title", "pk"):
        problem = _problem(preset)
        title, slug = (preset.title, preset.slug) if problem else _free(preset.title, taken)
        plan.append(Copy(preset, title, slug, problem))
        taken |= set() if problem else {slug}
    return plan


def copy_presets(
    actor: Actor, there: Actor, *, preset_ids: Sequence[uuid.UUID], team_id: uuid.UUID | None = None
) -> list[Copy]:
    """Copies those that can go, for everybody there or one team; answers with all, as `plan_copies` does.

    Raises InvalidInput for another team than one's own there, Conflict where a name was taken in this very moment;
    then nothing is copied.
    """
    try:
        with transaction.atomic():
            return _copy(actor, there, preset_ids, team_id)
    except IntegrityError:
        raise Conflict(gettext("A name was taken there in this very moment. Copy again.")) from None


def _copy(actor: Actor, there: Actor, preset_ids: Sequence[uuid.UUID], team_id: uuid.UUID | None) -> list[Copy]:
    plan = plan_copies(actor, there, preset_ids=preset_ids)
    team = own_teams(there).filter(pk=team_id).first() if team_id else None
    if team_id and team is None:
        raise InvalidInput(gettext("Choose one of your teams there, or everybody."), field="team")
    for each in plan:
        if each.problem:
            continue
        copied = Preset.unscoped.create(
            organization=there.organization,
            slug=each.slug,
            title=each.title,
            operation=each.preset.operation,
            parameters=each.preset.parameters,
            team=team,
            created_by=there.user,
        )
        here: dict[str, object] = {"title": each.preset.title, "to": there.organization.name, "as": each.title}
        _record(actor, "preset.copied", each.preset, here)
        arrived: dict[str, object] = {"title": each.title, "parameters": copied.parameters}
        arrived |= {"team": team.name} if team else {}
        _record(there, "preset.created", copied, arrived | {"copied_from": actor.organization.name})
    return plan


def _record(actor: Actor, what: str, preset: Preset, details: dict[str, Any]) -> None:
    audit.record(actor, what, target_kind="preset", target_id=preset.pk, details=details)


def _problem(preset: Preset) -> str:
    try:
        find(preset.operation).merge(preset.parameters, {}, max_pixels=settings.MAX_IMAGE_PIXELS)
    except PackshotError as error:
        return error.detail
    return ""


def _free(title: str, taken: set[str]) -> tuple[str, str]:
    """The title, with the first number that makes its slug a free one."""
    number, wanted = 1, title
    while True:
        try:
            wanted, slug = name_of(wanted)
        except InvalidInput:  # a built-in preset has it since
            slug = ""
        if slug and slug not in taken:
            return wanted, slug
        number += 1
        ending = f" {number}"
        wanted = title[: _LONGEST - len(ending)].rstrip() + ending
