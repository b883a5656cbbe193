"""Product photos made by code: small, plain backdrops, so that the engine without a model can cut them out."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw


def product_photo(seed: int = 0, *, size: tuple[int, int] = (240, 200), format: str = "JPEG") -> bytes:
    """A coloured box with a lid on a light grey backdrop; another `seed` is another photo."""
    random = np.random.default_rng(seed)
    width, height = size
    image = Image.new("RGB", size, (232, 233, 235))
    draw = ImageDraw.Draw(image)
    color = tuple(int(value) for value in random.integers(20, 140, 3))
    left, top = width * 0.28 + seed % 7, height * 0.25
    right, bottom = width * 0.72, height * 0.78 - seed % 5
    draw.rectangle((left, top, right, bottom), fill=color)
    draw.rectangle((left + 4, top, right - 4, top + height * 0.1), fill=tuple(value + 60 for value in color))
    draw.point([(index % width, 0) for index in range(seed % 50)], fill=(231, 233, 235))
    buffer = io.BytesIO()
    image.save(buffer, format, quality=92) if format == "JPEG" else image.save(buffer, format)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
