"""Photos read two, four or eight times smaller: as the whole one made smaller, upright, in sRGB, refused alike."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from processing.imaging.decode import decode, decode_opened
from processing.imaging.errors import ContradictoryImage
from processing.imaging.inspect import open_image
from processing.imaging.limits import Limits
from processing.imaging.loading import load
from processing.imaging.profiles import adobe_rgb_profile
from processing.imaging.reduction import reduced, reduction
from tests.processing.imaging.test_decode import TURNS, half_alpha
from tests.support.image_files import WRITERS, jpeg_claiming, noise, saved, scene

LIMITS = Limits()


def read(data: bytes, least: tuple[int, int]) -> np.ndarray:
    return decode_opened(open_image(data, LIMITS), least=least).rgb


def photo(size: tuple[int, int]) -> Image.Image:
    """Smooth shapes of every colour: what a camera sees, not what it misses."""
    small = noise((size[0] // 40 + 1, size[1] // 40 + 1))
    return small.resize(size, Image.Resampling.BICUBIC)


@pytest.mark.parametrize(
    ("size", "least", "by"),
    [
        ((4000, 3000), (1024, 1024), 2),
        ((4000, 3000), (2000, 1500), 2),
        ((4000, 3000), (2001, 10), 1),
        ((8000, 6000), (1024, 1024), 4),
        ((9000, 9000), (1024, 1024), 8),
        ((90_000, 9000), (100, 5000), 1),
        ((2047, 5000), (1024, 1024), 1),
    ],
)
def test_never_smaller_than_needed(size: tuple[int, int], least: tuple[int, int], by: int) -> None:
    assert reduction(size, least) == by


@pytest.mark.parametrize("by", [2, 4, 8])
@pytest.mark.parametrize("kind", WRITERS)
def test_as_the_whole_one_made_smaller(kind: str, by: int) -> None:
    data = saved(photo((640, 480)), WRITERS[kind])
    small = read(data, (640 // by, 480 // by))
    assert small.shape == (480 // by, 640 // by, 3)
    wanted = cv2.resize(decode(data, LIMITS).rgb, (640 // by, 480 // by), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - wanted).mean() < 1.5
    assert small.flags.c_contiguous
    assert small.flags.writeable


@pytest.mark.parametrize("writer", ["JPEG", "PNG"])
def test_what_does_not_divide_is_rounded_up(writer: str) -> None:
    assert read(saved(photo((643, 477)), writer), (80, 59)).shape == (60, 81, 3)


@pytest.mark.parametrize("size", [(640, 480), (643, 477)])
def test_a_jpeg_is_not_decoded_whole_for_it(size: tuple[int, int]) -> None:
    assert load(open_image(saved(photo(size), "JPEG"), LIMITS), by=4).size == reduced(size, 4)


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("writer", ["JPEG", "PNG"])
def test_upright(writer: str, turn: int) -> None:
    stored = scene((128, 96)) if turn == 1 else scene((128, 96)).transpose(TURNS[turn])
    exif = Image.Exif()
    exif[0x0112] = turn
    small = read(saved(stored, writer, exif=exif), (32, 24))
    assert small.shape == (24, 32, 3)
    for place, wanted in (((4, 4), (200, 30, 40)), ((28, 4), (20, 180, 60)), ((16, 20), (30, 50, 190))):
        assert np.abs(small[place[1], place[0]].astype(int) - wanted).max() <= 30


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_colours_are_those_of_the_whole_one(mode: str) -> None:
    options = {"icc_profile": adobe_rgb_profile()} if mode == "RGB" else {}
    data = saved(Image.new("RGB", (640, 480), (200, 100, 50)).convert(mode), "JPEG", quality=95, **options)
    small, whole = read(data, (160, 120)), decode(data, LIMITS).rgb
    assert np.abs(small[60, 80].astype(int) - whole[240, 320]).max() <= 1
    if mode == "RGB":
        assert np.abs(small[60, 80].astype(int) - (200, 100, 50)).max() > 8  # converted, not taken as it is


def test_what_is_cut_out_already_stays_whole() -> None:
    data = saved(half_alpha(scene((640, 480))), "PNG")
    found = decode_opened(open_image(data, LIMITS), least=(16, 16))
    assert found.alpha is not None
    assert found.rgb.shape == (480, 640, 3)
    assert found.alpha.shape == (480, 640)


@pytest.mark.parametrize("by", [2, 4, 8])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 2}])
def test_a_jpeg_that_lacks_pixels_is_refused_all_the_same(options: dict[str, object], by: int) -> None:
    data = jpeg_claiming(saved(noise((640, 480)), "JPEG", **options), 640, 2000)
    with pytest.raises(ContradictoryImage, match="says it is 640 × 2000 pixels"):
        read(data, (640 // by, 2000 // by))


@pytest.mark.parametrize("by", [2, 4, 8])
def test_a_grey_jpeg_is_not_taken_for_one(by: int) -> None:
    image = noise((640, 480))
    image.paste((128, 128, 128), (0, 240, 640, 480))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    assert read(buffer.getvalue(), (640 // by, 480 // by)).shape == (480 // by, 640 // by, 3)
