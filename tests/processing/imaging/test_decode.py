"""From every kind of file to upright 8 bit sRGB; what cannot be decoded is refused with a word for it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from accounts.kit.errors import InvalidImage
from processing.imaging.decode import decode
from processing.imaging.errors import BrokenImage, ContradictoryImage, InvisibleImage
from processing.imaging.limits import Limits
from tests.support.image_files import (
    BLUE,
    FILES,
    GREEN,
    RED,
    WRITERS,
    chunk,
    claiming,
    jpeg_claiming,
    noise,
    png_of,
    saved,
    scene,
)

LIMITS = Limits()
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,  # stored so that turning it back is EXIF's 6
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def close(pixel: np.ndarray, wanted: tuple[int, int, int], by: int = 12) -> bool:
    return bool(np.abs(pixel.astype(int) - wanted).max() <= by)


@pytest.mark.parametrize("kind", FILES)
def test_every_format(kind: str) -> None:
    photo = decode(FILES[kind](), LIMITS)
    assert (photo.info.format, photo.info.width, photo.info.height) == (kind, 64, 48)
    assert photo.rgb.shape == (48, 64, 3)
    assert photo.rgb.dtype == np.uint8
    assert photo.alpha is None
    assert photo.rgb.flags.c_contiguous
    assert photo.rgb.flags.writeable
    assert close(photo.rgb[8, 8], RED)
    assert close(photo.rgb[8, 56], GREEN)
    assert close(photo.rgb[40, 8], BLUE)


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("writer", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_exif_orientation_is_applied_exactly_once(writer: str, turn: int) -> None:
    stored = scene() if turn == 1 else scene().transpose(TURNS[turn])
    exif = Image.Exif()
    exif[0x0112] = turn
    photo = decode(saved(stored, writer, exif=exif.tobytes() if writer == "HEIF" else exif), LIMITS)
    assert (photo.info.width, photo.info.height) == (64, 48)
    assert photo.rgb.shape == (48, 64, 3)
    assert close(photo.rgb[8, 8], RED, 30)
    assert close(photo.rgb[8, 56], GREEN, 30)


def half_alpha(image: Image.Image, hidden: int = 0) -> Image.Image:
    alpha = Image.new("L", image.size, 255)
    alpha.paste(hidden, (image.width // 2, 0, *image.size))
    image = image.convert("RGBA")
    image.putalpha(alpha)
    return image


@pytest.mark.parametrize("writer", ["PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_an_alpha_that_cuts_something_out_is_kept(writer: str) -> None:
    photo = decode(saved(half_alpha(scene()), writer), LIMITS)
    assert photo.alpha is not None
    assert (photo.alpha.shape, photo.alpha[10, 10], photo.alpha[10, 50]) == ((48, 64), 255, 0)
    assert close(photo.rgb[8, 8], RED, 30)


def test_alpha_turns_with_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = decode(saved(half_alpha(scene()).transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif), LIMITS)
    assert photo.alpha is not None
    assert (photo.alpha[10, 10], photo.alpha[10, 50]) == (255, 0)


@pytest.mark.parametrize("value", [255, 200, 0])
def test_an_even_alpha_is_dropped(value: int) -> None:
    image = scene().convert("RGBA")
    image.putalpha(value)
    photo = decode(saved(image, "PNG"), LIMITS)
    assert photo.alpha is None
    assert close(photo.rgb[8, 8], RED, 0)


def test_rounded_corners_cut_nothing_out_and_become_white() -> None:
    image = scene((200, 200)).convert("RGBA")
    for corner in ((0, 0), (199, 0), (0, 199), (199, 199)):
        image.putpixel(corner, (0, 0, 0, 0))
    photo = decode(saved(image, "PNG"), LIMITS)
    assert photo.alpha is None
    assert photo.rgb[0, 0].tolist() == [255, 255, 255]
    assert close(photo.rgb[1, 1], RED, 0)


def test_nothing_to_see_is_refused() -> None:
    with pytest.raises(InvisibleImage, match="transparent"):
        decode(saved(Image.new("RGBA", (20, 20)), "PNG"), LIMITS)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 2}, {"optimize": True}])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_that_promises_more_than_it_holds_is_refused(mode: str, options: dict[str, object]) -> None:
    data = jpeg_claiming(saved(noise().convert(mode), "JPEG", **options), 120, 400)
    with pytest.raises(ContradictoryImage, match="says it is 120 × 400 pixels, but does not hold that many"):
        decode(data, LIMITS)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 2}])
def test_a_grey_jpeg_is_not_taken_for_one_that_lacks_pixels(options: dict[str, object]) -> None:
    image = noise()
    image.paste((128, 128, 128), (0, 45, 120, 90))
    assert decode(saved(image, "JPEG", **options), LIMITS).rgb.shape == (90, 120, 3)


@pytest.mark.parametrize("kind", ["png", "gif", "heic", "bmp"])
def test_other_files_that_hold_fewer_pixels_than_they_promise(kind: str) -> None:
    lies = {
        "png": lambda: png_of(500, 500, bytes(1000)),
        "gif": lambda: FILES["gif"]().replace(b",\0\0\0\0\x40\0\x30\0", b",\0\0\0\0\x40\0\xff\x01", 1),
        "heic": lambda: claiming(saved(noise((400, 300)), "HEIF"), 64, 48),
        # Run lengths that end after the first row.
        "bmp": lambda: (
            b"BM" + bytes(8) + (1078).to_bytes(4, "little") + (40).to_bytes(4, "little")
            + (64).to_bytes(4, "little") + (900).to_bytes(4, "little") + b"\1\0\x08\0\1\0\0\0" + bytes(20)
            + bytes(1024) + b"\x40\x05\0\0"
        ),
    }  # fmt: skip
    with pytest.raises((ContradictoryImage, BrokenImage)) as caught:
        decode(lies[kind](), LIMITS)
    assert caught.value.detail.endswith("Save it again and send it.")


def test_damaged_pixels_are_refused() -> None:
    data = bytearray(saved(noise(), "PNG"))
    data[data.find(b"IDAT") + 500] ^= 0xFF
    with pytest.raises((BrokenImage, ContradictoryImage)):
        decode(bytes(data), LIMITS)


def test_a_png_with_a_long_history_is_read() -> None:
    """Photoshop's can be of many megabytes, at which Pillow refuses the picture."""
    history = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"<rdf/>" * 500_000)
    assert decode(png_of(2, 2, bytes(14), before=history), LIMITS).rgb.shape == (2, 2, 3)


@pytest.mark.parametrize("kind", WRITERS)
def test_random_damage_is_refused_in_words_or_survived(kind: str) -> None:
    random = np.random.default_rng(7)
    whole = saved(noise((40, 30)), WRITERS[kind])
    limits = Limits(max_pixels=1_000_000)
    said = []
    for _ in range(60):
        data = bytearray(whole)
        for place in random.integers(0, min(len(data), 400), 6):
            data[place] = random.integers(0, 256)
        try:
            decode(bytes(data), limits)
        except InvalidImage as error:
            said.append(error.detail)
    assert said
    assert all(sentence.endswith(".") for sentence in said)
