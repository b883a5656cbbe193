from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from processing.models.asset import Asset
from processing.models.blob import Blob
from processing.models.job import Job
from processing.models.progress import percent
from processing.models.status import OPEN_STATUSES, Status


class JobImage(Owned):
    """One photo of a job: the unit that a worker claims.

    A segment in `steps` that asked no engine says so: `"mask": "kept"` (before this job), or `"of this job"`.

    A claim is a compare-and-set (queued → running) that raises `attempt` and sets a lease. Whoever writes afterwards
    names the attempt: a worker that was given up for dead finds no row to write to. So `attempt` never goes back.
    """

    class Phase(models.TextChoices):
        # Photos that share one scale are measured first (all of them), then rendered.
        MEASURE = "measure"
        RENDER = "render"

    class Review(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    class Verdict(models.TextChoices):
        """Of the finished image under the rules of `judged_by`; empty where nobody has judged it."""

        WAITING = "waiting"
        PASS = "pass"  # noqa: S105
        WARN = "warn"
        FAIL = "fail"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="images")
    index = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    source = models.ForeignKey(Asset, null=True, on_delete=models.SET_NULL, related_name="+")
    without_photo = models.BooleanField(default=False)  # made of nothing, such as a background alone
    output = models.ForeignKey(Asset, null=True, on_delete=models.SET_NULL, related_name="made_by")
    # The cut as somebody has corrected it, the whole photo's alpha as a grey PNG: used in place of the network's.
    matte = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="mattes")

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.RENDER)
    # Waits for the rest of its group to be measured, or (a face swap) is not for the workers of photos at all.
    parked = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(default=0)  # higher goes first
    attempt = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)  # attempts that ended with their worker; too many set it aside
    lease_expires_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(default=timezone.now)
    storage_away_since = models.DateTimeField(null=True)  # its bytes could not be read or kept then, nor since
    worker = models.CharField(max_length=120, blank=True)
    step = models.CharField(max_length=20, blank=True)
    steps = models.JSONField(default=list)  # [{"name": …, "ms": …}] of the running or last attempt; see below

    group_scale = models.FloatField(null=True)  # the scale at which this photo alone would fit
    frame = models.JSONField(null=True)  # [x, y, w, h] of the whole photo in output pixels
    subject_box = models.JSONField(null=True)  # [x, y, w, h] in output pixels, without shadow
    coverage = models.FloatField(null=True)  # share of the output covered by the subject, 0..1
    confidence = models.FloatField(null=True)  # 0..1
    confidence_reasons = models.JSONField(default=list)
    engine = models.CharField(max_length=60, blank=True)
    runtime = models.CharField(max_length=60, blank=True)
    warnings = models.JSONField(default=list)  # [{"code": …, "detail": …}]
    report = models.JSONField(null=True)  # of a check, or of what `verdict` sums up: processing/actions/run_check.py
    verdict = models.CharField(max_length=7, choices=Verdict.choices, blank=True)
    judged_by = models.CharField(max_length=120, blank=True)  # a profile's key: processing/queries/compliance.py
    judged_version = models.CharField(max_length=160, blank=True)
    judge_attempt = models.PositiveSmallIntegerField(default=0)
    judge_lease_expires_at = models.DateTimeField(null=True)
    error = models.JSONField(null=True)  # {"code": …, "detail": …}
    review = models.CharField(max_length=8, choices=Review.choices, default=Review.PENDING)
    label = models.CharField(max_length=200, blank=True)
    in_library = models.BooleanField(default=False)
    # The SHA-256 of the photo with which it began; what was made of no photo begins with itself.
    origin = models.CharField(max_length=64, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")  # its source was made so
    superseded = models.BooleanField(default=False)  # another version of the photo was made the current one
    # Its photo, its image or both went by the organization's rule (ImageRetention), which was so many days. Never where
    # a person has deleted the image.
    deleted_after = models.SmallIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    unscoped = models.Manager["JobImage"]()
    objects = OwnedManager["JobImage"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "index"], name="one_image_per_index")]
        indexes = [
            models.Index(
                fields=["status", "priority", "organization", "queued_at"],
                condition=models.Q(status__in=["queued", "running"]),
                name="job_image_open",
            ),
            # Whose turn it is: processing/queries/turns.py.
            models.Index(
                fields=["priority", "organization", "job", "index"],
                condition=models.Q(status="queued", parked=False),
                name="job_image_ready",
            ),
            models.Index(fields=["organization"], condition=models.Q(status="running"), name="job_image_running"),
            models.Index(
                fields=["organization", "priority", "started_at"],
                condition=models.Q(started_at__isnull=False),
                name="job_image_turn",
            ),
            models.Index(fields=["organization", "-id"], condition=models.Q(in_library=True), name="job_image_library"),
            models.Index(
                fields=["organization", "confidence", "id"],
                condition=models.Q(in_library=True, review="pending"),
                name="job_image_review",
            ),
            models.Index(
                fields=["organization", "verdict", "-id"],
                condition=models.Q(in_library=True),
                name="job_image_verdict",
            ),
            models.Index(fields=["-id"], condition=models.Q(verdict="waiting"), name="job_image_unjudged"),
            models.Index(fields=["organization", "origin", "-id"], name="job_image_origin"),
            # What was set aside lately: the operator's page.
            models.Index(fields=["-finished_at"], condition=models.Q(status="failed"), name="job_image_failed"),
            models.Index(
                fields=["organization", "finished_at"], condition=models.Q(in_library=True), name="job_image_finished"
            ),
            models.Index(
                fields=["organization", "review", "-id"],
                condition=models.Q(in_library=True),
                name="job_image_reviewed",
            ),
            models.Index(
                fields=["organization", "label", "-id"],
                condition=models.Q(in_library=True) & ~models.Q(label=""),
                name="job_image_label",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.status})"

    @property
    def ended(self) -> bool:
        return self.status not in OPEN_STATUSES

    @property
    def progress(self) -> int:
        """0 to 100: how many of the steps are done, over all operations of the job."""
        if self.status == Status.SUCCEEDED:
            return 100
        if self.status != Status.RUNNING:
            return 0
        return percent(self.step, self.steps, operations=self.job.operation_count)
