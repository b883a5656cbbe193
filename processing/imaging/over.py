"""One layer over another: Porter-Duff over with straight colours on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.cutout import Cutout

if TYPE_CHECKING:
    from processing.imaging.arrays import RGB, Alpha

_ROWS = 32  # at a time: the 16 bit copies stay in the cache, and none is as large as the image
_FEW = 0.15  # of the pixels: so many soft ones are picked out and mixed alone


def over(layer: Cutout, canvas: RGB, opacity: Alpha | None) -> None:
    """Lays `layer` over `canvas`, in place.

    `canvas`: uint8 (H, W, 3). `opacity`: its alpha, uint8 (H, W), or None where it is opaque.
    """
    height, width = layer.alpha.shape
    for top in range(0, height, _ROWS):
        rows = slice(top, min(top + _ROWS, height))
        place = slice(layer.y + rows.start, layer.y + rows.stop), slice(layer.x, layer.x + width)
        if opacity is None:
            _over_opaque(layer.rgb[rows], layer.alpha[rows], canvas[place])
        else:
            _over_clear(layer.rgb[rows], layer.alpha[rows], canvas[place], opacity[place])


def _over_opaque(rgb: RGB, alpha: Alpha, under: RGB) -> None:
    soft = cv2.inRange(alpha, 1, 254)
    if cv2.countNonZero(soft) > _FEW * alpha.size:
        under[:] = _mixed(rgb, alpha[:, :, None], under)
        return
    cv2.copyTo(rgb, cv2.inRange(alpha, 255, 255), under)
    rows, columns = np.nonzero(soft)
    under[rows, columns] = _mixed(rgb[rows, columns], alpha[rows, columns, None], under[rows, columns])


def _mixed(rgb: RGB, alpha: Alpha, under: RGB) -> RGB:
    above = alpha.astype(np.uint16)
    mixed = rgb * above
    mixed += under * (255 - above)
    mixed += 127
    mixed //= 255
    return mixed.astype(np.uint8)


def _over_clear(rgb: RGB, alpha: Alpha, under: RGB, opacity: Alpha) -> None:
    both = cv2.bitwise_and(cv2.inRange(alpha, 1, 254), cv2.inRange(opacity, 1, 255))
    rows, columns = np.nonzero(both)
    above = alpha[rows, columns].astype(np.uint32) * 255
    below = opacity[rows, columns] * (255 - alpha[rows, columns]).astype(np.uint32)
    total = (above + below)[:, None]  # the joint alpha × 255
    mixed = rgb[rows, columns] * above[:, None] + under[rows, columns] * below[:, None]
    alone = cv2.bitwise_and(alpha, cv2.bitwise_not(both))
    cv2.copyTo(rgb, alone, under)
    cv2.copyTo(alpha, alone, opacity)
    under[rows, columns] = (mixed + total // 2) // total
    opacity[rows, columns] = (total[:, 0] + 127) // 255
