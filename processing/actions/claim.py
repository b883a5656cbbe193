"""Claims: which photo a worker takes next, and how it keeps, gives back and loses it."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.kit import shared_clock
from processing.models import FACE_SWAP, Job, JobImage, Status
from processing.models.priority import BATCH, PREVIEW, SINGLE
from processing.queries.turns import Next, Waiting, next_photo, waiting

_FURTHEST = 5  # 2 ** so many photos behind the first


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write to one image, until another attempt takes it over."""

    image_id: uuid.UUID
    attempt: int


def claim_next(worker: str) -> Claim | None:
    """The next photo, fairly (`_turn`); None where none waits."""
    lost = 0
    while turn := _turn(waiting()):
        # Many workers that ask at the same moment get the same answer, and one of them the photo: the others look
        # behind it, ever further, instead of meeting again.
        behind = secrets.randbelow(2 ** min(lost, _FURTHEST)) if lost else 0
        photo = next_photo(turn.priority, turn.organization_id, in_turns=turn.priority == BATCH, behind=behind)
        if photo and (claim := _claim(photo, worker)):
            return claim
        lost += 1
    return None


def _turn(candidates: list[Waiting]) -> Waiting | None:
    """Previews first. Then the organization with the fewest photos in hand, and of several the one whose last photo is
    the longest ago. A single image counts as one photo less in hand: it goes before the batches of everybody, but an
    organization that sends one after the other cannot keep the others' batches from moving."""
    if not candidates:
        return None
    most = max(each.priority for each in candidates)
    if most == PREVIEW:
        candidates = [each for each in candidates if each.priority == PREVIEW]
    return min(candidates, key=lambda each: (each.running - (each.priority == SINGLE), each.served, -each.priority))


def claim_face_swap(worker: str) -> Claim | None:
    """The next face swap, by age: each has its account already, so they do not stand in each other's way."""
    queued = JobImage.unscoped.filter(status=Status.QUEUED, job__operation=FACE_SWAP).order_by("queued_at", "pk")
    for image_id, attempts in queued.values_list("pk", "attempt")[:32]:
        if claim := _claim(Next(image_id, attempts), worker, parked=True):
            return claim
    return None


@transaction.atomic
def _claim(photo: Next, worker: str, *, parked: bool = False) -> Claim | None:
    now, image_id = shared_clock.written(), photo.image_id
    # The job's lock comes before its photo's, as in a cancel: in the other order the two would wait for each other.
    waiting_job = (
        Job.unscoped.select_for_update(of=("self",)).filter(images=image_id, status=Status.QUEUED).only("pk").first()
    )
    # Somebody who took it in the meantime and gave it back has counted on.
    claim = Claim(image_id, photo.attempts + 1)
    still = JobImage.unscoped.filter(pk=image_id, status=Status.QUEUED, parked=parked, attempt=photo.attempts)
    claimed = still.update(
        status=Status.RUNNING,
        attempt=claim.attempt,
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
    return claim


def renew(claims: list[Claim]) -> None:
    """Extends the leases of what this process is working on."""
    if not claims:
        return
    until = shared_clock.now() + lease()
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
