"""A cut-out corrected by hand: what the marks concern is cut anew, everything else stays to the bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.imaging import matte
from processing.imaging.arrays import RGB, Mask
from processing.imaging.marks import Mark, stroke
from processing.imaging.refine import WORK_PIXELS, Edges, Refined, fitting, level, resize
from processing.imaging.regions import Region, grown

Finder = Callable[[RGB, Region, Mark, Sequence[Mark]], Region]
"""The photo uint8 (h, w, 3), the subject so far bool (h, w), a click and the marks before it, all in pixels of that
photo: what the click adds to the subject, or takes from it, bool (h, w)."""

FIND_PIXELS = 160_000
"""Size at which GrabCut tells parts apart quickly, and well enough."""
_RIM = 2
"""Pixels at that size within which a part's edge is looked for again."""
_BESIDE = 12
"""Pixels at the refinement's size around what has changed that are refined anew."""
_LEAST = 320
"""Pixels of the smallest window that is refined by itself: from less the colours of both sides cannot be told."""


def correct(
    rgb: RGB, cut: Refined, marks: Sequence[Mark], find: Finder, *, edges: Edges, find_pixels: int = FIND_PIXELS
) -> Refined:
    """The cut-out with the marks applied in their order; `cut` itself where they change nothing.

    `rgb`: uint8 (H, W, 3), the photo; `marks` in its pixels; `find` is given a copy of at most `find_pixels`. A click
    changes the connected part that it lies on, with a new soft edge; a stroke exactly what it covers. Where nothing
    was touched, alpha and colours are those of `cut`.
    """
    done: list[Mark] = []
    for click, group in groupby(marks, key=lambda mark: mark.click):
        run = list(group)
        cut = _clicked(rgb, cut, run, done, find, edges, find_pixels) if click else _painted(rgb, cut, run)
        done += run
    return cut


def _clicked(
    rgb: RGB, cut: Refined, run: Sequence[Mark], before: Sequence[Mark], find: Finder, edges: Edges, find_pixels: int
) -> Refined:
    size = fitting(rgb.shape, WORK_PIXELS[edges])
    at = fitting(rgb.shape, min(find_pixels, size[0] * size[1]))
    mask, small = level(cut.alpha, size), resize(rgb, size)
    tiny = resize(small, at)
    marks = [mark.scaled(at[0] / rgb.shape[1]) for mark in (*before, *run)]
    touched = np.zeros(mask.shape, np.float32)
    for last in range(len(before), len(marks)):
        weight, target = _pointed(tiny, resize(mask, at) > 0.5, marks[: last + 1], find, size)
        mask = mask + (target - mask) * weight
        touched = np.maximum(touched, weight)
    return _refined(rgb, cut, small, mask, touched)


def _painted(rgb: RGB, cut: Refined, run: Sequence[Mark]) -> Refined:
    alpha, colours = cut.alpha.copy(), cut.foreground.copy()
    for mark in run:
        where, weight = stroke(mark, rgb.shape)
        alpha[where] = np.rint(alpha[where] + (255 * mark.keep - alpha[where]) * weight)
        if mark.keep:  # what is painted is the photo itself, with nothing taken out of it
            share = weight[..., None]
            colours[where] = np.rint(colours[where] + (rgb[where].astype(np.float32) - colours[where]) * share)
    return Refined(alpha, colours)


def _pointed(
    tiny: RGB, subject: Region, marks: Sequence[Mark], find: Finder, size: tuple[int, int]
) -> tuple[Mask, Mask]:
    """How much the last mark, a click, changes each pixel of a mask of `size` (width, height), 0..1, and into what."""
    click = marks[-1]
    part = find(tiny, subject, click, marks[:-1])
    if not part.any():
        return np.zeros(size[::-1], np.float32), np.zeros(size[::-1], np.float32)
    after = subject | part if click.keep else subject & ~part
    # The soft rim of what goes goes with it, and the seam between two parts is filled.
    concerned = part | (grown(part, _RIM) & (after if click.keep else ~after))
    return _soft(concerned, size), _soft(after, size)


def _refined(rgb: RGB, cut: Refined, small: RGB, mask: Mask, touched: Mask) -> Refined:
    changed = touched > 0.004
    if not changed.any():
        return cut
    near = grown(changed, _BESIDE)
    around = _window(near)
    scale_x, scale_y = rgb.shape[1] / mask.shape[1], rgb.shape[0] / mask.shape[0]
    full = (
        slice(round(around[0].start * scale_y), round(around[0].stop * scale_y)),
        slice(round(around[1].start * scale_x), round(around[1].stop * scale_x)),
    )
    alpha, colours = cut.alpha.copy(), cut.foreground.copy()
    new_alpha, new_colours = matte.solve(
        np.ascontiguousarray(rgb[full]), np.ascontiguousarray(mask[around]), np.ascontiguousarray(small[around])
    )
    here = cv2.resize(near[around].astype(np.uint8), new_alpha.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    alpha[full][here] = new_alpha[here]
    colours[full][here] = new_colours[here]
    return Refined(alpha, colours)


def _soft(region: Region, size: tuple[int, int]) -> Mask:
    """1 inside, 0 outside, half on the edge, soft over a few of the region's pixels: float32 of `size`."""
    soft = cv2.GaussianBlur(region.astype(np.float32), (0, 0), 1.0)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _window(region: Region) -> tuple[slice, slice]:
    """The frame around the region, of at least _LEAST pixels a side where the picture has them."""
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    return _span(rows, region.shape[0]), _span(columns, region.shape[1])


def _span(at: NDArray[np.intp], length: int) -> slice:
    first, last = int(at[0]), int(at[-1]) + 1
    missing = max(0, _LEAST - (last - first))
    first = max(0, first - missing // 2)
    last = min(length, max(last, first + _LEAST))
    return slice(max(0, min(first, last - _LEAST)), last)
