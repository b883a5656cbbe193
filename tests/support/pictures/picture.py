"""One generated photograph with everything about it known."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.noise import Rng
from tests.support.pictures.sketch import Sketch


@dataclass(frozen=True, slots=True)
class Picture:
    """`rgb` uint8 (H, W, 3) = alpha · foreground + (1 − alpha) · backdrop, then the camera's noise.

    alpha: float32 (H, W) in 0..1; foreground, backdrop: uint8 (H, W, 3), without noise.
    label: float32 (H, W), the printed panels. holes: bool (H, W), backdrop seen through the subject.
    """

    name: str
    rgb: NDArray[np.uint8]
    alpha: NDArray[np.float32]
    foreground: NDArray[np.uint8]
    backdrop: NDArray[np.uint8]
    label: NDArray[np.float32]
    holes: NDArray[np.bool_]


def photograph(
    name: str, sketch: Sketch, backdrop: NDArray[np.float32], rng: Rng, *, noise: float | None = None
) -> Picture:
    """Compose a drawn subject over a backdrop as a camera would: a slight blur, noise, 8 bits, sometimes JPEG."""
    alpha, colour, label = sketch.finish()
    blur = float(rng.uniform(0.3, 0.9))
    alpha, colour = (cv2.GaussianBlur(plane, (0, 0), blur).astype(np.float32) for plane in (alpha, colour))
    alpha[alpha < 1e-3] = 0
    straight = np.where(alpha[..., None] > 0, colour / np.maximum(alpha[..., None], 1e-3), 0)
    image = alpha[..., None] * straight + (1 - alpha[..., None]) * backdrop
    deviation = float(rng.choice([0.0, 0.7, 1.5, 3.0])) if noise is None else noise
    image = image + rng.standard_normal(image.shape, dtype=np.float32) * deviation
    rgb = np.clip(np.round(image), 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = int(rng.integers(80, 97))
        _, packed = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])
        rgb = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return Picture(
        name,
        rgb,
        alpha,
        np.clip(np.round(straight), 0, 255).astype(np.uint8),
        np.clip(np.round(backdrop), 0, 255).astype(np.uint8),
        label,
        holes_of(alpha),
    )


def holes_of(alpha: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where the backdrop is enclosed by the subject: bool (H, W). Specks under 0.05 % of the subject do not count."""
    empty = np.pad(alpha < 0.5, 1, constant_values=True).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(empty, connectivity=4)
    smallest = 0.0005 * float((alpha >= 0.5).sum())
    keep = np.zeros(count, bool)
    for index in range(1, count):
        keep[index] = index != labels[0, 0] and stats[index, cv2.CC_STAT_AREA] >= smallest
    return np.asarray(keep[labels][1:-1, 1:-1], np.bool_)
