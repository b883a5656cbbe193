"""The quality at which a JPEG was saved, from its quantisation tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# ITU-T T.81, tables K.1 and K.2, row by row. The mean does not ask for their order.
_LUMINANCE = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip


def estimate(tables: Mapping[int, Sequence[int]]) -> int:
    """1 to 100 on libjpeg's scale, whose tables are the standard's times a factor; about right for others' tables.

    The quality whose luminance table has the sum nearest to the one found.
    """
    found = sum(tables[min(tables)])
    return min(range(1, 101), key=lambda quality: (abs(_sum(quality) - found), -quality))


def _sum(quality: int) -> int:
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return sum(min(255, max(1, (value * scale + 50) // 100)) for value in _LUMINANCE)
