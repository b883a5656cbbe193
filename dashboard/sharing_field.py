"""The choice of who uses a connection: only its maker, one team, everybody."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext

from accounts.access.actor import Actor
from integrations.models import Connection
from integrations.queries.connections import teams_to_share_with

_MINE, _EVERYBODY = "me", "everybody"


def sharing_field(actor: Actor, row: Connection | None = None) -> forms.ChoiceField:
    teams = [
        (str(team.pk), gettext("The team {name}").format(name=team.name)) for team in teams_to_share_with(actor, row)
    ]
    return forms.ChoiceField(
        label=gettext("Used by"),
        required=row is not None,
        choices=[(_MINE, _alone(actor, row)), *teams, (_EVERYBODY, gettext("Everybody in the organization"))],
        help_text=gettext("Admins see every shop, so that none hangs on one person. Nobody is ever shown the keys."),
        error_messages={
            "invalid_choice": gettext("Choose one of your teams."),
            "required": gettext("Choose who uses it."),
        },
    )


def as_chosen(row: Connection) -> str:
    """What the field shows of a connection."""
    if row.shared:
        return _EVERYBODY
    return str(row.team_id) if row.team_id else _MINE


def chosen(value: str) -> tuple[bool, uuid.UUID | None]:
    """Whether it is shared with everybody, and with which team."""
    if value in {"", _MINE, _EVERYBODY}:
        return value == _EVERYBODY, None
    return False, uuid.UUID(value)


def _alone(actor: Actor, row: Connection | None) -> str:
    if row is None or row.maker == actor.user:
        return gettext("Only me")
    return (
        gettext("Only {display_name}").format(display_name=row.maker.display_name)
        if row.maker
        else gettext("Only owners and admins")
    )
