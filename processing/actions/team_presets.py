"""What becomes of a team's presets when the team goes."""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.actions.teams import delete_team
from accounts.models import Team
from processing.models import Preset


@transaction.atomic
def delete_team_and_pass_on(actor: Actor, *, team_id: uuid.UUID) -> tuple[Team, int]:
    """Deletes the team and leaves its presets and recipes to everybody; how many these were. Raises NotFound."""
    actor.require(Permission.MEMBERS_WRITE)
    left = list(Preset.objects.of(actor).filter(team=team_id).select_related("team").order_by("pk"))
    for preset in left:
        team = preset.team.name if preset.team else ""
        audit.record(
            actor,
            "preset.passed_on",
            target_kind="preset",
            target_id=preset.pk,
            details={"title": preset.title, "before": {"team": team}, "after": {"team": ""}},
        )
    # The database itself takes the team off its presets.
    return delete_team(actor, team_id=team_id), len(left)
