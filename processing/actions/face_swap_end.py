"""The end of a face swap: its account is free again, and its replyUrl is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.actions import webhook_outbox
from processing.actions import face_swap_pool
from processing.models import FACE_SWAP, FaceSwap, Job, Status
from processing.queries.face_swaps import whole

ReplyData = Callable[[FaceSwap], Mapping[str, Any]]


def end(job: Job) -> None:
    if job.operation != FACE_SWAP:
        return
    face_swap_pool.release(job.pk, interrupted=job.status == Status.CANCELED and job.started_at is not None)
    swap = whole(FaceSwap.unscoped.filter(job=job)).first()
    if swap and swap.reply_url:
        webhook_outbox.write_reply(
            job.organization_id, f"job.{job.status}", renderer()(swap), job_id=job.pk, url=swap.reply_url
        )


def renderer() -> ReplyData:
    return cast("ReplyData", import_string(settings.FACE_SWAP_REPLY_DATA))
