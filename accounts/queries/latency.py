"""Percentiles from the latency histogram: estimates, good to the width of a bucket, for any sum of rows."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models.usage_day import BOUNDS


def percentile(histogram: Sequence[int], share: float) -> float | None:
    """Milliseconds that `share` (0..1) of the calls did not exceed; None without calls. `histogram`: calls by bucket.

    Inside a bucket calls are taken as evenly spread; beyond the last bound nothing is known but that bound.
    """
    calls = sum(histogram)
    if not calls:
        return None
    wanted, below, start = share * calls, 0, 0
    for bound, count in zip(BOUNDS, histogram, strict=False):
        if count and below + count >= wanted:
            return start + (bound - start) * (wanted - below) / count
        below, start = below + count, bound
    return float(BOUNDS[-1])
