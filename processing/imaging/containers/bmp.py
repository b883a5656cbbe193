"""BMP: a header, a palette, rows of pixels."""

from __future__ import annotations

import struct

from processing.imaging.containers.container import Container
from processing.imaging.errors import TruncatedImage

_CORE_HEADER = 12
_UNCOMPRESSED = {0, 3, 6}


def read(data: bytes) -> Container:
    """Raises TruncatedImage when not even the header is there."""
    if len(data) < 34:
        raise TruncatedImage
    start, header = struct.unpack_from("<II", data, 10)
    if header == _CORE_HEADER:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        compression = 0
    else:
        width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
        height = abs(height)  # negative: the first row is the upper one
    end = len(data)
    if compression in _UNCOMPRESSED:
        end = start + (max(width, 0) * bits + 31) // 32 * 4 * height
    return Container(width, height, data=data, end=min(end, len(data)), whole=end <= len(data))
