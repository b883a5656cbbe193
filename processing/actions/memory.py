"""A photo for which the memory was not enough: tried again, as another one may have had it, and then set aside."""

from __future__ import annotations

import cv2
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.kit import metrics
from processing.actions import finish
from processing.actions.claim import Claim, held
from processing.actions.given_up import OutOfMemory
from processing.models import Status

log = structlog.get_logger(__name__)

# As the runtimes of networks say it, which have no error of their own for it.
_WORDS = ("bad_alloc", "bad allocation", "failed to allocate memory", "out of memory")


def lacks_memory(error: BaseException) -> bool:
    """Whether that is what it says, or what it came from."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            return True
        if isinstance(cause, cv2.error) and cause.code == cv2.Error.StsNoMem:
            return True
        if isinstance(cause, RuntimeError) and any(word in str(cause).lower() for word in _WORDS):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


@transaction.atomic
def lose(claim: Claim) -> None:
    """Back into the queue; ended as `out_of_memory` at its last attempt. Nothing where the claim does not hold."""
    losses = held(claim).values_list("losses", flat=True).first()
    if losses is None:
        return
    log.warning("photo_out_of_memory", image=str(claim.image_id), attempt=claim.attempt, losses=losses + 1)
    if losses + 1 < settings.JOB_ATTEMPTS:
        held(claim).update(
            status=Status.QUEUED, losses=F("losses") + 1, lease_expires_at=None, worker="", step="", steps=[]
        )
        metrics.PHOTOS_LOST.inc()
        return
    held(claim).update(losses=F("losses") + 1)
    finish.fail(claim, code=OutOfMemory.code, detail=OutOfMemory(losses + 1).detail)
