from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.publication import Publication

# A dry run, and taking away a file that no product shows any more.
OTHER_TASKS = (("preview", "preview"), ("remove", "remove"))


class PublicationAttempt(Owned):
    """One try of a publication, as the activity log shows it. `exchanges`: integrations.base.Exchange, newest last."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="attempts")
    task = models.CharField(max_length=8, choices=[*Publication.Task.choices, *OTHER_TASKS])
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, blank=True)  # the publication's state after it; empty while it runs
    exchanges = models.JSONField(default=list)
    issues = models.JSONField(default=list)
    problem = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", null=True, on_delete=models.SET_NULL, related_name="+")
    # Requests and answers have gone by their age, see actions/publishing/trim.py.
    trimmed = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["PublicationAttempt"]()
    objects = OwnedManager["PublicationAttempt"]()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-id"], name="publication_attempt_by_org"),
            models.Index(fields=["publication", "-id"], name="attempt_by_publication"),
            models.Index(fields=["created_at"], condition=models.Q(trimmed=False), name="attempt_to_trim"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.number} of {self.publication_id}"
