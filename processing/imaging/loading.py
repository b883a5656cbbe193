"""Decoding, with an answer in words when the pixels are not what the header promised."""

from __future__ import annotations

from PIL import Image

from processing.imaging.errors import BrokenImage, ContradictoryImage
from processing.imaging.inspect import UNREADABLE, Opened, label
from processing.imaging.short_jpeg import is_short

# What Pillow and libheif say when the file is whole, but its pixels are not as many as the header says.
_FEWER_OR_MORE = ("truncated", "size signaled", "Security limit")


def load(opened: Opened, *, side: int | None = None, by: int = 1) -> Image.Image:
    """The decoded image as stored, neither turned nor converted.

    `side`: about how large it will be shown; a JPEG, or a HEIC with a preview, is then decoded smaller than it is, but
    not smaller than that. `by`: 2, 4 or 8 decodes a JPEG exactly so many times smaller (processing.imaging.reduction),
    and another format whole. Raises ContradictoryImage, BrokenImage.
    """
    image, kind = opened.image, opened.info.format
    promised = image.size
    try:
        asked = (side, side) if side is not None else (image.width // by, image.height // by)
        if side is not None or (kind == "jpeg" and by > 1):
            image.draft(None, asked)
            promised = image.size
        image.load()
        short = kind == "jpeg" and side is None and is_short(image, opened.container, asked)
    except UNREADABLE as error:
        if any(words in str(error) for words in _FEWER_OR_MORE):
            raise _contradictory(opened) from None
        raise BrokenImage(
            f"The {label(kind)} is damaged: part of the picture cannot be read. Save it again and send it."
        ) from None
    if short or image.size != promised:
        raise _contradictory(opened)
    return image


def _contradictory(opened: Opened) -> ContradictoryImage:
    info = opened.info
    return ContradictoryImage(
        f"The {label(info.format)} says it is {info.width} × {info.height} pixels, but does not hold that many. "
        "Save it again and send it."
    )
