from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection
from integrations.models.publish_run import PublishRun
from integrations.publishing import Place


class Publication(Owned):
    """One image for one place of one product: sent once, followed until the shop shows it, taken back if asked.

    Worked on by claims (attempt and lease), as a job's image is. The product is named by its remote ids and by what it
    was called then: the catalog's row may go. `image` is what was chosen, and may be deleted any time; `sent_image`
    has the same bytes and is this row's own: what the shop fetches.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SUBMITTED = "submitted"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"
        FAILED = "failed"
        REVERTED = "reverted"

    class Task(models.TextChoices):
        """What the next claim does."""

        PUBLISH = "publish"
        FOLLOW = "follow"
        RESTORE = "restore"

    OPEN = (Status.QUEUED, Status.SENDING, Status.SUBMITTED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="publications")
    run = models.ForeignKey(PublishRun, null=True, on_delete=models.SET_NULL, related_name="publications")
    product = models.CharField(max_length=100)
    variant = models.CharField(max_length=100, blank=True)
    slot = models.CharField(max_length=20)
    title = models.CharField(max_length=500, blank=True)  # product and variant, as they were called
    sku = models.CharField(max_length=200, blank=True)
    image = models.ForeignKey("processing.Asset", null=True, on_delete=models.SET_NULL, related_name="+")
    sent_image = models.ForeignKey("processing.Asset", null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey("processing.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    dry_run = models.BooleanField(default=False)
    sandbox = models.BooleanField(default=False)  # with a test key: validated and logged, nothing is sent
    verdict = models.CharField(max_length=4, blank=True)  # pass, warn or fail of the check before; empty until it ran
    override_reason = models.CharField(max_length=500, blank=True)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    task = models.CharField(max_length=8, choices=Task.choices, default=Task.PUBLISH)
    was = models.CharField(max_length=10, blank=True)  # the status before the old image was asked back
    held = models.BooleanField(default=False)  # of a run that waits for a look
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # in a row
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(default=timezone.now)  # to the queue
    submitted_at = models.DateTimeField(null=True)  # when the shop took what it has not shown yet
    memory = models.JSONField(default=dict)
    before = models.JSONField(null=True)  # integrations.publishing.Shown, before the first try
    old_image = models.ForeignKey("processing.Asset", null=True, on_delete=models.SET_NULL, related_name="+")
    issues = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    remote_url = models.TextField(blank=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", null=True, on_delete=models.SET_NULL, related_name="+")
    # Who has asked for it to be put back.
    reverted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reverted_key = models.ForeignKey("accounts.ApiKey", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    reverted_at = models.DateTimeField(null=True)

    unscoped = models.Manager["Publication"]()
    objects = OwnedManager["Publication"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "product", "variant", "slot"],
                condition=models.Q(status__in=["queued", "sending", "submitted"], dry_run=False, sandbox=False),
                name="one_open_publication_per_place",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="publication_by_organization"),
            models.Index(fields=["connection", "product", "-id"], name="publication_by_product"),
            models.Index(fields=["organization", "product", "-id"], name="publication_of_product"),
            models.Index(fields=["organization", "status", "-id"], name="publication_by_status"),
            # By age within a run: without it the newest of all are gone through until enough are of this run.
            models.Index(fields=["run", "-id"], name="publication_by_run"),
            models.Index(
                fields=["not_before"],
                condition=models.Q(status__in=["queued", "sending", "submitted"]),
                name="publication_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename} to {self.product} ({self.status})"

    @property
    def open(self) -> bool:
        return self.status in self.OPEN

    @property
    def place(self) -> Place:
        return Place(self.product, self.variant, self.slot)
