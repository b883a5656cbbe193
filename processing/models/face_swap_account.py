from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.kit import encryption
from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager


class FaceSwapAccount(Owned):
    """An organization's own account at the face-swap provider: a Discord token with the server and channel it uses.

    The token is encrypted at rest. `digest`, a keyed hash of it, tells whether another account uses the same one.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=200)
    server = models.CharField(max_length=200)
    token = models.TextField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    # As the provider said last, and counted down since; None until known.
    credits_total = models.PositiveIntegerField(null=True)
    credits_used = models.PositiveIntegerField(null=True)
    credits_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(default=timezone.now)  # when a worker asks for them next
    # The job whose call it makes (until that job ends), or a test of it (until `held_until`).
    held_by = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    cools_until = models.DateTimeField(null=True)  # after a failure
    failures = models.PositiveIntegerField(default=0)  # since the last success
    trouble = models.CharField(max_length=300, blank=True)  # the last failure, in words
    last_used_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager["FaceSwapAccount"]()
    objects = OwnedManager["FaceSwapAccount"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "channel"], name="one_face_swap_account_per_channel"),
            models.UniqueConstraint(fields=["organization", "digest"], name="one_face_swap_account_per_token"),
            models.UniqueConstraint(fields=["held_by"], name="one_face_swap_account_per_holder"),
        ]

    def __str__(self) -> str:
        return self.channel

    @property
    def credits_left(self) -> int | None:
        """None while unknown."""
        if self.credits_total is None or self.credits_used is None:
            return None
        return max(self.credits_total - self.credits_used, 0)

    @property
    def cools(self) -> bool:
        return self.cools_until is not None and self.cools_until > timezone.now()

    def readable_token(self) -> str:
        """Raises Undecipherable when FIELD_ENCRYPTION_KEYS has lost the key."""
        return encryption.decrypt(self.token)

    def masked_token(self) -> str:
        """Enough to tell two apart; nothing of a short one."""
        try:
            token = self.readable_token()
        except encryption.Undecipherable:
            return "…unreadable…"
        return f"{token[:3]}…secured…{token[-3:]}" if len(token) >= 24 else "…secured…"
