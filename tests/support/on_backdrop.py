"""A generated subject with known alpha, set on a backdrop of a chosen kind."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from processing.imaging.arrays import RGB, Mask
from tests.support.pictures.backdrops import any_colour, backdrop, light, shadow
from tests.support.pictures.picture import Picture
from tests.support.pictures.solid import solid


def subject_on(kind: str, seed: int, *, size: tuple[int, int] = (420, 330), shaded: bool = False) -> tuple[RGB, Mask]:
    """uint8 (H, W, 3) and the subject's alpha, float32 (H, W); `kind`: one of backdrops.KINDS."""
    picture = _subject(seed, size)
    rng = np.random.default_rng([seed, 7])
    height, width = picture.alpha.shape
    surface = backdrop(rng, width, height, kind, light(rng) if seed % 2 else any_colour(rng))
    if shaded:
        surface = shadow(rng, surface, picture.alpha)
    alpha = picture.alpha[..., None]
    image = alpha * picture.foreground + (1 - alpha) * surface + rng.normal(0, 1.5, surface.shape)
    return np.clip(np.round(image), 0, 255).astype(np.uint8), picture.alpha


@cache
def _subject(seed: int, size: tuple[int, int]) -> Picture:
    return solid(seed, size=size)


def agreement(mask: Mask, alpha: Mask) -> float:
    """Intersection over union at one half; the mask is brought to the alpha's size."""
    size = (alpha.shape[1], alpha.shape[0])
    found = cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR) > 0.5
    wanted = alpha > 0.5
    return float((found & wanted).sum() / max((found | wanted).sum(), 1))
