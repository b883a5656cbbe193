"""The PNG writer against Pillow's default and its level 1: time and size. python -m tests.benchmarks.png"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from processing.imaging.png import write_png
from tests.benchmarks.unique_photos import photos

Pixels = NDArray[np.uint8]


def pillow(pixels: Pixels, level: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=level)
    return buffer.getvalue()


def measured(write: Callable[[Pixels], bytes], pixels: Pixels) -> tuple[float, int]:
    """Median seconds and bytes."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        data = write(pixels)
        taken.append(time.perf_counter() - started)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), pixels)
    return statistics.median(taken), len(data)


def cut_out(photo: Pixels) -> Pixels:
    """The middle of the photo; around it nothing, in white."""
    height, width, _ = photo.shape
    pixels = np.full((height, width, 4), (255, 255, 255, 0), np.uint8)
    inside = slice(height // 8, -height // 8), slice(width // 5, -width // 5)
    pixels[inside] = np.dstack([photo[inside], np.full_like(photo[inside][:, :, 0], 255)])
    return pixels


def main() -> None:
    for size in (1, 4, 12):
        photo = np.asarray(Image.open(io.BytesIO(next(photos(size, 1)))).convert("RGB"))
        for name, pixels in (("photo", photo), ("cut-out", cut_out(photo))):
            own, own_size = measured(write_png, pixels)
            default, default_size = measured(lambda image: pillow(image, 6), pixels)
            first, first_size = measured(lambda image: pillow(image, 1), pixels)
            print(
                f"{size:>2} MP {name:<7}: {1000 * own:.0f} ms; Pillow's default takes {default / own:.1f}x "
                f"({own_size / default_size:.2f} of its size), level 1 {first / own:.1f}x "
                f"({own_size / first_size:.2f})"
            )


if __name__ == "__main__":
    main()
