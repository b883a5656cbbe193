"""The shapes of the face-swap family's answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from processing.models import FaceSwapAccount


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
