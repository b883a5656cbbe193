"""JPEG (ITU-T T.81): segments up to the first scan, then the scans."""

from __future__ import annotations

import re

from processing.imaging.containers.container import Container
from processing.imaging.errors import BrokenImage, TruncatedImage

_MOST_SEGMENTS = 10_000
# Progressive files have about ten; each costs a pass over the whole picture.
_MOST_SCANS = 100
_FRAME_HEADERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = {0x00, 0x01, *range(0xD0, 0xD9)}
_END, _SCAN = 0xD9, 0xDA
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)


def read(data: bytes) -> Container:
    """Raises TruncatedImage without an end marker after the first scan, BrokenImage for nonsense."""
    size, start = _header(data)
    # Inside a scan every FF is followed by a zero or a restart marker: what is found is a marker.
    end = data.find(b"\xff\xd9", start)
    if end < 0:
        raise TruncatedImage
    if size is None or data.count(b"\xff\xda", start) > _MOST_SCANS:
        raise BrokenImage("The JPEG is built in a way no camera or program does. Save it again and send it.")
    return Container(*size, data=data, end=end + 2)


def first_scan_end(data: bytes) -> int:
    """Where the first scan of a JPEG that `read` accepts ends."""
    _, start = _header(data)
    found = _AFTER_SCAN.search(data, start + 2)
    return found.start() if found else len(data)


def _header(data: bytes) -> tuple[tuple[int, int] | None, int]:
    """Width and height, and where the first scan's header stands."""
    size: tuple[int, int] | None = None
    at = 2
    for _ in range(_MOST_SEGMENTS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 4 > len(data):
            raise TruncatedImage
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        if marker == _SCAN:
            return size, at
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _END or length < 2:
            break
        if marker in _FRAME_HEADERS:
            if size is not None:
                break
            size = int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + length
    raise BrokenImage("The file starts like a JPEG, but holds no picture. Save it again and send it.")
