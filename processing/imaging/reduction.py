"""Photos read smaller than they are, where what becomes of them shows no more.

libjpeg makes an image two, four or eight times as small while it decodes, for much less than it costs to decode it and
to make it smaller afterwards; other formats are decoded and then averaged.
"""

from __future__ import annotations

Size = tuple[int, int]
"""Width, height in pixels."""

_FACTORS = (8, 4, 2)


def reduction(size: Size, least: Size) -> int:
    """8, 4, 2 or 1: by how much both sides can be divided and still be at least as long as those of `least`."""
    return next((by for by in _FACTORS if size[0] // by >= least[0] and size[1] // by >= least[1]), 1)


def reduced(size: Size, by: int) -> Size:
    """The size of a photo read `by` times smaller: what does not divide is rounded up, as libjpeg does it."""
    return -(-size[0] // by), -(-size[1] // by)
