"""From a file to pixels: upright, sRGB, 8 bit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.colour import to_srgb
from processing.imaging.errors import InvisibleImage
from processing.imaging.inspect import ImageInfo, Opened, open_image
from processing.imaging.limits import Limits
from processing.imaging.loading import load
from processing.imaging.reduction import Size, reduced, reduction
from processing.imaging.shrink import shrink
from processing.imaging.upright import upright

_SEE_THROUGH_BELOW = 128
_ROWS = 32
# A thousandth of the picture: rounded corners of a screenshot cut nothing out.
_USEFUL_FROM = 0.001


@dataclass(frozen=True, slots=True)
class Photo:
    """`rgb`: uint8 (H, W, 3) sRGB. `alpha`: uint8 (H, W), or None where it cuts nothing out. Both are of the size that
    `info` tells, unless the photo was read smaller.
    """

    rgb: RGB
    alpha: Alpha | None
    info: ImageInfo


def decode(data: bytes, limits: Limits) -> Photo:
    """The picture in `data`. Raises subclasses of InvalidImage, those of the limits before any pixel is decoded."""
    return decode_opened(open_image(data, limits))


def decode_opened(opened: Opened, *, least: Size | None = None) -> Photo:
    """The picture of a file that was opened before. Raises subclasses of InvalidImage.

    `least`: width and height, of the upright picture, of which no less is needed: it is then two, four or eight times
    as small as it can be with that. A picture that is cut out already is whole.
    """
    by = 1 if least is None else reduction((opened.info.width, opened.info.height), least)
    image = upright(to_srgb(load(opened, by=by), opened.profile), opened.info.orientation)
    pixels = _pixels(image)
    if image.mode == "RGB":
        small = reduced((opened.info.width, opened.info.height), by)
        return Photo(pixels if image.size == small else shrink(pixels, small), None, opened.info)
    rgb = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), np.uint8)
    return Photo(*_with_useful_alpha(rgb, np.ascontiguousarray(pixels[:, :, 3])), opened.info)


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    """(H, W, channels). A band at a time, which stays in the processor's cache on its way out of Pillow: numpy's own
    way takes two more copies of the whole picture."""
    width, height = image.size
    pixels = np.empty((height, width, len(image.getbands())), np.uint8)
    for top in range(0, height, _ROWS):
        band = pixels[top : top + _ROWS]
        rows = image.crop((0, top, width, top + len(band))).tobytes()
        band[:] = np.frombuffer(rows, np.uint8).reshape(band.shape)
    return pixels


def _with_useful_alpha(rgb: RGB, alpha: Alpha) -> tuple[RGB, Alpha | None]:
    """An alpha is kept when it cuts something out: part of the picture is see-through and part of it is not.

    Otherwise the picture is what one sees of it on a white page, or, when all of it is equally transparent, what lies
    underneath. Raises InvisibleImage when nothing does.
    """
    lowest, highest = int(alpha.min()), int(alpha.max())
    if lowest == highest:
        if highest == 0 and rgb.reshape(-1, 3).min(axis=0).tolist() == rgb.reshape(-1, 3).max(axis=0).tolist():
            raise InvisibleImage(
                "Every pixel of the picture is transparent. Send one on which the product can be seen."
            )
        return rgb, None
    if np.count_nonzero(alpha < _SEE_THROUGH_BELOW) >= _USEFUL_FROM * alpha.size:
        return rgb, alpha
    share = alpha[:, :, None].astype(np.uint16)
    return ((rgb * share + 255 * (255 - share) + 127) // 255).astype(np.uint8), None
