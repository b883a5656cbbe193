from __future__ import annotations

from django.db import models
from django.utils.crypto import get_random_string

from accounts.kit import encryption
from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection


def new_token() -> str:
    return get_random_string(40)


class InboundHook(Owned):
    """Where one connection's shop tells us what changed: the address's token, and how its subscriptions stand.

    `secret`: encrypted; what the shop signs with, unless its marketplace signs with something of its own.
    `topics`: [{"topic", "mended_at"}] of the last look.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="hook")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    secret = models.TextField()
    topics = models.JSONField(default=list)
    problem = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True)

    unscoped = models.Manager["InboundHook"]()
    objects = OwnedManager["InboundHook"]()

    def __str__(self) -> str:
        return f"hook of {self.connection_id}"

    def opened(self) -> str:
        """The secret. Raises Undecipherable."""
        return encryption.decrypt(self.secret)
