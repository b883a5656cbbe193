"""Benchmark photos: real ones bundled with scikit-image, cropped differently each time so that no two are alike."""

from __future__ import annotations

import io
from collections.abc import Iterator

import cv2
import numpy as np
import skimage.data

_NAMES = ("coffee", "chelsea", "astronaut", "rocket", "cat")


def photos(megapixels: float, count: int, *, seed: int = 0) -> Iterator[bytes]:
    """`count` JPEGs (quality 90, 4:3) of that size, each of other content."""
    random = np.random.default_rng((seed, int(megapixels * 1000)))
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    height = round(width * 3 / 4)
    for number in range(count):
        image = getattr(skimage.data, _NAMES[number % len(_NAMES)])()[..., :3]
        cut = random.uniform(0, 0.08, 4)
        rows, columns = image.shape[:2]
        part = image[
            int(cut[0] * rows) : rows - int(cut[1] * rows), int(cut[2] * columns) : columns - int(cut[3] * columns)
        ]
        large = cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC)
        noise = random.normal(0, 3, (height // 4, width // 4, 1)).astype(np.float32)
        noisy = large + cv2.resize(noise, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
        ok, jpeg = cv2.imencode(
            ".jpg", np.clip(noisy, 0, 255).astype(np.uint8)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90]
        )
        assert ok
        yield io.BytesIO(jpeg.tobytes()).getvalue()
