from __future__ import annotations

from django.db import models

from accounts.access.notification_kinds import Delivery, Kind
from accounts.models.membership import Membership
from accounts.models.owned import Owned, OwnedManager

_KINDS = [(kind.value, kind.value) for kind in Kind]


class NotificationChoice(Owned):
    """How a member wants to be told of one kind of thing; where there is none, the role's default holds."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=24, choices=_KINDS)
    delivery = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Delivery])

    unscoped = models.Manager["NotificationChoice"]()
    objects = OwnedManager["NotificationChoice"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "kind"], name="one_choice_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.delivery}"


class DigestItem(Owned):
    """A line of a member's next daily e-mail. It goes with the e-mail (actions/digests.py)."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="digest_items")
    kind = models.CharField(max_length=24, choices=_KINDS)
    title = models.CharField(max_length=300)
    address = models.URLField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    # The member's next morning.
    due_at = models.DateTimeField(db_index=True)
    # Whoever has put this moment here sends it, until then; after it, somebody else may.
    lease_until = models.DateTimeField(null=True)

    unscoped = models.Manager["DigestItem"]()
    objects = OwnedManager["DigestItem"]()

    def __str__(self) -> str:
        return self.title
