"""Claims: which photo a worker takes next, and how it keeps, gives back and loses it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Min, QuerySet
from django.utils import timezone

from processing.models import FACE_SWAP, Job, JobImage, Status


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write to one image, until another attempt takes it over."""

    image_id: uuid.UUID
    attempt: int


def claim_next(worker: str) -> Claim | None:
    """The next photo, fairly: the highest priority, then the organization with the fewest photos running, then age."""
    while (image_id := _next_queued()) is not None:
        if claim := _claim(image_id, worker):
            return claim
    return None


def _next_queued() -> uuid.UUID | None:
    queued = JobImage.unscoped.filter(status=Status.QUEUED, parked=False)
    waiting = list(queued.values("priority", "organization_id").annotate(oldest=Min("queued_at")).order_by())
    if not waiting:
        return None
    running = dict(
        JobImage.unscoped.filter(status=Status.RUNNING)
        .values_list("organization_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    choice = min(waiting, key=lambda row: (-row["priority"], running.get(row["organization_id"], 0), row["oldest"]))
    return (
        queued.filter(priority=choice["priority"], organization_id=choice["organization_id"])
        .order_by("queued_at", "pk")
        .values_list("pk", flat=True)
        .first()
    )


def claim_face_swap(worker: str) -> Claim | None:
    """The next face swap, by age: each has its account already, so they do not stand in each other's way."""
    queued = JobImage.unscoped.filter(status=Status.QUEUED, job__operation=FACE_SWAP).order_by("queued_at", "pk")
    for image_id in queued.values_list("pk", flat=True)[:32]:
        if claim := _claim(image_id, worker, parked=True):
            return claim
    return None


@transaction.atomic
def _claim(image_id: uuid.UUID, worker: str, *, parked: bool = False) -> Claim | None:
    now = timezone.now()
    # The job's lock comes before its photo's, as in a cancel: in the other order the two would wait for each other.
    waiting_job = (
        Job.unscoped.select_for_update(of=("self",)).filter(images=image_id, status=Status.QUEUED).only("pk").first()
    )
    claimed = JobImage.unscoped.filter(pk=image_id, status=Status.QUEUED, parked=parked).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        lease_expires_at=now + lease(),
        worker=worker,
        step="",
        steps=[],
        started_at=now,
    )
    if not claimed:
        return None
    if waiting_job:
        Job.unscoped.filter(pk=waiting_job.pk).update(status=Status.RUNNING, started_at=now)
    return Claim(image_id, JobImage.unscoped.values_list("attempt", flat=True).get(pk=image_id))


def renew(claims: list[Claim]) -> None:
    """Extends the leases of what this process is working on."""
    until = timezone.now() + lease()
    for claim in claims:
        held(claim).update(lease_expires_at=until)


def give_back(claim: Claim) -> None:
    """Puts a claimed photo back into the queue: the worker is asked to stop. That is no loss."""
    held(claim).update(status=Status.QUEUED, lease_expires_at=None, worker="", step="", steps=[])


def held(claim: Claim) -> QuerySet[JobImage]:
    """The row as long as the claim holds: empty once it was canceled, taken over or finished."""
    return JobImage.unscoped.filter(pk=claim.image_id, attempt=claim.attempt, status=Status.RUNNING)


def lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)
