from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from processing.imaging.decode import decode
from processing.imaging.encode import CONTENT_TYPES, EXTENSIONS, encode
from processing.imaging.limits import Limits
from processing.imaging.profiles import srgb_profile

ROOT = Path(__file__).resolve().parents[3]
FORMATS = ("jpg", "png", "webp", "avif")


def picture(height: int = 80, width: int = 120) -> np.ndarray:
    """A soft gradient with a red block: something that a lossy format keeps well."""
    rows, columns = np.mgrid[0:height, 0:width]
    rgb = np.stack([columns * 2, rows * 3, np.full_like(rows, 90)], axis=2).clip(0, 255).astype(np.uint8)
    rgb[20:40, 20:60] = (220, 30, 40)
    return rgb


def half() -> np.ndarray:
    alpha = np.zeros((80, 120), np.uint8)
    alpha[:, :60] = 255
    return alpha


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("format", FORMATS)
def test_pixels_come_back(format: str) -> None:
    back = decode(encode(picture(), None, format=format, quality=95), Limits())
    assert back.alpha is None
    difference = np.abs(back.rgb.astype(int) - picture())
    assert difference.mean() <= (0 if format == "png" else 3)
    assert CONTENT_TYPES[format].startswith("image/")
    assert EXTENSIONS[format] == format


@pytest.mark.parametrize("format", ["png", "webp", "avif"])
def test_alpha_comes_back(format: str) -> None:
    alpha = half()
    alpha[:, 58:60] = (180, 90)
    back = np.asarray(opened(encode(picture(), alpha, format=format, quality=95)))
    assert back.shape == (80, 120, 4)
    assert np.abs(back[:, :, 3].astype(int) - alpha).max() <= (12 if format == "avif" else 0)
    seen = alpha == 255
    assert np.abs(back[seen][:, :3].astype(int) - picture()[seen]).mean() <= (0 if format == "png" else 3)


def test_what_nobody_sees_is_white_in_a_png() -> None:
    noisy = np.random.default_rng(3).integers(0, 255, (80, 120, 3), np.uint8)
    data = encode(noisy, half(), format="png", quality=90)
    back = np.asarray(opened(data))
    assert np.array_equal(back[:, :60, :3], noisy[:, :60])
    assert (back[:, 60:, :3] == 255).all()
    assert len(data) < 0.6 * len(encode(noisy, np.full((80, 120), 255, np.uint8), format="png", quality=90))


@pytest.mark.parametrize("format", ["webp", "avif"])
def test_what_nobody_sees_does_not_weigh(format: str) -> None:
    rgb = picture(400, 400)
    rgb[:, 200:] = np.random.default_rng(3).integers(0, 255, (400, 200, 3), np.uint8)
    alpha = np.zeros((400, 400), np.uint8)
    alpha[:, :200] = 255
    hidden = encode(rgb, alpha, format=format, quality=80)
    assert len(hidden) < 0.3 * len(encode(rgb, None, format=format, quality=80))


def test_nothing_seen_at_all() -> None:
    for name in ("png", "webp", "avif"):
        back = np.asarray(opened(encode(picture(), np.zeros((80, 120), np.uint8), format=name, quality=80)))
        assert not back[:, :, 3].any()


def test_the_arrays_given_are_left_alone() -> None:
    rgb, alpha = picture(), half()
    for name in ("png", "webp", "avif"):
        encode(rgb, alpha, format=name, quality=80)
    assert np.array_equal(rgb, picture())
    assert np.array_equal(alpha, half())


@pytest.mark.parametrize("format", FORMATS)
def test_files_are_tagged_srgb_and_hold_no_other_metadata(format: str) -> None:
    image = opened(encode(picture(), None, format=format, quality=90))
    image.load()
    assert image.info["icc_profile"] == srgb_profile()
    assert not dict(image.getexif())
    assert not {"xmp", "comment", "photoshop", "Software"} & set(image.info)


@pytest.mark.parametrize(("quality", "sampling"), [(89, 2), (90, 0)])
def test_colour_is_full_from_quality_90(quality: int, sampling: int) -> None:
    image = opened(encode(picture(), None, format="jpg", quality=quality))
    assert JpegImagePlugin.get_sampling(image) == sampling


@pytest.mark.parametrize("format", ["jpg", "webp", "avif"])
def test_quality_is_paid_in_bytes(format: str) -> None:
    noisy = np.random.default_rng(3).integers(0, 255, (80, 120, 3), np.uint8)
    sizes = [len(encode(noisy, None, format=format, quality=quality)) for quality in (1, 50, 85, 100)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1] / 2


def test_what_cannot_be_is_an_error_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="no alpha"):
        encode(picture(), half(), format="jpg", quality=90)
    with pytest.raises(ValueError, match="tiff"):
        encode(picture(), None, format="tiff", quality=90)
    for quality in (0, 101):
        with pytest.raises(ValueError, match="quality"):
            encode(picture(), None, format="jpg", quality=quality)


PROGRAM = """
import hashlib, numpy as np
from processing.imaging.encode import encode
rgb = np.random.default_rng(3).integers(0, 255, (300, 400, 3), np.uint8)
alpha = rgb[:, :, 0] * (rgb[:, :, 1] > 99)
for format in ("jpg", "png", "webp", "avif"):
    for matte in (None, alpha) if format != "jpg" else (None,):
        print(hashlib.sha256(encode(rgb, matte, format=format, quality=85)).hexdigest())
"""


def test_the_same_pixels_are_the_same_bytes_in_another_process_with_other_cores() -> None:
    one_core = "import os\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
    once, again = (
        subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for text in (PROGRAM, one_core + PROGRAM)
    )
    assert once == again
    assert len(set(once.split())) == 7
