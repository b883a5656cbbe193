"""The `meta` box of a HEIF file (ISO/IEC 23008-12): which items there are, how large, made of which others."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from processing.imaging.errors import BrokenImage, TruncatedImage

_MOST_BOXES = 20_000
_MOST_REFERENCES = 100_000


@dataclass(frozen=True, slots=True)
class Place:
    """The first extent of an item in the file; `length` 0 is to the end."""

    start: int
    length: int
    extents: int


@dataclass(slots=True)
class Items:
    """By item: its four-letter kind, its size in pixels, its tiles, what it is auxiliary to, where its bytes are."""

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)
    colors: dict[int, tuple[int, int]] = field(default_factory=dict)
    tiles: dict[int, tuple[int, ...]] = field(default_factory=dict)
    auxiliary: dict[int, tuple[int, ...]] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)

    def content(self, data: bytes, item: int) -> memoryview:
        """The coded picture. Raises BrokenImage when it is scattered, which no encoder does."""
        place = self.places.get(item, Place(0, 0, 0))
        if place.extents != 1:
            raise odd()
        end = place.start + place.length if place.length else len(data)
        return memoryview(data)[place.start : end]


def odd() -> BrokenImage:
    return BrokenImage("The file is built in a way no camera or program does. Save it again and send it.")


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the content of each box. Raises TruncatedImage for one that ends beyond `end`."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        length, name = struct.unpack_from(">I4s", data, start)
        content = start + 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, content)
            content += 8
        elif length == 0:
            length = end - start
        if length < content - start:
            break
        if start + length > end:
            raise TruncatedImage
        yield name, content, start + length
        start += length
    raise odd()


def read_items(data: bytes, start: int, end: int) -> Items:
    """Raises struct.error where a box is too short for what it announces."""
    items = Items()
    inner = {name: (first, last) for name, first, last in boxes(data, start + 4, end)}
    if b"pitm" in inner:
        at = inner[b"pitm"][0]
        (items.primary,) = struct.unpack_from(">H" if data[at] == 0 else ">I", data, at + 4)
    if b"iinf" in inner:
        _kinds(items, data, *inner[b"iinf"])
    if b"iref" in inner:
        _references(items, data, *inner[b"iref"])
    if b"iprp" in inner:
        _properties(items, data, *inner[b"iprp"])
    if b"iloc" in inner:
        _places(items, data, inner[b"iloc"][0], inner.get(b"idat", (0, 0))[0])
    return items


def _kinds(items: Items, data: bytes, start: int, end: int) -> None:
    for name, at, _ in boxes(data, start + (6 if data[start] == 0 else 8), end):
        version = data[at]
        if name == b"infe" and version >= 2:
            item, _, kind = struct.unpack_from(">HH4s" if version == 2 else ">IH4s", data, at + 4)
            items.kinds[item] = kind


def _references(items: Items, data: bytes, start: int, end: int) -> None:
    letter = "H" if data[start] == 0 else "I"
    total = 0
    for name, at, _ in boxes(data, start + 4, end):
        item, count = struct.unpack_from(f">{letter}H", data, at)
        total += count
        if total > _MOST_REFERENCES:
            raise odd()
        targets = struct.unpack_from(f">{count}{letter}", data, at + struct.calcsize(f">{letter}H"))
        if name == b"dimg":
            items.tiles[item] = targets
        elif name == b"auxl":
            items.auxiliary[item] = targets


def _properties(items: Items, data: bytes, start: int, end: int) -> None:
    inner = {name: (first, last) for name, first, last in boxes(data, start, end)}
    container, table = inner.get(b"ipco"), inner.get(b"ipma")
    if container is None or table is None:
        return
    properties = list(boxes(data, *container))
    at = table[0]
    letter, wide = "H" if data[at] < 1 else "I", data[at + 3] & 1
    (entries,) = struct.unpack_from(">I", data, at + 4)
    at += 8
    for _ in range(min(entries, _MOST_REFERENCES)):
        item, count = struct.unpack_from(f">{letter}B", data, at)
        at += struct.calcsize(f">{letter}B")
        form = f">{count}{'H' if wide else 'B'}"
        for index in struct.unpack_from(form, data, at):
            number = index & (0x7FFF if wide else 0x7F)
            if 0 < number <= len(properties):
                _property(items, item, data, *properties[number - 1])
        at += struct.calcsize(form)


def _property(items: Items, item: int, data: bytes, name: bytes, start: int, end: int) -> None:
    if name == b"ispe":
        items.sizes[item] = struct.unpack_from(">II", data, start + 4)
    elif name == b"colr" and data[start : start + 4] == b"nclx":
        items.colors[item] = struct.unpack_from(">HH", data, start + 4)


def _places(items: Items, data: bytes, at: int, idat: int) -> None:
    """Where each item lies, by its first extent and the number of extents."""
    version, sizes = data[at], struct.unpack_from(">BB", data, at + 4)
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version else 0
    wide = 4 if version == 2 else 2
    count = _number(data, at + 6, wide)
    at += 6 + wide
    for _ in range(min(count, _MOST_REFERENCES)):
        item, at = _number(data, at, wide), at + wide
        method = _number(data, at, 2) & 15 if version else 0
        at += 4 if version else 2  # construction method, data reference
        base, at = _number(data, at, base_size), at + base_size
        extents, at = _number(data, at, 2), at + 2
        offset = base + _number(data, at + index_size, offset_size) + (idat if method == 1 else 0)
        items.places[item] = Place(offset, _number(data, at + index_size + offset_size, length_size), extents)
        at += extents * (index_size + offset_size + length_size)


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")
