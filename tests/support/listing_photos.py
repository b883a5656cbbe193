"""Listing photos made by code, of which it is known what a marketplace would say."""

from __future__ import annotations

import io
from datetime import date
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from processing.compliance.finding import Finding, Report
from processing.compliance.judge import MeasuredPicture, judge, look
from processing.compliance.profiles import find
from processing.imaging.limits import Limits

TODAY = date(2026, 11, 21)
WHITE = (255, 255, 255)


def listing(
    size: tuple[int, int] = (700, 700), *, fill: float = 0.9, backdrop: tuple[int, int, int] = WHITE
) -> Image.Image:
    """A box with a printed label, as wide as `fill` of the shorter side, in the middle of a plain backdrop."""
    image = Image.new("RGB", size, backdrop)
    draw = ImageDraw.Draw(image)
    width, height = size
    side = round(fill * min(size))
    left, top = (width - side) // 2, (height - side) // 2
    draw.rounded_rectangle((left, top, left + side - 1, top + side - 1), side // 5, fill=(170, 50, 40))
    draw.rectangle((left + side // 4, top + side // 3, left + 3 * side // 4, top + 2 * side // 3), fill=(240, 230, 210))
    draw.text((width // 2, height // 2), "BRAND\nNo 5", (30, 30, 40), ImageFont.load_default(side // 12), anchor="mm")
    return image


def jpeg(image: Image.Image, quality: int = 95, **options: object) -> bytes:
    return saved(image, "JPEG", quality=quality, subsampling=0, **options)


def png(image: Image.Image) -> bytes:
    return saved(image, "PNG", compress_level=1)


def saved(image: Image.Image, writer: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, writer, **options)
    return buffer.getvalue()


def spotted(image: Image.Image, share: float, level: int) -> Image.Image:
    """That share of the white pixels outside the middle made `level`, in rows from the top left corner."""
    pixels = np.array(image)
    white = np.flatnonzero((pixels == 255).all(axis=2))
    chosen = white[: round(share * len(white))]
    pixels.reshape(-1, 3)[chosen] = level
    return Image.fromarray(pixels)


def judged(
    data: bytes, marketplace: str = "amazon", slot: str = "main", *, as_of: date = TODAY, **looking: object
) -> Report:
    picture = look(data, Limits(), **looking) if looking else _looked_at(data)  # type: ignore[arg-type]
    return judge(picture, find(marketplace, slot), as_of)


@lru_cache(maxsize=2)
def _looked_at(data: bytes) -> MeasuredPicture:
    """One look serves all profiles."""
    return look(data, Limits())


def finding(data: bytes, key: str, marketplace: str = "amazon", **judging: object) -> Finding:
    found = judged(data, marketplace, **judging).of(key)  # type: ignore[arg-type]
    assert found is not None, f"{marketplace} has no finding {key}"
    return found
