from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from accounts.kit.ids import uuid7
from accounts.models.membership import Membership
from accounts.models.owned import Owned, OwnedManager


class Team(Owned):
    """Some of an organization's members, such as those of one shop."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["Team"]()
    objects = OwnedManager["Team"]()

    class Meta:
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="one_team_of_a_name")]

    def __str__(self) -> str:
        return self.name


class TeamPlace(Owned):
    """A member's place in a team; it goes with the membership. A lead chooses who else is in it.

    `spends`: what the member's own jobs cost counts on this team's budget. It is so for one of their teams.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="places")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="places")
    lead = models.BooleanField(default=False)
    spends = models.BooleanField(default=False)

    unscoped = models.Manager["TeamPlace"]()
    objects = OwnedManager["TeamPlace"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "membership"], name="one_place_per_member_and_team"),
            models.UniqueConstraint(
                fields=["membership"], condition=models.Q(spends=True), name="one_team_to_spend_from"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.team_id}"
