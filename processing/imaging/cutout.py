"""The subject brought to its place and size on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.placement import Placement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import RGB, Alpha

_SEARCH = 24  # photo pixels looked at for an edge that falls on a whole canvas pixel
_CLOSE = 0.02  # canvas pixels that nobody sees


@dataclass(frozen=True, slots=True)
class Cutout:
    """Pixels with alpha whose top left corner is at `x`, `y` of the canvas; they lie inside the canvas.

    `rgb`: straight colours uint8 (h, w, 3). `alpha`: uint8 (h, w).
    """

    x: int
    y: int
    rgb: RGB
    alpha: Alpha


def cut_out(foreground: RGB, alpha: Alpha, placement: Placement) -> Cutout:
    """Resizes the subject as `placement` says, colours weighted by alpha so that nothing bleeds in.

    `foreground`: uint8 (H, W, 3) straight. `alpha`: uint8 (H, W). At scale 1 the pixels stay what they are.
    """
    extent = cv2.boundingRect(alpha)
    x_from, x_to = _interval(placement, extent, 0, placement.canvas_width)
    y_from, y_to = _interval(placement, extent, 1, placement.canvas_height)
    colors, opacity = _crop(foreground, alpha, x_from, y_from)
    size = (x_to[1] - x_to[0], y_to[1] - y_to[0])
    if size != (opacity.shape[1], opacity.shape[0]):
        colors, opacity = resize(colors, opacity, size)
    left, top = max(x_to[0], 0), max(y_to[0], 0)
    right, bottom = min(x_to[1], placement.canvas_width), min(y_to[1], placement.canvas_height)
    inside = slice(top - y_to[0], bottom - y_to[0]), slice(left - x_to[0], right - x_to[0])
    return Cutout(left, top, colors[inside], opacity[inside])


def resize(colors: RGB, alpha: Alpha, size: tuple[int, int]) -> tuple[RGB, Alpha]:
    """Straight colours and alpha at `size` (width, height): averages when smaller, cubic when larger."""
    if size[0] * size[1] < alpha.shape[0] * alpha.shape[1]:
        premultiplied = np.asarray(cv2.resize(premultiply(colors, alpha), size, interpolation=cv2.INTER_AREA), np.uint8)
        smaller = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.uint8)
        return straighten(premultiplied, smaller), smaller
    # Cubic overshoots, and an overshoot is clipped in alpha before it is in colour: premultiplied colours would get
    # a rim. Straight colours do not, once the pixels that the kernel reaches outside have the subject's colour.
    larger = cv2.resize(_bled(colors, alpha), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8), np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _bled(colors: RGB, alpha: Alpha) -> RGB:
    """The subject's colours carried two pixels out into what is clear."""
    window = (5, 5)
    near = cv2.dilate(alpha, np.ones(window, np.uint8))
    rows, columns = np.nonzero((near > 0) & (alpha == 0))
    out = premultiply(colors, alpha)
    weight = cv2.boxFilter(alpha, cv2.CV_16U, window, normalize=False)[rows, columns, None].astype(np.float32)
    total = cv2.boxFilter(out, cv2.CV_16U, window, normalize=False)[rows, columns].astype(np.float32)
    cv2.copyTo(colors, alpha, out)
    out[rows, columns] = np.clip(total * 255 / weight + 0.5, 0, 255)
    return out


def premultiply(colors: RGB, alpha: Alpha) -> RGB:
    """Colours × alpha / 255, uint8 (h, w, 3), in a new array."""
    out = np.asarray(cv2.copyTo(colors, alpha), np.uint8)  # zero where alpha is zero
    rows, columns = _soft(alpha)
    soft = alpha[rows, columns, None].astype(np.uint16)
    out[rows, columns] = (out[rows, columns] * soft + 127) // 255
    return out


def straighten(premultiplied: RGB, alpha: Alpha) -> RGB:
    """The opposite of premultiply, in place."""
    rows, columns = _soft(alpha)
    soft = alpha[rows, columns, None].astype(np.uint32)
    values = (premultiplied[rows, columns] * np.uint32(255) + soft // 2) // soft
    premultiplied[rows, columns] = np.minimum(values, 255)
    return premultiplied


def _soft(alpha: Alpha) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the pixels that are neither clear nor opaque: few, so that only they are calculated."""
    soft = cv2.inRange(alpha, 1, 254)
    if not cv2.countNonZero(soft):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    places = np.asarray(cv2.findNonZero(soft), np.intp).reshape(-1, 2)  # one dimension more in OpenCV 4
    return places[:, 1], places[:, 0]


def _interval(
    placement: Placement, extent: Sequence[int], axis: int, canvas: int
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Photo pixels [a, b) and the canvas pixels they become, for all of the subject that the canvas shows.

    Ends are looked for where a photo pixel's edge falls on a canvas pixel's edge, so that resizing whole pixels
    moves nothing by a part of one. An interval may reach beyond the photo: there is nothing there.
    """
    origin, length = placement.source[axis], placement.source[axis + 2]
    target, target_length = placement.target[axis], placement.target[axis + 2]
    ratio = target_length / length
    first = max(extent[axis], floor(origin - target / ratio))
    last = min(extent[axis] + extent[axis + 2], ceil(origin + (canvas - target) / ratio))

    def on_canvas(edge: int) -> float:
        return target + (edge - origin) * ratio

    start = _whole(range(first, first - _SEARCH, -1), on_canvas)
    end = _whole(range(max(last, first + 1), last + _SEARCH), on_canvas)
    to_start = round(on_canvas(start))
    return (start, end), (to_start, max(round(on_canvas(end)), to_start + 1))


def _whole(edges: range, on_canvas: Callable[[int], float]) -> int:
    """The first edge that falls on a whole canvas pixel, else the one that comes nearest."""

    def away(edge: int) -> float:
        place = on_canvas(edge)
        return abs(place - round(place))

    return next((edge for edge in edges if away(edge) < _CLOSE), min(edges, key=away))


def _crop(foreground: RGB, alpha: Alpha, x: tuple[int, int], y: tuple[int, int]) -> tuple[RGB, Alpha]:
    """The pixels of the intervals; clear where they reach beyond the photo."""
    height, width = alpha.shape
    inside = slice(max(y[0], 0), min(y[1], height)), slice(max(x[0], 0), min(x[1], width))
    beyond = (max(-y[0], 0), max(y[1] - height, 0), max(-x[0], 0), max(x[1] - width, 0))
    colors, opacity = foreground[inside], alpha[inside]
    if any(beyond):
        colors = np.pad(colors, (beyond[:2], beyond[2:], (0, 0)))
        opacity = np.pad(opacity, (beyond[:2], beyond[2:]))
    return colors, opacity
