"""WebP: a RIFF file of chunks."""

from __future__ import annotations

from processing.imaging.containers.container import Container
from processing.imaging.errors import BrokenImage, ContradictoryImage, TruncatedImage

_MOST_CHUNKS = 10_000


def read(data: bytes) -> Container:
    """Raises TruncatedImage, BrokenImage, and ContradictoryImage when canvas and picture differ in size."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise TruncatedImage
    canvas: tuple[int, int] | None = None
    picture: tuple[int, int] | None = None
    frames, at = 0, 12
    for _ in range(_MOST_CHUNKS):
        if at + 8 > end:
            break
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        content = data[at + 8 : at + 24]
        if at + 8 + length > end:
            raise TruncatedImage
        if name == b"VP8X":
            canvas = 1 + int.from_bytes(content[4:7], "little"), 1 + int.from_bytes(content[7:10], "little")
        elif name == b"VP8 " and content[3:6] == b"\x9d\x01\x2a":
            picture = (
                int.from_bytes(content[6:8], "little") & 0x3FFF,
                int.from_bytes(content[8:10], "little") & 0x3FFF,
            )
        elif name == b"VP8L" and content[:1] == b"\x2f":
            bits = int.from_bytes(content[1:5], "little")
            picture = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        elif name == b"ANMF":
            frames += 1
        at += 8 + length + length % 2
    size = canvas or picture
    if size is None or (picture is None and frames == 0):
        raise BrokenImage("The file starts like a WebP, but holds no picture. Save it again and send it.")
    if picture is not None and picture != size:
        raise ContradictoryImage(
            f"The WebP says it is {size[0]} × {size[1]} pixels and holds a picture of {picture[0]} × {picture[1]}. "
            "Save it again and send it."
        )
    return Container(*size, data=data, end=end, frames=max(frames, 1))
