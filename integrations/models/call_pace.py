from __future__ import annotations

from django.db import models

from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection


class CallPace(Owned):
    """When the next call to a connection's shop may be made (unix seconds): one row for all who call it."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="call_pace")
    free_at = models.FloatField(default=0)

    unscoped = models.Manager["CallPace"]()
    objects = OwnedManager["CallPace"]()

    def __str__(self) -> str:
        return f"pace of {self.connection_id}"
