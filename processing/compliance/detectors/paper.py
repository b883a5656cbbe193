"""The background around the product as a sheet of paper, on which everything that stands out is ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.compliance.finding import Region
from processing.engines import surface
from processing.imaging.arrays import RGB, Alpha
from processing.imaging.channels import largest
from processing.imaging.shrink import shrink

SIDE = 1200
_MEDIAN = 0.1
_THIN = 0.024
_OPENINGS_FROM = 0.015
_QUARTER = 4
_FAINTEST, _LEVELS = 5.0, (12, 25, 45, 90)


@dataclass(frozen=True, slots=True)
class Paper:
    """The picture as the detectors see it: at most SIDE pixels long.

    `off`: uint8 (h, w), how far each pixel is from the background around it, 0 where the product is. `shade`: int16
    (h, w), the same signed. `free`: share of the picture that is background. `noise`: of `off` where nothing stands
    out. `scale`: small pixels per picture pixel. `product`: bool (h, w), what is not looked at;
    `beside`: right along it.
    `strength`: how far the product itself is from the background, where its thin parts are looked at; else 0.
    `maybe`: those thin parts. `steep`: float32 (h, w), change of `off` from pixel to pixel.
    """

    off: NDArray[np.uint8]
    shade: NDArray[np.int16]
    free: float
    noise: float
    scale: float
    product: NDArray[np.bool_]
    beside: NDArray[np.bool_]
    strength: float
    maybe: NDArray[np.bool_]
    steep: NDArray[np.float32]

    @property
    def levels(self) -> list[float]:
        """Distances from the background at which strokes are cut out, faint to strong."""
        least = max(_FAINTEST, 5 * self.noise)
        return [least, *(level for level in _LEVELS if level > 1.4 * least)]


def sheet(rgb: RGB, alpha: Alpha | None, border: tuple[Region, int] | None, *, certain: bool) -> Paper:
    """`border`: region and thickness of a frame, which is no ink. `certain`: `alpha` is known to be the product; else
    what is thin of it is looked at too, for a mark that touches the product looks like a part of it."""
    height, width = rgb.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = rgb if scale == 1 else shrink(rgb, size)
    product = np.zeros(small.shape[:2], bool)
    maybe = product
    if alpha is not None:
        covered = shrink(alpha, size)
        if not certain:
            maybe = covered > 127
            covered = _thick(covered)
        product = cv2.dilate(covered, np.ones((11, 11), np.uint8)) > 12
    if border is not None:
        (x, y, w, h), thick = border
        inset = thick + 3 / scale
        outside = np.ones_like(product)
        outside[
            round((y + inset) * scale) : round((y + h - inset) * scale),
            round((x + inset) * scale) : round((x + w - inset) * scale),
        ] = False
        product |= outside
    behind = _background(small, product)
    off = largest(np.asarray(cv2.absdiff(small, behind), np.uint8))
    shade = cv2.subtract(
        cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), cv2.cvtColor(behind, cv2.COLOR_RGB2GRAY), dtype=cv2.CV_16S
    )
    shown = off[product & (off > 2 * _FAINTEST)]
    strength = float(np.median(shown)) if shown.size and not certain else 0.0
    steep = cv2.magnitude(
        cv2.Scharr(off, cv2.CV_32F, 1, 0, scale=1 / 32), cv2.Scharr(off, cv2.CV_32F, 0, 1, scale=1 / 32)
    )
    off[product] = 0
    beside = (cv2.dilate(product.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0) & ~product
    seen = off[~product]
    noise = float(np.percentile(seen, 50)) if seen.size else 0.0
    return Paper(
        off,
        np.asarray(shade, np.int16),
        float(1 - product.mean()),
        noise,
        scale,
        product,
        beside,
        strength,
        maybe & ~product,
        np.asarray(steep, np.float32),
    )


def _thick(covered: Alpha) -> Alpha:
    """The product with its openings closed and without its thin parts."""
    _, solid = cv2.threshold(covered, 127, 255, cv2.THRESH_BINARY)
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    # Not those of a letter.
    large = [outline for outline in outlines if cv2.contourArea(outline) >= _OPENINGS_FROM * covered.size]
    cv2.drawContours(solid, large, -1, 255, cv2.FILLED)
    wide = round(_THIN * max(covered.shape)) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    return np.asarray(cv2.morphologyEx(solid, cv2.MORPH_OPEN, brush), np.uint8)


def _background(small: RGB, product: NDArray[np.bool_]) -> RGB:
    """What lies around each pixel, the product replaced by what surrounds it."""
    height, width = small.shape[:2]
    size = max(1, width // _QUARTER), max(1, height // _QUARTER)
    tiny = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.uint8)
    hidden = cv2.resize(product.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    if hidden.any() and not hidden.all():
        filled = surface.fill(tiny.astype(np.float32), ~hidden, finest=2)
        tiny = np.where(hidden[..., None], np.clip(filled, 0, 255), tiny).astype(np.uint8)
    around = max(3, round(_MEDIAN * max(size)) | 1)
    padded = cv2.copyMakeBorder(tiny, around, around, around, around, cv2.BORDER_REFLECT)
    middle = cv2.medianBlur(padded, around)[around:-around, around:-around]
    return np.asarray(cv2.resize(middle, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
