"""Judging finished images without being asked: in a worker, once their jobs have ended and no photo waits.

The row is the queue: `verdict` waiting, its job ended. A claim is a compare-and-set that raises `judge_attempt` and
sets a lease, as photos have it (claim.py), so what a crash took is taken up when the lease has run out.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.kit import shared_clock
from accounts.kit.errors import NotFound, PackshotError
from processing.actions import blobs, engine_shelf, run_check
from processing.actions.assets import limits
from processing.compliance.judge import look
from processing.models import JobImage, Status
from processing.queries.compliance import judged_by, profile_for

log = structlog.get_logger(__name__)

# Far longer than the largest image takes: there is no renewing.
_LEASE = timedelta(minutes=2)
# After this long it is judged although photos are being worked on: a worker that never rests has badges too.
PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Claim:
    image_id: uuid.UUID
    attempt: int

    def held(self) -> QuerySet[JobImage]:
        """Empty once another one judges it."""
        return JobImage.unscoped.filter(pk=self.image_id, judge_attempt=self.attempt, verdict=JobImage.Verdict.WAITING)


def judge_next(*, busy: bool = False) -> bool:
    """Judges one image, the newest first; False when there is none to judge.

    `busy`: the process has a photo in hand, or had one just now. Then, and while photos are queued, only what has
    waited for PATIENCE.
    """
    now = shared_clock.now()
    if busy or JobImage.unscoped.filter(status=Status.QUEUED, parked=False).exists():
        claim = _claim(now, ended_before=now - PATIENCE)
    else:
        claim = _claim(now, ended_before=now)
    if claim is None:
        return False
    _judge(claim)
    return True


def _claim(now: datetime, *, ended_before: datetime) -> _Claim | None:
    free = Q(judge_lease_expires_at=None) | Q(judge_lease_expires_at__lte=now)
    due = JobImage.unscoped.filter(free, verdict=JobImage.Verdict.WAITING, job__finished_at__lte=ended_before)
    for image_id, attempt in due.order_by("-pk").values_list("pk", "judge_attempt")[:10]:
        held = _Claim(image_id, attempt).held()
        if attempt >= settings.JOB_ATTEMPTS:
            if held.update(verdict="", judge_lease_expires_at=None):
                log.warning("judging_given_up", image=str(image_id), attempt=attempt)
        elif held.update(judge_attempt=F("judge_attempt") + 1, judge_lease_expires_at=now + _LEASE):
            return _Claim(image_id, attempt + 1)
    return None


def _judge(claim: _Claim) -> None:
    image = JobImage.unscoped.select_related("output__blob", "organization").filter(pk=claim.image_id).first()
    if image is None:
        return
    if image.output is None:
        claim.held().update(verdict="", judge_lease_expires_at=None)
        return
    try:
        profile = profile_for(image.organization_id, image.judged_by, product_type=None)
        engine = run_check.WhenAsked(engine_shelf.engine, image.output.blob)
        picture = look(blobs.read(image.output.blob), limits(), engine=engine)
        report = run_check.reported(picture, image.judged_by, profile, timezone.localdate(), image.output.blob.sha256)
        found = judged_by(image.organization_id, image.judged_by, report)
    except NotFound:  # the profile was deleted in the meantime
        claim.held().update(verdict="", judge_lease_expires_at=None)
    except (PackshotError, OSError) as error:
        # Its lease runs out, and after some attempts it stays unjudged.
        log.warning("judging_failed", image=str(claim.image_id), error=str(error))
    except OperationalError as error:
        log.warning("judging_interrupted", image=str(claim.image_id), error=str(error))
        connection.close()
    else:
        claim.held().update(
            verdict=found.verdict,
            judged_version=found.profile_version,
            report=report,
            judge_lease_expires_at=None,
        )
