"""The shapes that images have in memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]
"""(H, W, 3), sRGB, straight (not multiplied by alpha)."""

Alpha = NDArray[np.uint8]
"""(H, W), 0 transparent to 255 opaque."""

Mask = NDArray[np.float32]
"""(H, W), 0..1: how sure the network is that a pixel belongs to the subject."""

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""
