"""Whether a picture that Amazon shows is the one that was sent to it.

Amazon fetches an image, encodes it anew and shows it under an address of its own, so neither address nor bytes can be
compared. Both pictures are made small and compared point by point: encoding anew moves a point by a few steps, while
another background, crop or product moves many by tens.
"""

from __future__ import annotations

import base64

from PIL import Image, ImageChops

from accounts.kit.errors import InvalidImage
from processing.imaging.colour import to_srgb
from processing.imaging.inspect import open_image
from processing.imaging.limits import Limits
from processing.imaging.loading import load
from processing.imaging.upright import upright

_SIDE = 32
_LIMITS = Limits(max_bytes=30_000_000, max_pixels=110_000_000)
# Steps of 255: on average, and what a hundredth of the points may exceed.
_MEAN, _WORST, _MAY_EXCEED = 3.0, 16, 0.01
_RATIO = 0.02


def fingerprint(data: bytes) -> str:
    """A picture made small, as text of 4 kB. Raises InvalidImage."""
    small, ratio = _small(data)
    return f"{ratio:.4f} {base64.b64encode(small.tobytes()).decode('ascii')}"


def same(mark: str, data: bytes) -> bool:
    """Whether `data` is the picture that left this fingerprint. False also where it is no picture."""
    try:
        small, ratio = _small(data)
    except InvalidImage:
        return False
    known_ratio, _, text = mark.partition(" ")
    if abs(ratio / float(known_ratio) - 1) > _RATIO:
        return False
    known = Image.frombytes("RGB", small.size, base64.b64decode(text))
    counts = ImageChops.difference(small, known).histogram()
    steps = [sum(counts[step::256]) for step in range(256)]
    points = sum(steps)
    mean = sum(step * count for step, count in enumerate(steps)) / points
    return mean <= _MEAN and sum(steps[_WORST + 1 :]) <= _MAY_EXCEED * points


def _small(data: bytes) -> tuple[Image.Image, float]:
    """RGB, 32 by 32 points, on white; and width by height of the picture."""
    opened = open_image(data, _LIMITS)
    image = upright(to_srgb(load(opened, side=8 * _SIDE), opened.profile), opened.info.orientation)
    ratio = image.width / image.height
    if image.mode != "RGB":
        rgba = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(rgba, mask=rgba.getchannel("A"))
    return image.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR), ratio
