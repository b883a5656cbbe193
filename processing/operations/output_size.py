"""How large an image may become, by what was asked for and by what the file format holds."""

from __future__ import annotations

from pydantic import ValidationInfo

from accounts.kit.errors import InvalidInput
from processing.imaging.placement import Size
from processing.operations.validate import problem

MAX_SIDE = 10_000
MAX_PIXELS = 50_000_000
# What the formats hold; without one it is jpg or png.
_LONGEST = {"jpg": 65_535, "png": 65_535, "webp": 16_383, "avif": 65_535, None: 65_535}


class OutputTooLarge(InvalidInput):
    """With the photo's own ratio or size, the image would be larger than is possible."""

    code = "output_too_large"
    title = "The image would be too large"


def check_size(size: Size, *, format: str | None, sized: bool, field: str, max_pixels: int) -> None:
    """Raises OutputTooLarge. `sized`: a side was named in the request, which goes up to 10,000 pixels."""
    width, height = size
    longest = min(MAX_SIDE, _LONGEST[format]) if sized else _LONGEST[format]
    if max(size) > longest or width * height > max_pixels:
        raise OutputTooLarge(
            f"The image would be {width} × {height} pixels. At most {longest} pixels a side and "
            f"{max_pixels / 1e6:g} megapixels are possible{f' as {format}' if format else ''}.",
            field=field,
        )


def height_within_limit(height: int | None, info: ValidationInfo) -> int | None:
    """Validates a `height` that stands behind a `width`."""
    width = info.data.get("width")
    limit = (info.context or {}).get("max_pixels") or MAX_PIXELS
    if width and height and width * height > limit:
        raise problem(
            f"width and height together make {width * height / 1e6:.2f} megapixels; "
            f"at most {limit / 1e6:g} are possible."
        )
    return height
