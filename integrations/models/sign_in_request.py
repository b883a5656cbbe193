from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection


class SignInRequest(Owned):
    """Somebody went to their shop to have it hand over keys. Good once, and for an hour."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    marketplace = models.CharField(max_length=20)
    address = models.CharField(max_length=500)
    name = models.CharField(max_length=100, blank=True)
    shared = models.BooleanField(default=False)
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)  # the keys have come, good or not
    problem = models.CharField(max_length=500, blank=True)
    connection = models.ForeignKey(Connection, null=True, on_delete=models.SET_NULL, related_name="+")

    unscoped = models.Manager["SignInRequest"]()
    objects = OwnedManager["SignInRequest"]()

    def __str__(self) -> str:
        return f"sign-in at {self.address}"
