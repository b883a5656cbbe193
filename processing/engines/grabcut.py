"""The engine that needs no model: GrabCut on what differs from a plain backdrop."""

from __future__ import annotations

import cv2
import numpy as np

from processing.engines import surface
from processing.engines.backdrop import Backdrop, Notice, measure, proxy
from processing.engines.registry import GRABCUT
from processing.engines.surface import Plane, Region
from processing.imaging.arrays import RGB, Mask

_MASK_PIXELS = 1_000_000
_FEWEST_PIXELS = 30
_ITERATIONS = 2


class GrabCutEngine:
    """For plain and smoothly changing backdrops only, and honest about it (processing.engines.base.Engine)."""

    name = GRABCUT
    runtime = "opencv"

    def mask(self, rgb: RGB) -> Mask:
        """Soft mask, float32 (h, w) in 0..1, of at most a megapixel; all 0 where nothing stands out.

        The same photo gives the same mask. Raises BackdropNotPlain.
        """
        backdrop = measure(rgb)
        backdrop.refuse()
        return matte(proxy(rgb, _MASK_PIXELS), backdrop, cut(backdrop))

    def notices(self, rgb: RGB) -> list[Notice]:
        """What may be wrong with this photo's mask: a soft shadow, a texture."""
        return measure(rgb).notices()


def cut(backdrop: Backdrop) -> Region:
    """The subject at the size of the backdrop's proxy.

    GrabCut (Rother, Kolmogorov, Blake 2004) over the difference from the backdrop, in which every backdrop is one
    tight cluster of colours; then what is too thin for it but stands out clearly.
    """
    subject = (backdrop.distance > backdrop.unsure) & ~backdrop.shadow
    if subject.sum() < _FEWEST_PIXELS:
        return np.zeros_like(subject)
    labels = np.where(subject, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[surface.shrink(backdrop.known & ~subject, 3)] = cv2.GC_BGD
    window = _around(subject)
    part = labels[window].copy()
    if np.isin(part, (cv2.GC_BGD, cv2.GC_PR_BGD)).sum() < _FEWEST_PIXELS:
        return subject
    difference = np.clip((backdrop.image - backdrop.colour)[window] + 128, 0, 255).astype(np.uint8)
    cv2.setRNGSeed(0)  # its clustering starts at random
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(difference, part, None, *models, _ITERATIONS, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    found = np.zeros_like(subject)
    found[window] = np.isin(part, (cv2.GC_FGD, cv2.GC_PR_FGD))
    return np.asarray(found | (subject & _clear(backdrop)), np.bool_)


def matte(rgb: RGB, backdrop: Backdrop, subject: Region) -> Mask:
    """Alpha at the edge of the subject, float32 (H, W) of `rgb`'s size.

    With backdrop B and subject F known, a pixel I = alpha F + (1 − alpha) B has alpha = (I − B)·(F − B) / |F − B|².
    """
    height, width = rgb.shape[:2]

    def enlarged(plane: Plane | Region) -> Plane:
        return np.asarray(
            cv2.resize(plane.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR), np.float32
        )

    strongest = backdrop.distance >= 0.8 * cv2.dilate(backdrop.distance, np.ones((5, 5), np.uint8))
    sure = (surface.shrink(subject, 1) & (backdrop.distance > backdrop.unsure)) | (
        subject & _clear(backdrop) & strongest
    )
    contrast = surface.fill(backdrop.image, sure, finest=1) - backdrop.colour
    squared = np.maximum(enlarged(np.einsum("hwc,hwc->hw", contrast, contrast)), 1)
    along = np.einsum("hwc,hwc->hw", rgb.astype(np.float32) - enlarged(backdrop.colour), enlarged(contrast))
    noise = np.clip(0.5 * backdrop.unsure / np.sqrt(squared), 0.02, 0.4)
    alpha = np.clip((along / squared - noise) / (1 - 2 * noise), 0, 1)
    alpha = np.where(squared < (1.5 * backdrop.unsure) ** 2, enlarged(subject), alpha)
    alpha[enlarged(surface.shrink(subject, 2)) > 0.5] = 1
    alpha[enlarged(surface.grow(subject, 2)) < 0.5] = 0
    return np.asarray(alpha, np.float32)


def _clear(backdrop: Backdrop) -> Region:
    return np.asarray(backdrop.distance > max(25.0, 3 * backdrop.unsure), np.bool_)


def _around(region: Region) -> tuple[slice, slice]:
    """The part of the frame that holds the region and some backdrop: GrabCut's time goes with its pixels."""
    margin = round(0.04 * min(region.shape)) + 4
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + margin + 1),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + margin + 1),
    )
