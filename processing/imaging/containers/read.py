"""The structure of an image file, whatever its format."""

from __future__ import annotations

from collections.abc import Callable

from processing.imaging.containers import bmp, gif, isobmff, jpeg, png, tiff, webp
from processing.imaging.containers.container import Container

_READERS: dict[str, Callable[[bytes], Container]] = {
    "jpeg": jpeg.read,
    "png": png.read,
    "webp": webp.read,
    "avif": isobmff.read,
    "heic": isobmff.read,
    "tiff": tiff.read,
    "bmp": bmp.read,
    "gif": gif.read,
}


def read(kind: str, data: bytes) -> Container:
    """`kind` as `sniff` names it. Nothing is unpacked. Raises subclasses of InvalidImage."""
    return _READERS[kind](data)
