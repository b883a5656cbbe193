from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager


class Preset(Owned):
    """Named parameters of an organization, or of one of its teams. The built-in ones are data: operations/presets.py.

    A slug is there once in the whole organization: a call that names it means the same whoever makes it, and a team
    that is deleted leaves its presets to everybody without a conflict.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=80)
    operation = models.CharField(max_length=40, default="process")
    parameters = models.JSONField(default=dict)
    # Who sees and uses it; None: everybody.
    team = models.ForeignKey("accounts.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = models.Manager["Preset"]()
    objects = OwnedManager["Preset"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="one_preset_per_organization_and_slug")
        ]

    def __str__(self) -> str:
        return self.title
