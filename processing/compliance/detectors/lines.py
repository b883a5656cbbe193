"""Letters that stand in a row: what makes components a line of writing, at any angle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.compliance.detectors.directions import directions
from processing.compliance.detectors.glyphs import Floats, Glyphs, letterlike

_MOST_LINKED = 700
_GAP = 1.1
_CAPITALS, _MAYBE_PRODUCT = 0.82, 0.8
_MOST_BEYOND, _SAMPLES = 600, 40
_BY_COUNT = (0.0, 0.0, 0.0, 0.62, 0.82, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class Line:
    """`angle` in degrees. `start`, `end`: (x, y) of its middle line in small pixels. `height`: of its tall letters.
    `box`: x, y, width, height. `contrast`: distance of its ink from the background. `confidence`: 0..1.
    """

    angle: float
    start: tuple[float, float]
    end: tuple[float, float]
    height: float
    box: tuple[int, int, int, int]
    letters: int
    contrast: float
    confidence: float
    members: tuple[int, ...]

    @property
    def length(self) -> float:
        return float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))


def find(glyphs: Glyphs, product: NDArray[np.bool_]) -> list[Line]:
    """Lines of three and more letters, the surest first; no letter belongs to two.

    `product`: bool (h, w); a line may go on behind it.
    """
    like = letterlike(glyphs)
    if like.sum() < 3:
        return []
    keep = np.flatnonzero(like)
    if len(keep) > _MOST_LINKED:
        keep = keep[np.argsort(-glyphs.area[keep])[:_MOST_LINKED]]
    found: list[Line] = []
    for angle in directions(glyphs, keep):
        found += _at_angle(glyphs, keep, angle, product)
    found.sort(key=lambda line: (-line.confidence, -line.letters))
    taken: set[int] = set()
    lines = []
    for line in found:
        if taken.isdisjoint(line.members):
            taken.update(line.members)
            lines.append(line)
    return lines


def _at_angle(glyphs: Glyphs, keep: NDArray[np.intp], angle: float, product: NDArray[np.bool_]) -> list[Line]:
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    u0, u1 = _extent(glyphs, along, keep)
    v0, v1 = _extent(glyphs, np.array([-along[1], along[0]]), keep)
    height = v1 - v0
    lines = []
    for group in _groups(glyphs, keep, along, (u0, u1, v0, v1), product):
        if len(group) >= 3:
            line = _line(glyphs, keep, group, along, angle, (u0, u1, v0, v1, height))
            if line.confidence >= 0.3:
                lines.append(line)
    return lines


def _extent(glyphs: Glyphs, axis: Floats, keep: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Where each component begins and ends along an axis."""
    where = glyphs.points @ axis
    low, high = np.full(len(glyphs), np.inf), np.full(len(glyphs), -np.inf)
    np.minimum.at(low, glyphs.owner, where)
    np.maximum.at(high, glyphs.owner, where)
    return low[keep] - 0.5, high[keep] + 0.5


def _groups(
    glyphs: Glyphs,
    keep: NDArray[np.intp],
    along: Floats,
    extents: tuple[Floats, Floats, Floats, Floats],
    product: NDArray[np.bool_],
) -> list[NDArray[np.intp]]:
    """Neighbours of about one height, one stroke and one ink, on one level."""
    u0, u1, v0, v1 = extents
    height = v1 - v0
    tall, low = np.maximum(height[:, None], height), np.minimum(height[:, None], height)
    overlap = np.minimum(v1[:, None], v1) - np.maximum(v0[:, None], v0)
    gap = np.maximum(u0[:, None], u0) - np.minimum(u1[:, None], u1)
    stroke = glyphs.stroke[keep]
    shade, contrast = glyphs.shade[keep], glyphs.contrast[keep]
    alike = (
        (overlap >= 0.45 * low)
        & (gap >= -0.6 * low)
        & (tall <= 2.4 * low)
        & (np.maximum(stroke[:, None], stroke) <= 2.2 * np.minimum(stroke[:, None], stroke))
        & (np.maximum(contrast[:, None], contrast) <= 1.8 * np.minimum(contrast[:, None], contrast))
        & (shade[:, None] * shade > 0)
    )
    linked = alike & (gap <= _GAP * tall)
    beyond = np.argwhere(np.triu(alike & (gap > _GAP * tall)))
    for one, other in beyond if len(beyond) <= _MOST_BEYOND else ():
        first, last = (one, other) if u1[one] < u0[other] else (other, one)
        level = (v0[one] + v1[one] + v0[other] + v1[other]) / 4
        if _open_between(u1[first], u0[last], level, along, product) <= _GAP * tall[one, other]:
            linked[one, other] = linked[other, one] = True
    label = np.arange(len(keep))
    while True:
        lowest = np.where(linked, label[None], label[:, None]).min(axis=1)
        lowest = np.minimum(lowest, label)
        lowest = lowest[lowest]
        if (lowest == label).all():
            break
        label = lowest
    return [np.flatnonzero(label == one) for one in np.unique(label)]


def _on_line(edge: Floats, along: Floats, tall: float) -> float:
    """Share of the letters that begin, or end, on one straight line; tails and the marks above do not."""
    straight = edge - np.median(edge)
    if len(edge) >= 4:
        # The angle was taken from a few neighbours: a long line shows it better.
        middle = along - along.mean()
        slope = float((middle * straight).sum() / max(float((middle**2).sum()), 1e-6))
        straight = edge - np.clip(slope, -0.12, 0.12) * along
        straight -= np.median(straight)
    return float((np.abs(straight) <= 0.14 * tall + 1).mean())


def _open_between(start: float, end: float, level: float, along: Floats, product: NDArray[np.bool_]) -> float:
    """How long a stretch between two letters is not hidden by the product."""
    steps = np.linspace(start, end, _SAMPLES)
    where = np.round(steps[:, None] * along + level * np.array([-along[1], along[0]])).astype(int)
    height, width = product.shape
    x, y = where[:, 0].clip(0, width - 1), where[:, 1].clip(0, height - 1)
    return float((end - start) * (1 - product[y, x].mean()))


def _line(
    glyphs: Glyphs, keep: NDArray[np.intp], group: NDArray[np.intp], along: Floats, angle: float,
    extents: tuple[Floats, Floats, Floats, Floats, Floats],
) -> Line:  # fmt: skip
    u0, u1, v0, v1, height = (part[group] for part in extents)
    members = keep[group]
    tall = float(np.percentile(height, 80))
    upper, lower = (_on_line(edge, (u0 + u1) / 2, tall) for edge in (v0, v1))
    stroke = glyphs.stroke[members]
    even = float(np.std(stroke) / np.mean(stroke))
    wide = u1 - u0
    # Dots, dashes and beads of a pattern are all of one shape; letters are not.
    filled = glyphs.area[members] / np.maximum(wide * height, 1)
    varied = float(np.std(wide / height) + 1.5 * np.std(filled))
    few = _CAPITALS if min(upper, lower) == 1 and even < 0.1 else 0.62
    count = few if len(group) == 3 else _BY_COUNT[min(len(group), len(_BY_COUNT) - 1)]
    confidence = count * _ramp(max(upper, lower), 0.35, 0.7) * _ramp(0.3 - even, 0, 0.16) * _ramp(varied, 0.07, 0.16)
    # What is fainter than a human sees at once is rather a texture.
    contrast = float(np.median(glyphs.highest[members]))
    confidence *= _ramp(tall, 4, 8) * _ramp(contrast, 5, 16)
    if float(np.mean(glyphs.own[members])) > 0.5:
        confidence *= _MAYBE_PRODUCT
    left, right, middle = float(u0.min()), float(u1.max()), float(np.median((v0 + v1) / 2))
    normal = np.array([-along[1], along[0]])
    start, end = left * along + middle * normal, right * along + middle * normal
    box = glyphs.box[members]
    x, y = int(box[:, 0].min()), int(box[:, 1].min())
    return Line(
        angle=angle,
        start=(float(start[0]), float(start[1])),
        end=(float(end[0]), float(end[1])),
        height=tall,
        box=(x, y, int((box[:, 0] + box[:, 2]).max()) - x, int((box[:, 1] + box[:, 3]).max()) - y),
        letters=len(group),
        contrast=contrast,
        confidence=confidence,
        members=tuple(members.tolist()),
    )


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
