"""The end of a photo and, with the last one, of its job. Fenced by the attempt; credits settle in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.actions import credits, usage
from accounts.kit import metrics, shared_clock
from processing.actions import announce, blobs, ends, space, verdicts, wake
from processing.actions.assets import clean_name
from processing.actions.claim import Claim, held
from processing.actions.given_up import WorkerLost
from processing.imaging.formats import EXTENSIONS
from processing.models import FACE_SWAP, FACE_SWAP_COST, OPEN_STATUSES, Asset, Job, JobImage, Status
from processing.operations.base import Result
from processing.operations.registry import price
from processing.queries.judging import profile_of

Steps = Sequence[Mapping[str, object]]  # that the photo went through, with what each took


class LostClaim(Exception):
    """The photo was canceled or taken over by another worker; this one's result is not wanted."""


log = structlog.get_logger(__name__)


@transaction.atomic
def succeed(claim: Claim, result: Result, *, steps: Steps = ()) -> None:
    """Stores the output and ends the photo. Raises LostClaim, and stores nothing, when the claim does not hold."""
    image = _locked(claim)
    image.steps = list(steps)
    image.output = _kept(image, result)
    image.status = Status.SUCCEEDED
    image.subject_box = list(result.box) if result.box else None
    image.frame = [round(value, 2) for value in result.frame] if result.frame else None
    image.coverage = result.coverage
    image.confidence = result.confidence.value if result.confidence else None
    image.confidence_reasons = list(result.confidence.reasons) if result.confidence else []
    image.engine = result.engine
    image.runtime = result.runtime
    image.warnings = [{"code": warning.code, "detail": warning.detail} for warning in result.warnings]
    if result.matte is not None and image.job.purpose == Job.Purpose.WORK:
        before, image.matte = image.matte_id, blobs.store(image.organization_id, result.matte)
        if before is not None:
            blobs.remove_unused(before)
    # The library keeps; what is in the file space goes within hours, and a face swap with its job.
    keeps = not image.job.output_paths and image.job.operation != FACE_SWAP
    image.in_library = image.job.purpose == Job.Purpose.WORK and keeps
    image.judged_by = profile_of(image) if image.in_library else ""
    image.verdict = JobImage.Verdict.WAITING if image.judged_by else ""
    _end(
        image,
        "steps",
        "output",
        "subject_box",
        "frame",
        "coverage",
        "confidence",
        "confidence_reasons",
        "engine",
        "runtime",
        "warnings",
        "matte",
        "in_library",
        "judged_by",
        "verdict",
    )


def _kept(image: JobImage, result: Result) -> Asset:
    """The result as an asset; with its further images at their paths, where the job names them."""
    paths = image.job.output_paths
    if not paths:
        # What is made of a photo that is kept for a time lives no longer than it.
        expires_at = image.source.expires_at if image.source else None
        return _asset(image, result, f"{_stem(image.name)}.{EXTENSIONS[result.format]}", expires_at)
    results = dict(zip(paths, (result, *result.further), strict=True))
    space.make_room(image.organization_id, {path: len(each.data) for path, each in results.items()})
    made = {path: _asset(image, each, clean_name(path), space.ends_at()) for path, each in results.items()}
    for path, asset in made.items():
        space.put(image.organization_id, path, asset)
    return made[paths[0]]


def _asset(image: JobImage, result: Result, name: str, expires_at: datetime | None) -> Asset:
    return Asset.unscoped.create(
        organization_id=image.organization_id,
        blob=blobs.store(image.organization_id, result.data),
        kind=Asset.Kind.PREVIEW if image.job.purpose == Job.Purpose.PREVIEW else Asset.Kind.OUTPUT,
        name=name,
        format=result.format,
        width=result.width,
        height=result.height,
        created_by_id=image.job.created_by_id,
        api_key_id=image.job.api_key_id,
        expires_at=expires_at,
    )


@transaction.atomic
def checked(claim: Claim, report: dict[str, Any], *, steps: Steps = ()) -> None:
    """Ends a compliance check with what was found. Raises LostClaim when the claim does not hold."""
    image = _locked(claim)
    image.steps = list(steps)
    image.report = report
    image.status = Status.SUCCEEDED
    _end(image, "steps", "report")
    verdicts.take_over(image.organization_id, report)


@transaction.atomic
def fail(claim: Claim, *, code: str, detail: str) -> None:
    """Ends the photo with its cause. A claim that does not hold any more is nobody's failure."""
    try:
        image = _locked(claim)
    except LostClaim:
        return
    image.status = Status.FAILED
    image.error = {"code": code, "detail": detail}
    _end(image, "error")


@transaction.atomic
def set_aside(claim: Claim) -> bool:
    """Ends a photo that took one worker too many with it; False when its lease was renewed in the meantime."""
    image = _locked(claim)
    if image.lease_expires_at is None or image.lease_expires_at > shared_clock.now():
        return False
    image.losses += 1
    image.status = Status.FAILED
    image.error = {"code": WorkerLost.code, "detail": WorkerLost(image.losses).detail}
    _end(image, "error", "losses")
    return True


@transaction.atomic
def measured(claim: Claim, *, scale: float) -> None:
    """The first half of a photo that shares its scale with others: it waits until all of them are measured."""
    image = _locked(claim)
    image.group_scale = scale
    image.phase = JobImage.Phase.RENDER
    image.status = Status.QUEUED
    image.parked = True
    image.losses = 0
    image.lease_expires_at = None
    image.storage_away_since = None
    image.save(
        update_fields=["group_scale", "phase", "status", "parked", "losses", "lease_expires_at", "storage_away_since"]
    )
    _render_if_all_measured(image.job)


def _render_if_all_measured(job: Job) -> None:
    group = JobImage.unscoped.filter(job=job, status__in=OPEN_STATUSES)
    if group.filter(phase=JobImage.Phase.MEASURE).exists():
        return
    wake.after_commit(group.filter(parked=True).update(parked=False, queued_at=timezone.now()))


def _locked(claim: Claim) -> JobImage:
    """The claimed image with its job, both locked: the job first, always, so that two ends cannot cross."""
    job = Job.unscoped.select_for_update(of=("self",)).filter(images=claim.image_id).order_by().first()
    image = held(claim).select_related("source").select_for_update(of=("self",)).order_by().first()
    if job is None or image is None:
        raise LostClaim
    image.job = job
    return image


def _end(image: JobImage, *fields: str) -> None:
    image.finished_at = timezone.now()
    image.lease_expires_at = None
    image.step = ""
    image.save(update_fields=["status", "finished_at", "lease_expires_at", "step", *fields])
    transaction.on_commit(partial(_count, image, image.finished_at))
    if image.phase == JobImage.Phase.MEASURE:
        _render_if_all_measured(image.job)
    close_if_done(image.job, last=image)


def _count(image: JobImage, ended: datetime) -> None:
    metrics.photo_ended(
        operation=image.job.operation,
        outcome=image.status,
        code=image.error["code"] if image.error else "",
        seconds=(ended - image.queued_at).total_seconds(),
        steps=image.steps,
        engine=image.engine,
        runtime=image.runtime,
    )


def close_if_done(job: Job, *, last: JobImage | None = None) -> None:
    """Ends the job once none of its photos is open. The caller holds the job's row lock. `last`: the one that ended."""
    if job.ended:
        return
    if last and job.image_count == 1:
        done = int(last.status == Status.SUCCEEDED)
    elif JobImage.unscoped.filter(job=job, status__in=OPEN_STATUSES).exists():
        return
    else:
        done = JobImage.unscoped.filter(job=job, status=Status.SUCCEEDED).count()
    if done:
        job.status = Status.SUCCEEDED
    else:
        job.status = Status.FAILED
        first = JobImage.unscoped.filter(job=job, error__isnull=False).order_by("index").first()
        job.error = first.error if first else None
    settle(job, done)


def settle(job: Job, done: int) -> None:
    """Writes the end of the job and its credits: charged per photo that succeeded, the rest given back. Tells of it."""
    charged = 0
    if job.credits_reserved:
        each = FACE_SWAP_COST if job.operation == FACE_SWAP else price(job.operation, job.parameters)
        charged = min(job.credits_reserved, each * done)
        credits.settle(job.organization_id, job_id=job.pk, reserved=job.credits_reserved, charged=charged)
    job.credits_charged = charged
    job.finished_at = timezone.now()
    if charged:
        usage.add_credits(
            job.organization_id,
            day=job.finished_at.astimezone(UTC).date(),
            key=job.api_key_id,
            endpoint=job.endpoint,
            label=job.preset_label,
            credits=charged,
        )
    job.save(update_fields=["status", "error", "credits_charged", "finished_at"])
    announce.job_ended(job)
    transaction.on_commit(partial(ends.tell, job.pk))
    transaction.on_commit(partial(_log_end, job))


def _log_end(job: Job) -> None:
    log.info(
        "job_ended",
        job=str(job.pk),
        organization=str(job.organization_id),
        operation=job.operation,
        status=str(job.status),
        images=job.image_count,
        charged=job.credits_charged,
        code=(job.error or {}).get("code", ""),
        ms=round(1000 * ((job.finished_at or job.created_at) - job.created_at).total_seconds()),
    )


def _stem(name: str) -> str:
    head, dot, _ = name.rpartition(".")
    return head if dot and head else name
