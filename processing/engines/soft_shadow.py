"""Recognises the soft shadow that a product casts on a plain backdrop."""

from __future__ import annotations

import cv2
import numpy as np

from processing.engines import surface
from processing.engines.surface import Image, Plane, Region

_DARKEST = 0.35
_STEEPEST = 0.07
_ROUGHEST = 0.012
_SPECK = 12


def recognise(image: Image, colour: Image, known: Region, *, roughness: float, unsure: float) -> tuple[Image, Region]:
    """The backdrop with its shadows on it, and where they are.

    A shadow is the backdrop's own colour, only darker, and goes over into the unshadowed backdrop without an edge.
    What has an edge against it is left to be subject; so is everything where the shadow would be larger than the
    subject, which is more likely a grey product.
    """
    share = _brightness(image, colour)
    smooth, candidate = _candidates(image, colour, share, known, roughness)
    core = surface.shrink(candidate, 2) | known
    reached = surface.grow(surface.touching(core, known), 2) & candidate
    far = surface.distance(image, colour) > unsure
    shadow = _without_edge(reached & far & ~known, smooth, known)
    if not shadow.any() or shadow.sum() > 1.5 * (far & ~shadow).sum():
        return colour, np.zeros_like(known)
    return _shaded(colour, share, known, shadow), shadow


def _brightness(image: Image, colour: Image) -> Plane:
    """How bright each pixel is as a share of its backdrop."""
    product = np.einsum("hwc,hwc->hw", image, colour)
    return np.asarray(product / np.maximum(np.einsum("hwc,hwc->hw", colour, colour), 1), np.float32)


def _candidates(image: Image, colour: Image, share: Plane, known: Region, roughness: float) -> tuple[Region, Region]:
    blurred = cv2.GaussianBlur(share, (0, 0), 1.0)
    square = np.ones((3, 3), np.uint8)
    steep = cv2.dilate(blurred, square) - cv2.erode(blurred, square)
    rough = np.abs(blurred - cv2.GaussianBlur(blurred, (0, 0), 2.5))
    smooth = (steep < _STEEPEST) & (rough < _ROUGHEST + 0.5 * roughness / 255)
    same_hue = surface.distance(image, colour * share[..., None]) < max(6.0, 1.5 * roughness)
    darker = (share > _DARKEST) & (share < 1)
    return smooth, (same_hue & darker & smooth) | known


def _without_edge(region: Region, smooth: Region, known: Region) -> Region:
    """The parts of the region that do not end in an edge against the backdrop."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8), connectivity=8)
    near_backdrop = surface.grow(known, 4)
    kept = np.zeros_like(region)
    for index in range(1, count):
        part = labels == index
        if stats[index, cv2.CC_STAT_AREA] >= _SPECK:
            around = surface.grow(part, 2) & ~part
            if (around & ~smooth & near_backdrop).sum() > 0.3 * around.sum():
                continue
        kept |= part
    return kept


def _shaded(colour: Image, share: Plane, known: Region, shadow: Region) -> Image:
    """Shadowed pixels as they are; beside them, under the subject's edge, the shade goes on."""
    shade = surface.fill(np.where(known, np.float32(1), share)[..., None], known | shadow, finest=1)[..., 0]
    beside = cv2.GaussianBlur(surface.grow(shadow, 4).astype(np.float32), (0, 0), 3)
    shaded = colour * (1 + (shade - 1) * beside)[..., None]
    return np.where(shadow[..., None], colour * share[..., None], shaded).astype(np.float32)
