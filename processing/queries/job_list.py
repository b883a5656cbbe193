"""What a list of jobs shows of each: its first photo and how far it has come."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from processing.models import OPEN_STATUSES, Asset, Job, JobImage, Status
from processing.models.progress import percent

_LABELS_FROM = 2000
_MOST_LABELS = 200
_BAD = {"pass": 1, "warn": 2, "fail": 3}


@dataclass(slots=True)
class JobRow:
    """`progress`: 0 to 100 over all photos. `first`: the first photo, for its name and picture. `verdict`: the worst of
    its images, `judged_by` which profile."""

    job: Job
    first: JobImage | None = None
    succeeded: int = 0
    failed: int = 0
    canceled: int = 0
    verdict: str = ""
    judged_by: str = ""
    progress: int = 0

    @property
    def picture(self) -> Asset | None:
        """The output where there is one, else the photo."""
        return (self.first.output or self.first.source) if self.first else None

    @property
    def done(self) -> int:
        return self.succeeded + self.failed + self.canceled

    @property
    def milliseconds(self) -> float | None:
        """From the first photo's start to the last one's end."""
        if not self.job.started_at or not self.job.finished_at:
            return None
        return 1000 * (self.job.finished_at - self.job.started_at).total_seconds()


def job_rows(actor: Actor, jobs: Sequence[Job]) -> list[JobRow]:
    """In three queries, however many jobs and photos."""
    actor.require(Permission.JOBS_READ)
    rows = {job.pk: JobRow(job) for job in jobs}
    firsts = (
        JobImage.objects.of(actor)
        .filter(job__in=list(rows), index=0)
        .select_related("output", "source")
        .defer("report")
    )
    for image in firsts:
        rows[image.job_id].first = image
    points: dict[uuid.UUID, int] = dict.fromkeys(rows, 0)
    for group in (
        JobImage.objects.of(actor)
        .filter(job__in=list(rows))
        .values("job_id", "status", "verdict", "judged_by")
        .annotate(count=Count("pk"))
        .order_by()
    ):
        row, count = rows[group["job_id"]], group["count"]
        if group["status"] == Status.SUCCEEDED:
            row.succeeded += count
            if _BAD.get(group["verdict"], 0) > _BAD.get(row.verdict, 0):
                row.verdict, row.judged_by = group["verdict"], group["judged_by"]
        elif group["status"] == Status.FAILED:
            row.failed += count
        elif group["status"] == Status.CANCELED:
            row.canceled += count
        if group["status"] not in OPEN_STATUSES:
            points[row.job.pk] += 100 * count
    running = JobImage.objects.of(actor).filter(job__in=list(rows), status=Status.RUNNING)
    for job_id, step, steps in running.values_list("job_id", "step", "steps"):
        points[job_id] += percent(step, steps, operations=rows[job_id].job.operation_count)
    for row in rows.values():
        row.progress = points[row.job.pk] // max(row.job.image_count, 1)
    return list(rows.values())


def job_labels(actor: Actor) -> list[str]:
    """The labels of the latest jobs, by alphabet."""
    actor.require(Permission.JOBS_READ)
    latest = Job.objects.of(actor).filter(purpose=Job.Purpose.WORK).order_by("-pk")[:_LABELS_FROM]
    labels = {label for label in latest.values_list("preset_label", flat=True) if label}
    return sorted(labels, key=str.lower)[:_MOST_LABELS]
