"""A border around the picture: a band along the edge of another colour, or a line a little way in.

Only rows and columns near the edge are looked at, before anything is known of the product. A rectangular product on
a plain backdrop looks much like a border, so that is left out or doubted unless the picture says more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.compliance.finding import Region
from processing.imaging.arrays import RGB
from processing.imaging.shrink import shrink

_SIDE = 1200
_DEPTH = 0.12
_CORNERS = 0.1
_ALIKE = 14
_RIPPLE, _REACH = 0.3, 24
_LONG, _PARTLY = 0.9, 0.55
_THIN, _THICK, _NARROW = 0.017, 0.025, 0.035
_SIDES = ("top", "right", "bottom", "left")
_WHITE, _TINTED = 244, 60

Strip = NDArray[np.int16]
"""(depth, length, 3), from the picture's edge inwards."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`thickness`: of the band or line, in pixels. `region`: what it surrounds and covers."""

    sides: tuple[str, ...]
    thickness: int
    region: Region
    confidence: float


@dataclass(frozen=True, slots=True)
class Border:
    """`inner`: rows and columns of the picture inside the border."""

    frame: Frame
    inner: tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class _Line:
    """One side, in pixels of the small copy: the line runs from `start` to `end` (depths). `offset` 0 is a band.

    `share`: of the side along which it is seen. `colour` of it; `alike`: whether one colour lies on both its sides;
    `plain`: share of the side behind it that is one colour, `behind`.
    """

    start: int
    end: int
    share: float
    colour: NDArray[np.float64]
    behind: NDArray[np.float64]
    alike: bool
    plain: float


def find(rgb: RGB) -> Border | None:
    """`rgb`: uint8 (H, W, 3)."""
    height, width = rgb.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    small = rgb
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = shrink(rgb, size)
    if min(small.shape[:2]) < 40:
        return None
    lines = {side: line for side, strip in _strips(small) if (line := _line(strip)) is not None}
    agreed = _agreeing(lines)
    confidence = _confidence(agreed, min(small.shape[:2]))
    if confidence < 0.4:
        return None
    depth = {side: round((line.end + 1) / scale) for side, line in agreed.items()}
    if len(depth) == 3:
        # The fourth side is there too, more or less: no part of a border may pass for the backdrop.
        depth = {side: depth.get(side, max(depth.values())) for side in _SIDES}
    inner = (
        slice(depth.get("top", 0), height - depth.get("bottom", 0)),
        slice(depth.get("left", 0), width - depth.get("right", 0)),
    )
    thick = [max(1, round((line.end - line.start) / scale)) for line in agreed.values()]
    starts = {side: round(line.start / scale) for side, line in agreed.items()}
    left, top = starts.get("left", 0), starts.get("top", 0)
    region = (left, top, width - left - starts.get("right", 0), height - top - starts.get("bottom", 0))
    sides = tuple(side for side in _SIDES if side in agreed)
    return Border(Frame(sides, int(np.median(thick)), region, confidence), inner)


def _strips(small: RGB) -> list[tuple[str, Strip]]:
    height, width = small.shape[:2]
    deep, wide = max(8, round(_DEPTH * height)), max(8, round(_DEPTH * width))
    y, x = round(_CORNERS * height), round(_CORNERS * width)
    rows, columns = small[:, x : width - x], small[y : height - y].swapaxes(0, 1)
    cut = {"top": rows[:deep], "bottom": rows[::-1][:deep], "left": columns[:wide], "right": columns[::-1][:wide]}
    return [(side, np.ascontiguousarray(cut[side], np.int16)) for side in _SIDES]


def _line(strip: Strip) -> _Line | None:
    """The outermost band or line of one side."""
    colour = np.median(strip, axis=1).astype(np.int16)
    coherent = (np.abs(strip - colour[:, None]).max(axis=2) <= _ALIKE).mean(axis=1)
    off = np.abs(colour - colour[0]).max(axis=1)
    away = off > _ALIKE
    if away.any():
        # Compression ripples before a strong edge: only what comes near its strength is an edge itself.
        start = int(away.argmax())
        away = off > max(_ALIKE, _RIPPLE * int(off[start : start + _REACH].max()))
    if not away.any() or coherent[0] < _PARTLY:
        return None
    start = int(away.argmax())
    back = np.flatnonzero(~away[start:])
    deep = len(colour) - 1
    if len(back):
        # A line: behind it lies what lies before it.
        end = start + int(back[0])
        middle = _extreme(colour[start:end], colour[0])
        share = float((np.abs(strip[start:end] - middle).max(axis=2) <= 2 * _ALIKE).mean(axis=1).max())
        after = min(end + 3, deep)
        if share >= _PARTLY and coherent[:start].mean() >= _PARTLY:
            return _Line(start, end, share, middle.astype(float), colour[after].astype(float), True,
                         _plain(strip, after))  # fmt: skip
        return None
    before, after = max(start - 2, 0), min(start + 3, deep)
    share = float((np.abs(strip[after] - strip[before]).max(axis=1) > _ALIKE).mean())
    if share < _PARTLY or coherent[: before + 1].mean() < _PARTLY:
        return None
    return _Line(0, start, share, colour[: before + 1].mean(axis=0).astype(float), colour[after].astype(float), False,
                 _plain(strip, after))  # fmt: skip


def _extreme(colours: Strip, other: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.asarray(colours[np.abs(colours - other).max(axis=1).argmax()], np.int16)


def _plain(strip: Strip, depth: int) -> float:
    row = strip[min(depth, len(strip) - 1)]
    return float((np.abs(row - np.median(row, axis=0)).max(axis=1) <= _ALIKE).mean())


def _agreeing(lines: dict[str, _Line]) -> dict[str, _Line]:
    """The sides whose lines are of one kind and colour, as many as possible."""
    best: dict[str, _Line] = {}
    for leader in lines.values():
        same = {
            side: line
            for side, line in lines.items()
            if line.alike == leader.alike and np.abs(line.colour - leader.colour).max() <= 2 * _ALIKE
        }
        if len(same) > len(best):
            best = same
    return best


def _confidence(lines: dict[str, _Line], shorter: int) -> float:
    if len(lines) < 2 or (len(lines) == 2 and set(lines) not in ({"top", "bottom"}, {"left", "right"})):
        return 0.0
    share = float(np.mean([line.share for line in lines.values()]))
    thick = float(np.median([line.end - line.start for line in lines.values()]))
    uneven = float(np.ptp([line.end - line.start for line in lines.values()])) / max(thick, 2)
    first = next(iter(lines.values()))
    sure = _line_or_product(lines, thick / shorter) if first.alike else _band_or_product(lines, thick / shorter)
    sure -= 0.15 if uneven > 0.6 else 0.0
    sure -= {4: 0.0, 3: 0.12, 2: 0.35}[len(lines)]
    return float(np.clip(sure - 0.5 * max(0.0, _LONG - share), 0, 1))


def _line_or_product(lines: dict[str, _Line], thick: float) -> float:
    """A line with one colour on both its sides; a thick one is rather a product that is hollow."""
    offsets = [line.start for line in lines.values()]
    even = bool(np.ptp(offsets) <= max(4, 0.35 * max(offsets)))
    return (0.95 if thick <= _THIN else 0.6 if thick <= _THICK else 0.0) - (0.0 if even else 0.3)


def _band_or_product(lines: dict[str, _Line], thick: float) -> float:
    """A band from the edge on. Light around something darker is how every product on white looks."""
    colour = np.mean([line.colour for line in lines.values()], axis=0)
    behind = np.mean([line.behind for line in lines.values()], axis=0)
    plain = float(np.mean([line.plain for line in lines.values()]))
    if colour.min() >= _WHITE or (colour.mean() > behind.mean() + _ALIKE and np.ptp(colour) < _TINTED):
        return 0.0
    if plain >= 0.75 and behind.min() >= _WHITE - 10:
        return 0.97
    return 0.85 if thick <= _NARROW else 0.55
