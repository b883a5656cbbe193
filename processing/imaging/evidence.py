"""Whether a region shows the backdrop or the product, from its colours, its texture and the network's doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.imaging.arrays import RGB, Mask
from processing.imaging.backdrop_model import BackdropModel
from processing.imaging.regions import Region

Plane = NDArray[np.float32]

_MEAN = np.full((1, 3), 1 / 3, np.float32)

# Weights of a logistic regression, fitted on some hundred labels and openings of generated products (none of those that
# the tests use) and rounded. Positive speaks for the product.
_TINT, _BRIGHT, _APART, _TEXTURE, _DOUBT, _BIAS = 1.45, 1.3, 2.0, 2.5, 7.5, -4.5
_PRINT = 2.0
_INK, _INSIDE = 10.0, 9
"""Levels of contrast, beyond four times the backdrop's own, that print has; how far from the rim it is looked for."""
_MOST_DOUBT = 2.5
_DEEPEST = 0.7
_FEWEST, _SAMPLES = 12, 3000
_NARROW, _DISTRUST = 4.0, 2.5
"""A region not this many pixels deep shows little but blurred edges: its evidence is discounted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Logarithms of how many tolerances a region differs from the backdrop foretold for it; 0 is no difference.

    tint: in hue, whatever the brightness: no shadow does that. bright: lighter than the backdrop, in or out of shadow.
    apart: everywhere in the region (its nearest tenth), so not a shadow that fades. texture: rougher or smoother.
    doubt: the network's mean mask inside, 0..1: it is rarely torn about a true opening. print: share of the inside, in
    percent, that has the hard contrast of letters; a logarithm too. narrow: too narrow to be heard in full.
    """

    tint: float
    bright: float
    apart: float
    texture: float
    doubt: float
    print: float = 0.0
    narrow: bool = False

    @property
    def score(self) -> float:
        """Log odds that the region is product: above 0 it is, the higher the surer."""
        return self.without_doubt + min(_DOUBT * self.doubt, _MOST_DOUBT) - _DISTRUST * self.narrow

    @property
    def without_doubt(self) -> float:
        """The same from the photo alone."""
        seen = _TINT * self.tint + _BRIGHT * self.bright + _APART * self.apart
        return seen + _TEXTURE * self.texture + _PRINT * self.print + _BIAS


class Witness:
    """Takes evidence from one photo. `small` uint8 (h, w, 3), `mask` float32 (h, w), `backdrop` of the same size."""

    def __init__(self, small: RGB, mask: Mask, backdrop: BackdropModel) -> None:
        self.mask, self.backdrop = mask, backdrop
        pixels = small.astype(np.float32)
        self.smooth = cast("Plane", cv2.GaussianBlur(pixels, (0, 0), 1.5))
        self.rough = np.asarray(cv2.transform(cv2.absdiff(pixels, cv2.blur(pixels, (5, 5))), _MEAN), np.float32)
        some = np.flatnonzero(backdrop.reached)[:: max(1, int(backdrop.reached.sum()) // _SAMPLES)]
        self.typical = float(np.median(self.rough.ravel()[some])) if len(some) else 1.0

    def on(self, region: Region) -> Evidence:
        """Evidence on a region, bool (h, w), that has at least a few pixels."""
        core = _core(region)
        seen = self.smooth.reshape(-1, 3)[core]
        tolerance = 1.5 + self.backdrop.drift
        # Either account of the backdrop may be the right one: in the subject's shadow, or out of it.
        told = [_differ(seen, model.reshape(-1, 3)[core]) for model in (self.backdrop.nearby, self.backdrop.surface)]
        tint, apart = min(t for t, _, _ in told), min(a for _, _, a in told)
        bright = min(told[0][1], told[1][1] - self.backdrop.misfit / 2)
        rough = float(np.median(self.rough.ravel()[core]))
        return Evidence(
            tint=float(np.log1p(tint / (0.7 + 0.2 * self.backdrop.drift + 0.1 * self.backdrop.grain))),
            bright=float(np.log1p(max(bright, 0) / tolerance)),
            apart=float(np.log1p(apart / tolerance)),
            texture=abs(float(np.log((rough + 0.4) / (self.typical + 0.4)))),
            print=self._print(region),
            doubt=float(self.mask.ravel()[core].mean()),
            narrow=float(cv2.distanceTransform(region.astype(np.uint8), cv2.DIST_L2, 3).max()) < _NARROW,
        )

    def _print(self, region: Region) -> float:
        inside = cv2.erode(region.astype(np.uint8), np.ones((_INSIDE, _INSIDE), np.uint8)) > 0
        if int(inside.sum()) < _FEWEST:
            return 0.0
        return float(np.log1p(100 * (self.rough[inside] > _INK + 4 * self.typical).mean()))

    def resembles(self) -> Region:
        """Pixels (h, w) that may be backdrop, lit or in a shadow."""
        light = np.asarray(cv2.transform(self.smooth, _MEAN), np.float32)
        limit = 2 + self.backdrop.grain + self.backdrop.drift
        found = np.zeros(light.shape, np.bool_)
        for told in (self.backdrop.nearby, self.backdrop.surface):
            shade = np.clip(light / np.maximum(cv2.transform(told, _MEAN), 4), _DEEPEST, 1.0)
            red, green, blue = cv2.split(cv2.absdiff(self.smooth, told * shade[..., None]))
            found |= cv2.max(cv2.max(red, green), blue) < limit
        return found


def _differ(seen: Plane, told: Plane) -> tuple[float, float, float]:
    """How far pixels (N, 3) are from what was foretold: in hue, in brightness (signed), and in their nearest tenth."""
    light = seen.mean(axis=1) / np.maximum(told.mean(axis=1), 4)
    tint = np.abs(np.median(seen - told * light[:, None], axis=0)).max()
    bright = np.median((seen - told).mean(axis=1))
    return float(tint), float(bright), float(np.percentile(np.abs(seen - told).max(axis=1), 10))


def _core(region: Region) -> NDArray[np.intp]:
    """Flat indices of some pixels of the region without its rim, as far as it has anything inside."""
    for size in (5, 3, 1):
        core = np.flatnonzero(cv2.erode(region.astype(np.uint8), np.ones((size, size), np.uint8)))
        if len(core) >= _FEWEST:
            break
    return core[:: max(1, len(core) // _SAMPLES)]
