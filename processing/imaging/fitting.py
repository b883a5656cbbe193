"""How large a picture becomes when it is fitted into a size. Pure arithmetic: no pixels are touched here."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Literal

from processing.imaging.placement import Size

Fit = Literal["contain", "cover", "pad", "stretch"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """`picture`: the photo's part `crop` (x, y, width, height) resized, in the middle of `canvas`.

    `scale`: output pixels per photo pixel. `held_back`: what was asked for would have needed more.
    """

    canvas: Size
    picture: Size
    crop: tuple[int, int, int, int]
    scale: float
    held_back: bool


def fit(source: Size, width: int | None, height: int | None, *, how: Fit, enlarge: bool) -> Fitted:
    """A picture of that size fitted into width × height pixels; one of the two alone only for contain.

    Without `enlarge`: contain and pad leave a small picture as large as it is; cover and stretch keep the ratio that
    is asked for and make the whole smaller.
    """
    across = width / source[0] if width else None
    down = height / source[1] if height else None
    known = [scale for scale in (across, down) if scale is not None]
    whole = (0, 0, *source)
    if how in ("contain", "pad"):
        scale = min(known)
        used = scale if enlarge else min(scale, 1.0)
        picture = (
            width if width and used == across else _pixels(source[0] * used),
            height if height and used == down else _pixels(source[1] * used),
        )
        canvas = (width, height) if how == "pad" and width and height else picture
        return Fitted(canvas, picture, whole, used, used < scale)
    scale = max(known)
    back = 1.0 if enlarge else min(1.0, 1 / scale)
    wanted = (width or source[0], height or source[1])
    canvas = _pixels(wanted[0] * back), _pixels(wanted[1] * back)
    crop = _middle(source, canvas) if how == "cover" else whole
    return Fitted(canvas, canvas, crop, scale * back, back < 1)


def _middle(source: Size, ratio: Size) -> tuple[int, int, int, int]:
    """The largest part with the ratio of `ratio`, from the middle."""
    scale = max(ratio[0] / source[0], ratio[1] / source[1])
    width = min(source[0], _pixels(ratio[0] / scale))
    height = min(source[1], _pixels(ratio[1] / scale))
    return (source[0] - width) // 2, (source[1] - height) // 2, width, height


def _pixels(length: float) -> int:
    return max(1, floor(length + 0.5))
