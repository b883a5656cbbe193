"""The shapes of answers below /v3/, as they are sent and as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import Field


class BackgroundCutFailure(Schema):
    error: str = Field(description="One sentence about this very call.", examples=["There is no file at this path."])
    code: str = Field(description="What programs should look at; /docs/errors/ lists all.", examples=["not_found"])


class Done(Schema):
    success: Literal[True] = Field(default=True, description="Always true.")


def shown(answer: dict[str, Any]) -> dict[str, Any]:
    """For `openapi_extra`: the good answer to the first example, in the spelling that it is asked in."""
    return {"responses": {200: {"content": {"application/json": {"example": answer}}}}}


def failures(*statuses: int) -> dict[Any, Any]:
    """For `response=` of an operation: these statuses answer with a failure."""
    return dict.fromkeys(statuses, BackgroundCutFailure)
