"""What was measured of one way to compute a network, and which of them wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processing.engines.candidate import Candidate

WORST_IOU = 0.995
_LEAST_GAIN = 1.05
_LAYOUT_GAIN = 1.1


@dataclass(frozen=True, slots=True)
class Tried:
    """`seconds`: processor time a photo, all threads together; of a graphics processor, time by the clock.

    `agreement`: worst IoU with the reference's masks (0 to 1), or None where it could not run or the reference sees no
    subject to compare. `rate`: photos a second by the clock, where only threads and streams were compared.
    """

    candidate: Candidate
    seconds: float
    agreement: float | None
    note: str = ""
    rate: float = 0.0


def best(tried: Sequence[Tried]) -> Tried:
    """The fastest of those that agree; the reference unless another gains enough to be worth it. Then its threads and
    streams: the usual ones unless others gain enough."""
    reference, *others = [each for each in tried if not each.rate]
    agreeing = [each for each in others if each.agreement is not None and each.agreement >= WORST_IOU]
    fastest = min(agreeing, key=lambda each: each.seconds, default=reference)
    winner = fastest if fastest.seconds * _LEAST_GAIN < reference.seconds else reference
    laid_out = [each for each in tried if each.rate and each.candidate.label == winner.candidate.label]
    if not laid_out:
        return winner
    quickest = max(laid_out, key=lambda each: each.rate)
    return quickest if quickest.rate > laid_out[0].rate * _LAYOUT_GAIN else laid_out[0]
