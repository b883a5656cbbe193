"""What was measured of one way to compute a network, and which of them wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processing.engines.candidate import Candidate

WORST_IOU = 0.995
_LEAST_GAIN = 1.05


@dataclass(frozen=True, slots=True)
class Tried:
    """`seconds`: processor time a photo, all threads together. `agreement`: worst IoU with the reference's masks (0 to
    1), or None where it could not run or the reference sees no subject to compare."""

    candidate: Candidate
    seconds: float
    agreement: float | None
    note: str = ""


def best(tried: Sequence[Tried]) -> Tried:
    """The fastest of those that agree; the reference unless another gains enough to be worth it."""
    reference, *others = tried
    agreeing = [each for each in others if each.agreement is not None and each.agreement >= WORST_IOU]
    fastest = min(agreeing, key=lambda each: each.seconds, default=reference)
    return fastest if fastest.seconds * _LEAST_GAIN < reference.seconds else reference
