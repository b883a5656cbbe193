"""A JPEG whose header promises more than its scan holds: decoders paint the rest grey and say nothing."""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from processing.imaging.containers.container import Container
from processing.imaging.containers.jpeg import first_scan_end

_BLOCK = 8
_GREY = {127, 128}


def _filling() -> bytes:
    """Bytes that decode to anything but grey, also for files whose scan is cut into restart intervals."""
    noise = b"".join(hashlib.sha256(bytes([step])).digest() for step in range(64)).replace(b"\xff", b"\0")
    return noise + b"".join(bytes((0xFF, 0xD0 + number)) + noise for number in range(8))


def is_short(image: Image.Image, container: Container, asked: tuple[int, int]) -> bool:
    """Whether pixels of `image`, decoded from `container`, were made up by the decoder; `asked`: of it in draft mode.

    What is made up is exactly mid-grey. A picture may be grey there too: then it does not change when more data is put
    behind its first scan.
    """
    corner = (max(0, image.width - _BLOCK), max(0, image.height - _BLOCK), *image.size)
    seen = image.crop(corner)
    if not set(seen.tobytes()) <= _GREY:
        return False
    data = container.data
    end = first_scan_end(data)
    longer = data[:end] + _filling() + data[end:]
    again = Image.open(io.BytesIO(longer), formats=["JPEG"])
    again.draft(None, asked)
    return again.tobytes() != image.tobytes()
