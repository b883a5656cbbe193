"""What a caller would rather have: `Prefer` (RFC 7240) and `Accept`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

LONGEST_WAIT = 300
_WAIT = re.compile(r'wait\s*=\s*"?(\d{1,9})"?')


@dataclass(frozen=True, slots=True)
class Wait:
    """`seconds` to wait for a job; `applied` is for the header Preference-Applied, empty without a preference."""

    seconds: int
    applied: str = ""


def wait_of(request: HttpRequest) -> Wait:
    """`wait=N` seconds (300 at most), `respond-async` not at all, else the setting. Others are ignored, as RFC 7240
    asks."""
    preferences = [part.partition(";")[0].strip().lower() for part in request.headers.get("Prefer", "").split(",")]
    for preference in preferences:
        if found := _WAIT.fullmatch(preference):
            seconds = min(int(found[1]), LONGEST_WAIT)
            return Wait(seconds, f"wait={seconds}")
    if "respond-async" in preferences:
        return Wait(0, "respond-async")
    return Wait(settings.API_WAIT_SECONDS)


def prefers_image(request: HttpRequest, *, otherwise: bool) -> bool:
    """Whether `Accept` names images before JSON; `otherwise` where it names neither or both alike."""
    image = json = 0.0
    for accepted in request.accepted_types:
        if accepted.main_type == "image":
            image = max(image, accepted.quality)
        elif accepted.main_type == "application" and accepted.sub_type in {"json", "*"}:
            json = max(json, accepted.quality)
    return otherwise if image == json else image > json
