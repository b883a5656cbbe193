"""Where the subject goes on the canvas. Pure arithmetic: no pixels are touched here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from processing.imaging.arrays import Box

Align = Literal["center", "bottom", "top", "left", "right"]
Size = tuple[int, int]
"""Width, height in pixels."""

_SHARE_BEFORE: dict[Align, tuple[float, float]] = {  # of the free space: to the left, above
    "center": (0.5, 0.5),
    "bottom": (0.5, 1.0),
    "top": (0.5, 0.0),
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
}


@dataclass(frozen=True, slots=True)
class Canvas:
    """The canvas that is asked for.

    `width`, `height`: pixels; one alone keeps the photo's ratio, neither takes the photo's size.
    `margins`: top, right, bottom, left as shares of the shorter canvas side; None keeps the subject's place
    in the frame.
    """

    width: int | None = None
    height: int | None = None
    margins: tuple[float, float, float, float] | None = None
    align: Align = "center"

    def size(self, source: Size) -> Size:
        """Width and height in pixels for a photo of that size."""
        if self.width and self.height:
            return self.width, self.height
        if self.width:
            return self.width, max(1, _round(self.width * source[1] / source[0]))
        if self.height:
            return max(1, _round(self.height * source[0] / source[1])), self.height
        return source


@dataclass(frozen=True, slots=True)
class Placement:
    """The region `source` of the photo covers the region `target` of the canvas.

    `scale`: canvas pixels per photo pixel. `source`, `target`: x, y, width, height; a target may reach beyond
    the canvas. `subject_box`: the subject in canvas pixels, inside the canvas.
    """

    scale: float
    source: Box
    target: Box
    canvas_width: int
    canvas_height: int
    subject_box: Box

    def frame(self, source_size: Size) -> tuple[float, float, float, float]:
        """Where the whole photo lies: x, y, width, height in canvas pixels; it may reach beyond the canvas."""
        across, down = self.target[2] / self.source[2], self.target[3] / self.source[3]
        x, y = self.target[0] - self.source[0] * across, self.target[1] - self.source[1] * down
        return x, y, source_size[0] * across, source_size[1] * down

    @property
    def x(self) -> int:
        return self.target[0]

    @property
    def y(self) -> int:
        return self.target[1]


def place(source_size: Size, box: Box, cut: frozenset[str], canvas: Canvas, *, scale: float | None = None) -> Placement:
    """Fits the subject's box into the margins, or the whole frame into the canvas where there are none.

    `box`: the subject in the photo. `cut`: sides (left, top, right, bottom) on which the photo cuts it off;
    they stay on the canvas edge. `scale`: shared with a group; it can make the subject smaller than it would
    fit, never larger.
    """
    width, height = canvas.size(source_size)
    shorter = min(width, height)
    region = (0, 0, *source_size) if canvas.margins is None else box
    top, right, bottom, left = (share * shorter for share in canvas.margins or (0.0, 0.0, 0.0, 0.0))
    across = _Axis(
        length=width,
        before=0.0 if "left" in cut else left,
        after=0.0 if "right" in cut else right,
        region=(region[0], region[2]),
        subject=(box[0], box[2]),
        cut_before="left" in cut,
        cut_after="right" in cut,
        share_before=_SHARE_BEFORE[canvas.align][0],
    )
    down = _Axis(
        length=height,
        before=0.0 if "top" in cut else top,
        after=0.0 if "bottom" in cut else bottom,
        region=(region[1], region[3]),
        subject=(box[1], box[3]),
        cut_before="top" in cut,
        cut_after="bottom" in cut,
        share_before=_SHARE_BEFORE[canvas.align][1],
    )
    fitting = max(min(across.fit, down.fit), across.span_beside(down), down.span_beside(across))
    used = fitting if scale is None else min(scale, fitting)
    x, target_width = across.position(used)
    y, target_height = down.position(used)
    target = (x, y, target_width, target_height)
    return Placement(used, region, target, width, height, _mapped(box, region, target, (width, height)))


def shared_scale(members: Iterable[tuple[Size, Box, frozenset[str]]], canvas: Canvas) -> float:
    """The largest scale at which every photo of a group still fits.

    `members`: size of the photo, subject's box, sides cut off. Raises ValueError for an empty group.
    """
    return min(place(size, box, cut, canvas).scale for size, box, cut in members)


@dataclass(frozen=True, slots=True)
class _Axis:
    """One direction of the canvas: `region` and `subject` are start and length in photo pixels."""

    length: int
    before: float
    after: float
    region: tuple[int, int]
    subject: tuple[int, int]
    cut_before: bool
    cut_after: bool
    share_before: float

    @property
    def room(self) -> float:
        return max(1.0, self.length - self.before - self.after)

    @property
    def fit(self) -> float:
        return self.room / self.region[1]

    def span_beside(self, other: _Axis) -> float:
        """The scale at which a subject cut off on both sides reaches both edges, or 0 where it may not.

        Nothing that the photo shows whole may be lost for it: the other direction has the room for the
        subject, or is cut off itself.
        """
        if not (self.cut_before and self.cut_after):
            return 0.0
        scale = self.length / self.region[1]
        fits = other.subject[1] * scale <= other.room + 0.5
        return scale if fits or other.cut_before or other.cut_after else 0.0

    def position(self, scale: float) -> tuple[int, int]:
        """Start and length of the region on the canvas, whole pixels."""
        length = max(1, _round(self.region[1] * scale))
        if length > self.length:
            return self._overflowing(length, scale), length
        if self.cut_before != self.cut_after:
            return (0 if self.cut_before else self.length - length), length
        start = _round(self.before + (self.room - length) * self.share_before)
        return min(max(start, 0), self.length - length), length

    def _overflowing(self, length: int, scale: float) -> int:
        """Of a region that is longer than the canvas, what the photo shows whole stays inside."""
        subject_start = (self.subject[0] - self.region[0]) * scale
        subject_end = subject_start + self.subject[1] * scale
        start = (self.length - length) / 2
        if not self.cut_after:
            start = min(start, self.length - self.after - subject_end)
        if not self.cut_before:
            start = max(start, self.before - subject_start)
        return _round(start)


def _mapped(box: Box, region: Box, target: Box, canvas: Size) -> Box:
    x, width = _mapped_axis(box[0], box[2], region[0], region[2], target[0], target[2], canvas[0])
    y, height = _mapped_axis(box[1], box[3], region[1], region[3], target[1], target[3], canvas[1])
    return x, y, width, height


def _mapped_axis(
    start: int, length: int, region: int, region_length: int, target: int, target_length: int, canvas: int
) -> tuple[int, int]:
    ratio = target_length / region_length
    first = min(max(_round(target + (start - region) * ratio), 0), canvas - 1)
    last = min(max(_round(target + (start + length - region) * ratio), first + 1), canvas)
    return first, last - first


def _round(value: float) -> int:
    """Half up, so that the same photo lands on the same pixel whatever its parity."""
    return floor(value + 0.5)
