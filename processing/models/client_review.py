from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.approval import Approval
from accounts.models.owned import Owned, OwnedManager
from processing.models.asset import Asset


class Verdict(models.TextChoices):
    APPROVED = "approved"
    REFUSED = "refused"


class ClientReview(Owned):
    """Images that somebody without an account looks at through a link, and what they say of them.

    The link's token is shown once, or in an e-mail, and nowhere else: only a keyed hash of it is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=200)
    message = models.TextField(blank=True, max_length=2000)
    digest = models.CharField(max_length=64, unique=True)
    downloads = models.BooleanField(default=False)
    # Where the images are those of a publication, or a run, that waits for a second person.
    approval = models.ForeignKey(Approval, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    # Who knows the link that works: it ends when they leave (actions/leaving.py).
    link_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    sent_to = models.JSONField(default=list)
    # Empty although there are addresses: the mail server did not take the e-mail.
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=100, blank=True)

    unscoped = models.Manager["ClientReview"]()
    objects = OwnedManager["ClientReview"]()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="client_review_by_organization")]

    def __str__(self) -> str:
        return self.title

    def usable(self, now: datetime | None = None) -> bool:
        """Whether its link opens anything; `organization` is loaded."""
        return self.revoked_at is None and self.organization.closes_at is None and not self.expired(now)

    def expired(self, now: datetime | None = None) -> bool:
        return self.expires_at <= (now or timezone.now())


class ClientReviewImage(Owned):
    """One of them, with the latest answer. Outside its id is all that is known of it, so it tells nothing: random, not
    of the time. The row stays when the image is deleted: what was said of it stays with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(ClientReview, on_delete=models.CASCADE, related_name="images")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=255)
    position = models.PositiveIntegerField()
    answer = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)

    unscoped = models.Manager["ClientReviewImage"]()
    objects = OwnedManager["ClientReviewImage"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "position"], name="one_client_image_per_position")]
        indexes = [models.Index(fields=["organization", "answer"], name="client_image_by_answer")]

    def __str__(self) -> str:
        return f"{self.name} ({self.answer or 'no answer'})"


class ClientAnswer(Owned):
    """What somebody outside has said of an image, one after the other; without a verdict it is a comment."""

    image = models.ForeignKey(ClientReviewImage, on_delete=models.CASCADE, related_name="answers")
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    name = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["ClientAnswer"]()
    objects = OwnedManager["ClientAnswer"]()

    def __str__(self) -> str:
        return f"{self.verdict or 'comment'} by {self.name or 'somebody'}"
