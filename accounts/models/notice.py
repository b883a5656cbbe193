from __future__ import annotations

from django.db import models
from django.utils import timezone


class Notice(models.Model):
    """A sentence on every page from the operator, such as of a maintenance. Shown between its two moments."""

    class Tone(models.TextChoices):
        INFO = "info"
        WARNING = "warning"
        DANGER = "danger"

    title = models.CharField(max_length=120)
    text = models.CharField(max_length=500, blank=True)
    tone = models.CharField(max_length=8, choices=Tone.choices, default=Tone.INFO)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is deleted.")

    def __str__(self) -> str:
        return self.title
