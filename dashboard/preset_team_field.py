"""The choice of who sees and uses a preset or recipe: everybody, or one team."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext, gettext_lazy

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput
from accounts.queries.teams import own_teams
from processing.models import Preset


def preset_team_field(actor: Actor, preset: Preset | None = None) -> forms.CharField | None:
    """None where there is nothing to choose from: then a preset is everybody's. What is chosen is for the action to
    refuse."""
    teams = {str(team.pk): team.name for team in own_teams(actor)}
    if preset is not None and preset.team is not None:
        teams.setdefault(str(preset.team.pk), preset.team.name)
    if not teams:
        return None
    words = [(pk, gettext("The team %(name)s") % {"name": name}) for pk, name in teams.items()]
    return forms.CharField(
        label=gettext_lazy("Used by"),
        required=False,
        widget=forms.Select(choices=[("", gettext("Everybody in the organization")), *words]),
        help_text=gettext_lazy("Who is not in the team neither sees nor uses it. Owners and admins do."),
    )


def chosen_team(value: str) -> uuid.UUID | None:
    """The team that was chosen. Raises InvalidInput for what no form sends."""
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        raise InvalidInput(gettext("Choose one of your teams, or everybody."), field="team") from None
