from __future__ import annotations

import json
from collections.abc import Mapping

from django.conf import settings
from django.db import models

from accounts.kit import encryption
from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.base import Account


class Connection(Owned):
    """A shop of the organization with the keys to it. Its maker's own, until it is shared with a team or everybody.

    `credentials` is encrypted and emptied when the shop is disconnected; the row stays for its history.
    """

    class Status(models.TextChoices):
        CONNECTED = "connected"
        BROKEN = "broken"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    marketplace = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=500)
    credentials = models.TextField()
    masked = models.CharField(max_length=60)
    keys_held_until = models.DateTimeField(null=True)  # while a worker exchanges them, see actions/account.py
    options = models.JSONField(default=dict)
    notes = models.JSONField(default=list)  # sentences of the last check
    shared = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CONNECTED)
    problem = models.JSONField(null=True)  # {"code", "detail", "blame"} of a broken one
    broken_since = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # what passes by itself, as long as it does not
    check_after = models.DateTimeField(null=True)  # the next regular check; None: at once
    # Read once a night at this time ("HH:MM") of the organization's zone.
    nightly = models.BooleanField(default=True)
    nightly_at = models.CharField(max_length=5, default="03:00")
    sync_after = models.DateTimeField(null=True)  # the next night's; None: not worked out yet
    calls_per_minute = models.PositiveIntegerField(default=240)
    # Nothing is published while this is set; syncs go on.
    paused_at = models.DateTimeField(null=True)
    # Days after which an image of ours that no product shows any more is removed from the shop; None: never.
    remove_after_days = models.PositiveSmallIntegerField(null=True)
    # "HH:MM" of the organization's day, both or neither: nothing is asked of the shop from the one to the other.
    quiet_from = models.CharField(max_length=5, blank=True)
    quiet_until = models.CharField(max_length=5, blank=True)
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    disconnected_at = models.DateTimeField(null=True)

    unscoped = models.Manager["Connection"]()
    objects = OwnedManager["Connection"]()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-id"], name="connection_by_organization"),
            models.Index(fields=["check_after"], condition=models.Q(disconnected_at=None), name="connection_to_check"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "marketplace", "address", "maker"],
                condition=models.Q(disconnected_at=None),
                name="one_connection_per_shop_and_maker",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def broken(self) -> bool:
        return self.status == self.Status.BROKEN

    def account(self) -> Account:
        """Raises Undecipherable when FIELD_ENCRYPTION_KEYS has lost the key."""
        return Account(self.address, json.loads(encryption.decrypt(self.credentials)), self.options)


def sealed(credentials: Mapping[str, str]) -> str:
    """Credentials as they are stored."""
    return encryption.encrypt(json.dumps(dict(credentials)))
