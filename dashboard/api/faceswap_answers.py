"""The shapes of the face-swap family's answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from dashboard.addresses import image_url
from processing.imaging.formats import CONTENT_TYPES, EXTENSIONS
from processing.models import FaceSwap, FaceSwapAccount, JobImage, Status


class FaceSwapFailure(Schema):
    error: str = Field(description="One sentence about this very call.", examples=["Unauthorized"])
    code: int = Field(description="The HTTP status again.", examples=[401])


class FaceSwapCredits(Schema):
    timestamp: str = Field(
        description="When they were last heard of or counted, in UTC, with microseconds.",
        examples=["2024-02-01T02:05:24.991000+00:00"],
    )
    total: int = Field(description="What the provider allows.", examples=[50])
    used: int = Field(description="What is used of it.", examples=[18])


class FaceSwapAccountAnswer(Schema):
    """One account. `credits` is not there until they are known."""

    server: str = Field(description="The id of the Discord server.", examples=["1090660574196674713"])
    channel: str = Field(description="The id of the Discord channel.", examples=["1128550062683865178"])
    discord: str = Field(
        description="The Discord token: in full for a key with providers:write, else masked.",
        examples=["MTI…secured…xyz"],
    )
    credits: FaceSwapCredits | None = Field(None, description="The account's own credits at the provider.")


State = Literal["created", "started", "progress", "completed", "failed", "cancelled"]


class FaceSwapCreated(Schema):
    """A swap that was accepted."""

    jobid: str = Field(description="For the job calls.", examples=["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"])
    status: State = Field(description="created", examples=["created"])
    channel: str = Field(description="The account that does it.", examples=["1128550062683865178"])
    replyRef: str | None = Field(description="As it was sent; null without.", examples=["order-17"])


class FaceSwapPicture(Schema):
    url: str = Field(
        description="Works without a key for 24 hours (setting).", examples=["https://images.example.com/i/3Zk…9fQ.jpg"]
    )
    filename: str = Field(description="The target's name with the new ending.", examples=["model.jpg"])
    content_type: str = Field(description="The file's type.", examples=["image/jpeg"])
    width: int = Field(description="In pixels.", examples=[1024])
    height: int = Field(description="In pixels.", examples=[1536])
    size: int = Field(description="In bytes.", examples=[284213])


class FaceSwapJob(Schema):
    """A swap."""

    jobid: str = Field(description="The job.", examples=["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"])
    verb: str = Field(description="faceswap- and the call it came by.", examples=["faceswap-picsi"])
    status: State = Field(description="Where it stands; the last three are its end.", examples=["completed"])
    created: str = Field(description="When it was sent.", examples=["2026-11-21T02:05:24.991000+00:00"])
    updated: str = Field(description="When it last changed.", examples=["2026-11-21T02:05:41.120000+00:00"])
    channel: str = Field(description="The account that does it, or did it last.", examples=["1128550062683865178"])
    replyUrl: str | None = Field(description="As it was sent.", examples=["https://example.com/hooks/swaps"])
    replyRef: str | None = Field(description="As it was sent.", examples=["order-17"])
    attachments: list[FaceSwapPicture] = Field(description="The finished picture; empty before and without one.")
    error: str | None = Field(description="Why it failed; null else.", examples=[None])
    code: int = Field(description="200.", examples=[200])


class FaceSwapJobs(Schema):
    jobs: list[FaceSwapJob] = Field(description="Newest first.")
    nextCursor: str | None = Field(
        description="Send it as cursor for the next page; null on the last one.", examples=[None]
    )


def failures(*statuses: int) -> dict[Any, Any]:
    """For `response=` of an operation: these statuses answer in the family's shape."""
    return dict.fromkeys(statuses, FaceSwapFailure)


def account_answer(account: FaceSwapAccount, *, unmasked: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "server": account.server,
        "channel": account.channel,
        "discord": account.readable_token() if unmasked else account.masked_token(),
    }
    if account.credits_at is not None:
        body["credits"] = {
            "timestamp": timestamp(account.credits_at),
            "total": account.credits_total,
            "used": account.credits_used,
        }
    return body


def timestamp(moment: datetime) -> str:
    """Always with microseconds, always `+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def created_answer(swap: FaceSwap) -> FaceSwapCreated:
    return FaceSwapCreated(
        jobid=str(swap.job_id), status="created", channel=swap.channel, replyRef=swap.reply_ref or None
    )


def job_answer(request: HttpRequest | None, swap: FaceSwap) -> FaceSwapJob:
    """A swap with its job and images loaded. `request` is None in a worker."""
    job = swap.job
    image = next(iter(job.images.all()))
    changed = job.finished_at or image.started_at or job.created_at
    return FaceSwapJob(
        jobid=str(job.pk),
        verb=f"faceswap-{swap.verb}",
        status=_state(image),
        created=timestamp(job.created_at),
        updated=timestamp(changed),
        channel=swap.channel,
        replyUrl=swap.reply_url or None,
        replyRef=swap.reply_ref or None,
        attachments=[_picture(request, image)] if image.output else [],
        error=(job.error or {}).get("detail"),
        code=200,
    )


def reply_data(swap: FaceSwap) -> dict[str, Any]:
    """What a replyUrl gets: the body that the job call answers at this moment."""
    return job_answer(None, swap).model_dump()


def _state(image: JobImage) -> State:
    match image.status:
        case Status.SUCCEEDED:
            return "completed"
        case Status.FAILED:
            return "failed"
        case Status.CANCELED:
            return "cancelled"
        case Status.RUNNING:
            return "progress" if image.step in {"compose", "encode"} else "started"
    return "created"


def _picture(request: HttpRequest | None, image: JobImage) -> FaceSwapPicture:
    output = image.output
    assert output is not None
    return FaceSwapPicture(
        url=image_url(request, output),
        filename=f"{output.stem}.{EXTENSIONS[output.format]}",
        content_type=CONTENT_TYPES[output.format],
        width=output.width,
        height=output.height,
        size=output.blob.bytes,
    )
