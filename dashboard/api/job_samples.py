"""Examples of jobs that did not come to a good end: what they have other than the one that did."""

from __future__ import annotations

from typing import Any

_WHY = "The file starts like a JPEG, but what follows cannot be read."
_NOTHING_MADE: dict[str, Any] = {
    "progress": 100,
    "steps": [],
    "warnings": [],
    "credits": {"charged": 0, "remaining": 100},
}


def _output(code: str, detail: str) -> dict[str, Any]:
    return {"index": 0, "name": "mug-front.jpg", "error": {"code": code, "detail": detail}}


FAILED: dict[str, Any] = _NOTHING_MADE | {
    "status": "failed",
    "outputs": [_output("broken_image", _WHY)],
    "error": {"code": "broken_image", "detail": _WHY},
}
CANCELED: dict[str, Any] = _NOTHING_MADE | {
    "status": "canceled",
    "outputs": [_output("canceled", "The job was canceled before this image was made.")],
}
