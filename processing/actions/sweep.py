"""The sweeper: finds what a crash lost and what outlived its time. Every worker runs it; all of it is idempotent."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from accounts.actions import audit, digests, grants, usage, webhook_deliveries, webhook_results
from accounts.kit import metrics, shared_clock
from accounts.limits import idempotency
from processing.actions import mask_room, storage_room, wake
from processing.actions.assets import discard
from processing.actions.blobs import remove_unused
from processing.actions.claim import Claim, held
from processing.actions.finish import LostClaim, set_aside
from processing.actions.public_work import remove_public_work
from processing.actions.remove_organization import remove_closed_organizations
from processing.models import FACE_SWAP, Asset, Blob, Job, JobImage, Status, Worker
from processing.queries.workers import GONE_AFTER

log = structlog.get_logger(__name__)


_PREVIEWS_LIVE = timedelta(hours=1)
_ORPHANS_STAY = timedelta(hours=1)
_AT_ONCE = 200


def sweep() -> None:
    """One round: expired leases, lost wake-ups, expired images, old previews, work of callers without a key, keys of
    calls, old webhook deliveries, workers that are gone, credits of the month, organizations that were closed,
    daily e-mails, days of usage that are over."""
    _take_back_expired_leases()
    _wake_idle_workers()
    _remove_expired_images()
    _remove_old_previews()
    remove_public_work()
    _remove_old_face_swaps()
    idempotency.remove_expired()
    webhook_deliveries.remove_old()
    grants.turn_months()
    audit.remove_old()
    digests.send_due()
    remove_closed_organizations()
    mask_room.make_room()
    storage_room.watch()
    usage.roll_up_now_and_then()
    Worker.objects.filter(seen_at__lt=shared_clock.now() - timedelta(hours=1)).delete()


def expire_all_leases() -> None:
    """No worker is alive: what they held need not wait for its lease."""
    Worker.objects.all().delete()
    webhook_results.release_all()
    JobImage.unscoped.filter(verdict=JobImage.Verdict.WAITING).update(judge_lease_expires_at=None)
    JobImage.unscoped.filter(status=Status.RUNNING).update(lease_expires_at=shared_clock.now())
    _take_back_expired_leases()


def _take_back_expired_leases() -> None:
    now = shared_clock.now()
    expired = JobImage.unscoped.filter(status=Status.RUNNING, lease_expires_at__lte=now)
    for image_id, attempt, losses in expired.values_list("pk", "attempt", "losses")[:_AT_ONCE]:
        claim = Claim(image_id, attempt)
        # Either way on the condition that the lease is still expired: a worker that has renewed it keeps the photo.
        if losses + 1 >= settings.JOB_ATTEMPTS:
            with suppress(LostClaim):
                set_aside(claim)
        elif (
            held(claim)
            .filter(lease_expires_at__lte=now)
            .update(status=Status.QUEUED, losses=F("losses") + 1, lease_expires_at=None, worker="", step="", steps=[])
        ):
            log.warning("photo_queued_again", image=str(image_id), attempt=attempt)
            metrics.PHOTOS_LOST.inc()
            wake.now(1)


def _wake_idle_workers() -> None:
    """Photos wait although a worker could take one: their wake-ups were lost, so send new ones."""
    # No more than can matter: a million may wait.
    waiting = JobImage.unscoped.filter(status=Status.QUEUED, parked=False)[:_AT_ONCE].count()
    if not waiting:
        return
    taking = Worker.objects.filter(seen_at__gte=shared_clock.now() - GONE_AFTER, draining=False)
    threads = taking.aggregate(n=Sum("threads"))["n"] or 1
    idle = threads - JobImage.unscoped.filter(status=Status.RUNNING, parked=False).count()
    if idle > 0:
        wake.now(min(idle, waiting))


def _remove_expired_images() -> None:
    for asset in Asset.unscoped.filter(expires_at__lte=timezone.now())[:_AT_ONCE]:
        discard(asset)


def remove_orphans() -> None:
    """At a worker's start: bytes whose last user went in the moment of a crash, before they were removed."""
    unused = Blob.unscoped.filter(assets=None, mattes=None, created_at__lte=timezone.now() - _ORPHANS_STAY)
    for blob_id in unused.values_list("pk", flat=True)[:_AT_ONCE]:
        remove_unused(blob_id)


def _remove_old_previews() -> None:
    _remove(Job.unscoped.filter(purpose=Job.Purpose.PREVIEW, created_at__lte=timezone.now() - _PREVIEWS_LIVE))


def _remove_old_face_swaps() -> None:
    """Their pictures have the same time of life, and may be gone already."""
    since = timezone.now() - timedelta(days=settings.FACE_SWAP_KEEP_DAYS)
    _remove(Job.unscoped.filter(operation=FACE_SWAP, finished_at__lte=since))


def _remove(old: QuerySet[Job]) -> None:
    for job in old[:_AT_ONCE]:
        with transaction.atomic():
            # The job's lock first, as everywhere: a worker may be ending its photo.
            Job.unscoped.select_for_update().filter(pk=job.pk).first()
            images = list(JobImage.unscoped.filter(job=job).select_related("output"))
            outputs = [image.output for image in images]
            job.delete()
            for image in images:
                if image.matte_id is not None:
                    remove_unused(image.matte_id)
            for output in outputs:
                if output:
                    discard(output)
