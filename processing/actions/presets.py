"""Presets of an organization and its teams: save, change, delete."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import InvalidInput, NotFound
from accounts.models import Team
from accounts.queries.teams import own_teams
from processing.models import Preset
from processing.operations.presets import PRESETS
from processing.operations.registry import find
from processing.queries.presets import seen


def save_preset(
    actor: Actor,
    *,
    title: str,
    parameters: Mapping[str, Any],
    operation: str = "process",
    preset_id: uuid.UUID | None = None,
    team_id: uuid.UUID | None = None,
) -> Preset:
    """A new preset, or the one with that id changed. `team_id`: who sees it; None: everybody.

    Raises InvalidInput; then nothing has changed.
    """
    actor.require(Permission.PRESETS_WRITE)
    title, slug = name_of(title)
    # Validated whole, kept as given: what is not said stays open for a later version's default.
    find(operation).merge(parameters, {}, max_pixels=settings.MAX_IMAGE_PIXELS)
    try:
        with transaction.atomic():
            return _write(
                actor,
                preset_id,
                slug=slug,
                title=title,
                operation=operation,
                parameters=dict(parameters),
                team_id=team_id,
            )
    except IntegrityError:
        raise InvalidInput(_taken(actor, slug), field="title") from None


def name_of(title: str) -> tuple[str, str]:
    """The title as it is kept, and the slug that calls name it by. Raises InvalidInput."""
    title = " ".join(title.split())
    if not 1 <= len(title) <= 80:
        raise InvalidInput(gettext("Give it a name of at most 80 characters."), field="title")
    slug = slugify(title)[:80]
    if not slug:
        raise InvalidInput(gettext("Use at least one letter or digit in the name."), field="title")
    if slug in PRESETS:
        raise InvalidInput(gettext("A built-in preset has this name. Choose another one."), field="title")
    return title, slug


def _write(
    actor: Actor,
    preset_id: uuid.UUID | None,
    *,
    slug: str,
    title: str,
    operation: str,
    parameters: dict[str, Any],
    team_id: uuid.UUID | None,
) -> Preset:
    if preset_id is None:
        preset = Preset(organization=actor.organization, created_by=actor.user)
    else:
        preset = _locked(actor, preset_id)
    before, team = preset.team, _team(actor, preset, team_id)
    preset.slug, preset.title, preset.operation, preset.parameters = slug, title, operation, parameters
    preset.team = team
    details: dict[str, object] = {"title": title, "parameters": parameters}
    if preset_id is None:
        preset.save(force_insert=True)
        details |= {"team": team.name} if team else {}
    else:
        preset.save(update_fields=["slug", "title", "operation", "parameters", "team", "updated_at"])
        if before != team:
            details |= {"before": {"team": _name_of(before)}, "after": {"team": _name_of(team)}}
    audit.record(
        actor,
        "preset.created" if preset_id is None else "preset.changed",
        target_kind="preset",
        target_id=preset.pk,
        details=details,
    )
    return preset


def _team(actor: Actor, preset: Preset, team_id: uuid.UUID | None) -> Team | None:
    """The team by its id: one of the actor's, or the one that has the preset already. Raises InvalidInput."""
    if team_id is None or team_id == preset.team_id:
        return preset.team if team_id else None
    found = own_teams(actor).filter(pk=team_id).first()
    if found is None:
        raise InvalidInput(gettext("Choose one of your teams, or everybody."), field="team")
    return found


def _name_of(team: Team | None) -> str:
    return team.name if team else ""


def _taken(actor: Actor, slug: str) -> str:
    if seen(actor).filter(slug=slug).exists():
        return "There is a preset or recipe of this name already. Choose another one."
    return "A team that you are not in has a preset or recipe of this name. Choose another one."


@transaction.atomic
def delete_preset(actor: Actor, *, preset_id: uuid.UUID) -> Preset:
    """Deletes it. Jobs that used it keep their parameters."""
    actor.require(Permission.PRESETS_WRITE)
    preset = _locked(actor, preset_id)
    audit.record(actor, "preset.deleted", target_kind="preset", target_id=preset.pk, details={"title": preset.title})
    preset.delete()
    return preset


def _locked(actor: Actor, preset_id: uuid.UUID) -> Preset:
    """Raises NotFound, also for one of a team that the actor is not in."""
    preset = seen(actor).select_related("team").select_for_update(of=("self",)).filter(pk=preset_id).first()
    if preset is None:
        raise NotFound(gettext("There is no such preset."))
    return preset
