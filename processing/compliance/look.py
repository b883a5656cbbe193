"""From a file to a measured picture: decoded once, its product found, ready to be judged by any profile."""

from __future__ import annotations

import cv2
import numpy as np

from processing.compliance import file_facts
from processing.compliance.detectors import frame
from processing.compliance.detectors.ringing import is_ringing
from processing.compliance.picture import LOSSY, MeasuredPicture
from processing.compliance.subject import Subject, estimate, known
from processing.engines.base import Engine
from processing.imaging.arrays import RGB, Alpha, Mask
from processing.imaging.decode import decode_opened
from processing.imaging.inspect import open_image
from processing.imaging.limits import Limits

_SEE_THROUGH_BELOW = 128


def look(
    data: bytes,
    limits: Limits,
    mask: Mask | Alpha | None = None,
    *,
    engine: Engine | None = None,
    filename: str = "",
    address: str = "",
    generated: bool = False,
) -> MeasuredPicture:
    """Everything that can be known of the picture; one look serves all profiles.

    `mask`: where the product is, where that is known: uint8 (0..255) or float32 (0..1), of any size over the same
    frame. Without it the file's own transparency counts, then a plain backdrop tells product and background apart
    without a network, and only then `engine` is asked. `filename`, `address`: as the marketplace will see them; what
    is empty is not judged. `generated`: the picture or its background is known to be made by AI.
    Raises subclasses of InvalidImage.
    """
    opened = open_image(data, limits, first_of_many=True)
    facts = file_facts.read(data, opened)
    photo = decode_opened(opened)
    rgb = photo.rgb if photo.alpha is None else _on_white(photo.rgb, photo.alpha)
    border = frame.find(rgb)
    if border and facts.format in LOSSY and is_ringing(rgb, border.frame):
        border = None
    found, empty = _subject(rgb, photo.alpha, mask, border.inner if border else None, engine)
    see_through = 0.0 if photo.alpha is None else float((photo.alpha < _SEE_THROUGH_BELOW).mean())
    return MeasuredPicture(
        file=facts,
        rgb=rgb,
        subject=found,
        empty=empty,
        frame=border.frame if border else None,
        see_through=see_through,
        filename=filename,
        address=address,
        generated=generated,
    )


def _subject(
    rgb: RGB, alpha: Alpha | None, mask: Mask | Alpha | None, inner: tuple[slice, slice] | None, engine: Engine | None
) -> tuple[Subject | None, bool]:
    """The product, and whether it is sure that there is none."""
    if mask is not None:
        return known(_full_size(mask, rgb.shape[0], rgb.shape[1]), "given", 1.0), False
    if alpha is not None:
        return known(alpha, "alpha", 1.0), False
    return estimate(rgb, inner, engine)


def _full_size(mask: Mask | Alpha, height: int, width: int) -> Alpha:
    levels = mask if mask.dtype == np.uint8 else np.clip(mask * 255, 0, 255).astype(np.uint8)
    if levels.shape[:2] != (height, width):
        wide = max(height / levels.shape[0], 1.0)
        grown = cv2.resize(levels, (width, height), interpolation=cv2.INTER_LINEAR)
        # A coarse mask's edge would be as wide as its pixels: it is made steep around its middle.
        steep = np.clip((np.arange(256) - 127.5) * wide + 127.5, 0, 255).astype(np.uint8)
        levels = np.asarray(cv2.LUT(grown, steep), np.uint8)
    return np.ascontiguousarray(levels, np.uint8)


def _on_white(rgb: RGB, alpha: Alpha) -> RGB:
    """As it is seen on a white page."""
    share = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    lit = cv2.multiply(rgb, share, scale=1 / 255)
    return np.asarray(cv2.add(lit, cv2.bitwise_not(share)), np.uint8)
