"""The part of a photo that a click lies on: GrabCut, told by the cut so far and by the click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import cv2
import numpy as np

from accounts.kit.errors import InvalidInput
from processing.engines.base import Engine
from processing.imaging.arrays import RGB
from processing.imaging.marks import Mark
from processing.imaging.regions import Region, grown

_ITERATIONS = 1
_SEED = 1
"""Pixels around a click that are taken at its word."""
_ALIKE = 9.0
"""Levels by which neighbours on one part differ at most, before the photo's own noise."""
_ISLAND = 0.3
"""Share of the found part under which what it encloses belongs to it."""


@runtime_checkable
class Pointable(Protocol):
    """An engine that says what lies at a point."""

    def thing_at(self, rgb: RGB, clicks: Sequence[Mark]) -> Region:
        """The thing that holds the clicks with `keep` and none of the others: bool (h, w), as large as the photo."""


def part_at(rgb: RGB, subject: Region, click: Mark, before: Sequence[Mark]) -> Region:
    """What a click adds to the subject (`keep`) or takes from it: one connected part, bool (h, w), that holds it.

    `rgb`: uint8 (h, w, 3); `subject`: the cut so far, bool (h, w); `click` and those before it are in pixels of
    `rgb`. A click where nothing is left to do finds nothing.
    """
    side = subject if click.keep else ~subject  # what the click says its place shall be
    seed = _at(click, subject.shape)
    if side[seed].all():
        return np.zeros(subject.shape, np.bool_)
    alike = _alike(rgb, click) & ~side
    window = _around(alike | seed, subject)
    other = _said(click, before, side)
    found = np.zeros(subject.shape, np.bool_)
    found[window] = _cut(rgb[window], side[window], alike[window], seed[window], other[window])
    found = _holding(found & ~side, seed) if found.any() else found
    if int(found.sum()) <= 2 * int(seed.sum()):  # the colours say nothing: what looks the same around the click
        found = _holding(alike | (seed & ~side), seed)
    return _whole(found, side, other)


def by(engine: Engine) -> Callable[[RGB, Region, Mark, Sequence[Mark]], Region]:
    """The same with an engine that knows things: what it sees at the click; GrabCut's part where it sees nothing."""
    if not isinstance(engine, Pointable):
        raise InvalidInput(f"The model {engine.name} cannot be pointed with.", field="clicks")

    def find(rgb: RGB, subject: Region, click: Mark, before: Sequence[Mark]) -> Region:
        seed = _at(click, subject.shape)
        side = subject if click.keep else ~subject
        if side[seed].all():
            return np.zeros(subject.shape, np.bool_)
        # To SAM every click says what the wanted thing is: one to remove asks for what is to go.
        asked = [Mark(mark.keep == click.keep, mark.points) for mark in (*before, click) if mark.click]
        found = _holding(engine.thing_at(rgb, asked) & ~side, seed)
        return found if found.any() else part_at(rgb, subject, click, before)

    return find


def _cut(rgb: RGB, side: Region, alike: Region, seed: Region, other: Region) -> Region:
    """GrabCut with the click's side as its foreground."""
    labels = np.where(side, cv2.GC_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[alike] = cv2.GC_PR_FGD
    labels[other] = cv2.GC_BGD
    labels[seed] = cv2.GC_FGD
    if not np.isin(labels, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
        return np.ones(side.shape, np.bool_)
    cv2.setRNGSeed(0)  # its clustering starts at random
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.ascontiguousarray(rgb), labels, None, *models, _ITERATIONS, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    return np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))


def _alike(rgb: RGB, click: Mark) -> Region:
    """What is connected to the click by small steps of colour, and not too far from its own."""
    smooth = cv2.bilateralFilter(rgb, 5, 25, 5)
    noise = float(np.median(np.abs(smooth.astype(np.int16) - cv2.blur(smooth, (3, 3)).astype(np.int16))))
    step = _ALIKE + 2 * noise
    height, width = rgb.shape[:2]
    x, y = _pixel(click, (height, width))
    filled = np.zeros((height + 2, width + 2), np.uint8)
    far = 3 * step
    cv2.floodFill(smooth.copy(), filled, (x, y), (0, 0, 0), (far,) * 3, (far,) * 3,
                  4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8))  # fmt: skip
    return np.asarray(filled[1:-1, 1:-1] > 0, np.bool_)


def _said(click: Mark, before: Sequence[Mark], side: Region) -> Region:
    """Where earlier clicks have said the contrary and are still right."""
    said = np.zeros(side.shape, np.bool_)
    for mark in before:
        if mark.click and mark.keep != click.keep:
            said |= _at(mark, side.shape) & ~side
    return said & ~_at(click, side.shape)


def _at(click: Mark, shape: tuple[int, ...]) -> Region:
    x, y = _pixel(click, shape)
    at = np.zeros(shape[:2], np.bool_)
    at[max(0, y - _SEED) : y + _SEED + 1, max(0, x - _SEED) : x + _SEED + 1] = True
    return at


def _pixel(click: Mark, shape: tuple[int, ...]) -> tuple[int, int]:
    (x, y), *_ = click.points
    return min(shape[1] - 1, max(0, int(x))), min(shape[0] - 1, max(0, int(y)))


def _around(part: Region, subject: Region) -> tuple[slice, slice]:
    """The frame around what may be the part, with enough beside it of both sides: GrabCut's time goes with it."""
    height, width = subject.shape
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    margin = round(0.12 * max(height, width) + 0.25 * max(np.ptp(rows), np.ptp(columns)))
    return (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + margin + 1),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + margin + 1),
    )


def _holding(region: Region, seed: Region) -> Region:
    """The connected parts of the region that hold a pixel of the seed."""
    _, labels = cv2.connectedComponents(region.astype(np.uint8), connectivity=4)
    chosen = np.zeros(int(labels.max()) + 1, np.bool_)
    chosen[np.unique(labels[region & seed])] = True
    chosen[0] = False
    return np.asarray(chosen[labels], np.bool_)


def _whole(found: Region, side: Region, other: Region) -> Region:
    """The part without the small islands that its texture left in it."""
    area = int(found.sum())
    rest = ~(found | side)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest.astype(np.uint8), connectivity=4)
    island = stats[:, cv2.CC_STAT_AREA] < _ISLAND * area
    island[0] = False
    island[np.unique(labels[other])] = False
    touches = np.zeros(count, np.bool_)
    touches[np.unique(labels[grown(found, 1)])] = True
    return np.asarray(found | (island & touches)[labels], np.bool_)
