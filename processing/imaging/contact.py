"""The dark line where a subject stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.ground import ground_line, lowest_rows
from processing.imaging.shadow_layer import blur

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]


def contact(silhouette: Field, size: float) -> Field:
    """Where the subject stands, the ground gets no light: dark and sharp at the line, fading around it.

    `silhouette`: float32 (H, W) 0..1. `size`: square root of its box, in its pixels. Answers with darkness 0..1.
    """
    lowest = lowest_rows(silhouette > 0.5)
    ground = ground_line(lowest)
    raised = (ground.max() - ground) / (0.07 * size)
    hanging = (ground - lowest) / (0.05 * size)
    closeness = np.exp(-(raised**2) - hanging**2) * (lowest >= 0)
    rows = np.arange(silhouette.shape[0])[:, None]
    foot = (rows <= ground) & (rows > ground - 0.035 * size)
    touching = (foot * closeness).astype(np.float32)
    light = np.ones_like(silhouette)
    for spread, strength in ((0.008, 0.55), (0.03, 0.4), (0.1, 0.3)):
        # The ground is seen at a slant: a shadow spreads further across than towards the camera.
        light *= 1 - strength * blur(touching, spread * size, 0.45 * spread * size)
    return 1 - light
