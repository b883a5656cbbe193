"""TIFF 6.0 and BigTIFF: directories of tags, one for each page."""

from __future__ import annotations

import struct

from processing.imaging.containers.container import Container
from processing.imaging.errors import BrokenImage, TruncatedImage, UnsupportedImage
from processing.imaging.sniff import WANTED

_MOST_PAGES = 100
_LONGEST = 1_000_000
_TYPES = {1: "B", 3: "H", 4: "I", 16: "Q"}

_KIND, _OLD_KIND, _WIDTH, _HEIGHT = 254, 255, 256, 257
_OFFSETS, _LENGTHS = (273, 324), (279, 325)
_TILE_WIDTH, _TILE_HEIGHT, _INNER, _DNG = 322, 323, 330, 50706
_REDUCED, _MASK, _OLD_REDUCED = 1, 4, 2

Tags = dict[int, tuple[int, ...]]


def read(data: bytes) -> Container:
    """Pages that are only smaller copies or masks of others do not count as frames.

    Raises UnsupportedImage for camera raw files, which are built like a TIFF around a tiny preview.
    """
    pages = _pages(data)
    first = pages[0]
    preview = first.get(_KIND, (0,))[0] & _REDUCED and _INNER in first
    if _DNG in first or preview or data[8:10] == b"CR":
        raise UnsupportedImage(f"This is a camera raw file. Develop it first. {WANTED}")
    if not first.get(_WIDTH) or not first.get(_HEIGHT):
        raise BrokenImage("The file starts like a TIFF, but holds no picture. Save it again and send it.")
    width, height = first[_WIDTH][0], first[_HEIGHT][0]
    return Container(
        width,
        height,
        data=data,
        end=len(data),
        frames=1 + sum(1 for page in pages[1:] if not _is_copy(page)),
        unpacked=_unpacked(first, width, height),
        whole=_reach(first) <= len(data),
    )


def _is_copy(page: Tags) -> bool:
    return bool(page.get(_KIND, (0,))[0] & (_REDUCED | _MASK)) or page.get(_OLD_KIND) == (_OLD_REDUCED,)


def _unpacked(page: Tags, width: int, height: int) -> int:
    if not page.get(_TILE_WIDTH) or not page.get(_TILE_HEIGHT):
        return width * height
    wide, high = max(page[_TILE_WIDTH][0], 1), max(page[_TILE_HEIGHT][0], 1)
    return -(-width // wide) * wide * -(-height // high) * high


def _reach(page: Tags) -> int:
    """How far into the file the pixels reach."""
    reach = 0
    for offsets, lengths in zip(_OFFSETS, _LENGTHS, strict=True):
        for start, length in zip(page.get(offsets, ()), page.get(lengths, ()), strict=False):
            reach = max(reach, start + length)
    return reach


def _pages(data: bytes) -> list[Tags]:
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    pages: list[Tags] = []
    seen: set[int] = set()
    try:
        (at,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
        while at and at not in seen and len(pages) < _MOST_PAGES:
            seen.add(at)
            tags, at = _directory(data, at, order, big)
            pages.append(tags)
    except struct.error:
        # A torn directory of a later page says nothing against the first.
        if not pages:
            raise TruncatedImage from None
    if not pages:
        raise TruncatedImage
    return pages


def _directory(data: bytes, at: int, order: str, big: bool) -> tuple[Tags, int]:
    """The tags that matter here, and where the next directory stands (0: nowhere)."""
    many, entry, step, inline = ("Q", "HHQ8s", 20, 8) if big else ("H", "HHI4s", 12, 4)
    (count,) = struct.unpack_from(order + many, data, at)
    at += struct.calcsize("<" + many)
    tags: Tags = {}
    for _ in range(min(count, 65_535)):
        tag, kind, length, value = struct.unpack_from(order + entry, data, at)
        at += step
        letter = _TYPES.get(kind)
        if letter and 0 < length <= _LONGEST:
            form = f"{order}{length}{letter}"
            if struct.calcsize(form) <= inline:
                tags[tag] = struct.unpack_from(form, value)
            elif tag in {*_OFFSETS, *_LENGTHS, _INNER, _DNG}:
                (start,) = struct.unpack(order + ("Q" if big else "I"), value)
                tags[tag] = struct.unpack_from(form, data, start)
    (following,) = struct.unpack_from(order + ("Q" if big else "I"), data, at)
    return tags, following
