from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from processing.models.asset import Asset
from processing.models.status import OPEN_STATUSES, Status


class Job(Owned):
    """One request for work: an operation with its parameters over one photo or a batch of them."""

    class Purpose(models.TextChoices):
        WORK = "work"
        # Small, free and short-lived: what the Studio shows while parameters are being chosen.
        PREVIEW = "preview"
        # Looked at by the rules of marketplaces: no image is made, nothing is charged.
        CHECK = "check"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.WORK)
    operation = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    preset = models.CharField(max_length=80, blank=True)
    preset_label = models.CharField(max_length=200, blank=True)
    background = models.ForeignKey(Asset, null=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    image_count = models.PositiveIntegerField(default=1)
    error = models.JSONField(null=True)
    credits_reserved = models.PositiveIntegerField(default=0)
    credits_charged = models.PositiveIntegerField(default=0)
    sandbox = models.BooleanField(default=False)
    # Where in the organization's file space its images go, where they do: one for each image of its only photo.
    output_paths = models.JSONField(default=list)
    webhook_url = models.URLField(max_length=2000, blank=True)
    retry_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="retries")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", null=True, on_delete=models.SET_NULL, related_name="+")
    # What the program has called, such as `POST /api/v1/process`; empty for people.
    endpoint = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    unscoped = models.Manager["Job"]()
    objects = OwnedManager["Job"]()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "purpose", "-id"], name="job_by_organization"),
            models.Index(fields=["organization", "status", "-id"], name="job_by_status"),
            models.Index(
                fields=["organization", "preset_label", "-id"],
                condition=~models.Q(preset_label=""),
                name="job_by_label",
            ),
            # What the sweeper looks for every few seconds.
            models.Index(fields=["created_at"], condition=models.Q(purpose="preview"), name="job_previews"),
            models.Index(fields=["finished_at"], condition=models.Q(operation="face_swap"), name="job_face_swaps"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.pk}"

    @property
    def ended(self) -> bool:
        return self.status not in OPEN_STATUSES

    @property
    def operation_count(self) -> int:
        """How many operations each photo goes through: as many as a recipe has steps, else one."""
        return max(len(self.parameters.get("steps", ())), 1)
