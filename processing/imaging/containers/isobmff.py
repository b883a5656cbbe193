"""HEIC and AVIF: boxes of the ISO base media file format, and the items that a still picture is made of (HEIF)."""

from __future__ import annotations

import struct

from processing.imaging.containers import av1
from processing.imaging.containers.container import Container
from processing.imaging.containers.items import Items, boxes, odd, read_items
from processing.imaging.errors import BrokenImage, ContradictoryImage, TruncatedImage
from processing.imaging.sniff import HEAD, brands

_SEQUENCES = {b"avis", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs"}
_DEEPEST = 4
# Encoders round up to whole coding blocks.
_ROUNDING = 64


def read(data: bytes) -> Container:
    """Raises TruncatedImage, BrokenImage, and ContradictoryImage when a coded picture is larger than announced."""
    try:
        found = {name: (start, end) for name, start, end in boxes(data, 0, len(data))}
        if b"meta" not in found:
            if b"moov" in found:
                return Container(1, 1, data=data, end=len(data), frames=2)
            raise _broken()
        items = read_items(data, *found[b"meta"])
    except struct.error:
        raise TruncatedImage from None
    frames = 2 if b"moov" in found and _SEQUENCES & {brands(data[:HEAD])[0]} else 1
    size = items.sizes.get(items.primary)
    if size is None:
        raise _broken()
    _check_coded_sizes(data, items)
    return Container(
        *size,
        data=data,
        end=len(data),
        frames=frames,
        unpacked=_unpacked(items),
        cicp=items.colors.get(items.primary),
    )


def _unpacked(items: Items) -> int:
    """Pixels to decode for the picture and what hangs on it: tiles count as often as they are named."""
    known: dict[int, int] = {}

    def weigh(item: int, depth: int) -> int:
        if depth > _DEEPEST:
            raise odd()
        if item not in known:
            width, height = items.sizes.get(item, (0, 0))
            tiles = items.tiles.get(item)
            known[item] = sum(weigh(tile, depth + 1) for tile in tiles) if tiles else width * height
        return known[item]

    shown = {items.primary, *items.tiles.get(items.primary, ())}
    hanging = [item for item, targets in items.auxiliary.items() if shown & set(targets)]
    return sum(weigh(item, 0) for item in (items.primary, *hanging))


def _check_coded_sizes(data: bytes, items: Items) -> None:
    """libheif compares these itself; libavif decodes first and scales afterwards."""
    for item, kind in items.kinds.items():
        if kind != b"av01" or item not in items.sizes:
            continue
        width, height = items.sizes[item]
        for coded_width, coded_height in av1.sizes(items.content(data, item)):
            if coded_width > width + _ROUNDING or coded_height > height + _ROUNDING:
                raise ContradictoryImage(
                    f"The AVIF says it is {width} × {height} pixels and holds {coded_width} × {coded_height}. "
                    "Save it again and send it."
                )


def _broken() -> BrokenImage:
    return BrokenImage("The file starts like a HEIC or AVIF, but holds no picture. Save it again and send it.")
