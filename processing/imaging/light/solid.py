"""How deep a subject is and where it stands, guessed from its silhouette."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.ground import ground_line, lowest_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]

_ROUND = 1 - np.pi / 4  # how far a half ellipse lies below its bounding box on average, of its height
_SLICES = (0.0, -0.28, 0.28, -0.53, 0.53, -0.75, 0.75, -0.92, 0.92)


@dataclass(frozen=True, slots=True)
class Solid:
    """`middle`: row of the ground under the subject's middle. `tallest`: its height above it, in pixels.

    `depth`: half of what its base takes of the ground, in rows. `flat`: 0 it stands, 1 it lies on the ground.
    """

    middle: float
    tallest: float
    depth: float
    flat: float

    def slices(self, silhouette: Field) -> list[tuple[float, NDArray[np.uint8]]]:
        """Upright cuts through the solid: rows by which each stands nearer, and its silhouette, uint8 0..255.

        A thin part (a handle, a neck) is thin in depth too, so that only the inner cuts meet it.
        """
        levels = (silhouette * 255).astype(np.uint8)
        thick = np.pad(levels, ((0, levels.shape[0]), (0, 0)))
        bottom = int(np.flatnonzero((levels > 127).any(axis=1))[-1])
        thick[bottom : bottom + levels.shape[0]] = levels[max(bottom - 2, 0)]  # it goes on: the ground cuts nothing off
        inside = cv2.distanceTransform((thick > 127).astype(np.uint8), cv2.DIST_L2, 5)[: levels.shape[0]]
        inside[bottom + 1 :] = 0
        across = np.flatnonzero((levels > 127).any(axis=0))
        radius = min(float(inside.max()), 0.5 * (across[-1] - across[0] + 1))
        found = []
        for place in _SLICES if self.flat < 0.5 else _SLICES[:1]:
            missing = (1 - np.sqrt(1 - place**2)) * radius
            cut = levels if not place else np.clip((inside - missing) * 255, 0, 255).astype(np.uint8)
            found.append((place * self.depth, cut))
        return found


def solid_of(silhouette: Field) -> Solid:
    """`silhouette`: float32 (H, W) 0..1 with something in it of 0.5 and more."""
    solid = silhouette > 0.5
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    height, width = float(rows[-1] - rows[0] + 1), float(columns[-1] - columns[0] + 1)
    line = ground_line(lowest_rows(solid))[columns[0] : columns[-1] + 1]
    curve = float((line.max() - line).mean()) / _ROUND  # half of a round base's height
    lying = np.clip((0.62 - height / width) / 0.2, 0, 1) * np.clip((2 * curve / height - 0.45) / 0.3, 0, 1)
    depth = float(np.clip(curve, 0.05 * width, 0.13 * width))
    return Solid(float(rows[-1]) - depth * (1 - lying), height, depth * float(1 - lying), float(lying))
