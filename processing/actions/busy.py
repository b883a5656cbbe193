"""Calls that wait for their image, and cannot wait for ever, are refused at the door where it would be in vain."""

from __future__ import annotations

import math

from accounts.access.actor import Actor
from accounts.kit.errors import PackshotError
from processing.queries.expected_wait import until_done

# Of the time that the caller waits; what is more urgent and comes in the meantime takes the rest.
_SHARE = 2 / 3
_SOONEST, _LATEST = 5, 60


class TooBusy(PackshotError):
    """So many images wait that this one would not be done while the call can wait. Nothing was charged. Retry-After
    says how many seconds to wait."""

    code = "too_busy"
    status = 429
    title = "Too much to do"
    retryable = True

    def __init__(self, expected: float, *, retry_after: int) -> None:
        said = f"So many images wait that this one would take about {round(expected)} s."
        super().__init__(f"{said} Nothing was charged; send it again in {retry_after} s.")
        self.retry_after = retry_after


def refuse_if_too_long(actor: Actor, *, within: float) -> None:
    """Raises TooBusy where an image that is sent now will hardly be done `within` so many seconds."""
    expected = until_done(actor.organization.pk)
    too_long = expected - _SHARE * within
    if too_long > 0:
        raise TooBusy(expected, retry_after=max(_SOONEST, min(_LATEST, math.ceil(too_long))))
