"""Where a subject stands, from its silhouette alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def ground_line(lowest: NDArray[np.float64]) -> NDArray[np.float64]:
    """The line on which the subject stands, by column: the hull of its lowest rows, seen from below.

    A round base and the corner of a box stay curves, an arch between heel and sole is bridged.
    """
    columns = np.flatnonzero(lowest >= 0)
    hull: list[int] = []
    for column in columns:
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], int(column), lowest):
            hull.pop()
        hull.append(int(column))
    line: NDArray[np.float64] = np.interp(np.arange(len(lowest)), hull, lowest[hull])
    return line


def _turns_down(a: int, b: int, c: int, lowest: NDArray[np.float64]) -> bool:
    """Whether the row at `b` lies above the straight line from `a` to `c`."""
    return bool((lowest[b] - lowest[a]) * (c - a) <= (lowest[c] - lowest[a]) * (b - a))


def lowest_rows(solid: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The lowest row of the subject by column, -1 where it has none."""
    from_below = solid[::-1].argmax(axis=0)
    return np.where(solid.any(axis=0), solid.shape[0] - 1 - from_below, -1).astype(np.float64)
