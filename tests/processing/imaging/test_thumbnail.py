from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from processing.imaging.errors import TooManyPixels, TruncatedImage
from processing.imaging.limits import Limits
from processing.imaging.profiles import named_profile
from processing.imaging.thumbnail import thumbnail
from tests.support.image_files import BLUE, FILES, GREEN, RED, noise, png_of, saved, scene

LIMITS = Limits()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "WEBP"
    return image


def near(image: Image.Image, place: tuple[int, int], wanted: tuple[int, int, int], by: int = 30) -> bool:
    seen = np.asarray(image.convert("RGB"))[place[1], place[0]].astype(int)
    return bool(np.abs(seen - wanted).max() <= by)


@pytest.mark.parametrize("kind", FILES)
def test_every_format_small_and_never_enlarged(kind: str) -> None:
    small, large = (opened(thumbnail(FILES[kind](), LIMITS, side=side)) for side in (32, 640))
    assert (small.size, large.size) == ((32, 24), (64, 48))
    assert near(small, (4, 4), RED)
    assert near(small, (27, 4), GREEN)
    assert near(small, (16, 20), BLUE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF", "TIFF"])
def test_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = scene((400, 300)).transpose(Image.Transpose.ROTATE_90)
    image = opened(thumbnail(saved(stored, kind, exif=exif.tobytes() if kind == "HEIF" else exif), LIMITS, side=96))
    assert image.size == (96, 72)
    assert near(image, (8, 8), RED)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "P", "1", "I;16", "LA"])
def test_large_pictures_of_every_mode(mode: str) -> None:
    large = scene((1600, 1200))
    image = Image.fromarray(np.asarray(large.convert("L")).astype(np.uint16) * 257) if mode == "I;16" else large
    image = image if image.mode == mode else image.convert(mode)
    small = opened(thumbnail(saved(image, "TIFF" if mode == "CMYK" else "PNG"), LIMITS, side=96))
    assert small.size == (96, 72)
    if mode == "I;16":
        assert near(small, (8, 8), large.convert("L").convert("RGB").getpixel((8, 8)))  # type: ignore[arg-type]


def test_in_srgb() -> None:
    data = saved(Image.new("RGB", (400, 400), (200, 100, 50)), "JPEG", icc_profile=named_profile(12), quality=98)
    assert near(opened(thumbnail(data, LIMITS, side=96)), (40, 40), (215, 93, 31), 5)


def test_alpha_is_kept_and_its_edge_takes_no_colour_from_what_is_hidden() -> None:
    image = Image.new("RGBA", (400, 400), (0, 255, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 203, 400))
    small = opened(thumbnail(saved(image, "PNG"), LIMITS, side=32))
    assert small.mode == "RGBA"
    pixels = np.asarray(small).astype(int)
    assert (pixels[5, 2, 3], pixels[5, 30, 3]) == (255, 0)
    seen = pixels[pixels[:, :, 3] > 40]
    assert seen[:, 1].max() < 60


def test_a_line_has_at_least_one_pixel() -> None:
    assert opened(thumbnail(saved(Image.new("RGB", (2000, 2)), "PNG"), LIMITS, side=96)).size == (96, 1)


def test_refusals_are_those_of_inspect() -> None:
    with pytest.raises(TooManyPixels):
        thumbnail(png_of(60_000, 60_000, b""), LIMITS, side=96)
    with pytest.raises(TruncatedImage):
        thumbnail(saved(noise(), "JPEG")[:-200], LIMITS, side=96)


def test_metadata_stays_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    image = opened(thumbnail(saved(scene(), "JPEG", exif=exif, comment=b"secret"), LIMITS, side=32))
    assert not dict(image.getexif())
    assert not {"xmp", "comment"} & set(image.info)
    assert image.info["icc_profile"]
