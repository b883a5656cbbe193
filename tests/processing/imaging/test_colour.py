"""Every way of writing colour comes out as the same sRGB."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from processing.imaging.colour import to_srgb
from processing.imaging.decode import decode
from processing.imaging.errors import UnsupportedImage
from processing.imaging.limits import Limits
from processing.imaging.profiles import adobe_rgb_profile, named_profile, srgb_profile
from tests.support.image_files import GREEN, RED, chunk, grey_tiff, png_of, saved, scene

LIMITS = Limits()
P3 = 12
P3_PROFILE = named_profile(P3) or b""


def color(data: bytes, x: int = 8, y: int = 8) -> list[int]:
    return [int(value) for value in decode(data, LIMITS).rgb[y, x]]


def near(seen: Sequence[int], wanted: Sequence[int], by: int) -> bool:
    return max(abs(a - b) for a, b in zip(seen, wanted, strict=True)) <= by


def foretold(
    rgb: tuple[int, int, int], primaries: list[tuple[float, float]], linear_of: Callable[[float], float]
) -> list[int]:
    """sRGB by the formulas of IEC 61966-2-1, without any profile."""

    def matrix(points: list[tuple[float, float]]) -> np.ndarray:
        columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in points]).T
        white = np.array([0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290])
        return columns * np.linalg.solve(columns, white)

    linear = np.array([linear_of(value / 255) for value in rgb])
    srgb = matrix([(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)])
    result = np.clip(np.linalg.solve(srgb, matrix(primaries) @ linear), 0, 1)
    curved = np.where(result <= 0.0031308, 12.92 * result, 1.055 * result ** (1 / 2.4) - 0.055)
    return [round(value * 255) for value in curved]


def srgb_curve(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


ADOBE = [(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)]
DISPLAY_P3 = [(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)]


@pytest.mark.parametrize("seen", [(200, 100, 50), (30, 160, 90), (120, 120, 200), (128, 128, 128), (255, 255, 255)])
def test_embedded_profiles_are_honoured(seen: tuple[int, int, int]) -> None:
    adobe = saved(Image.new("RGB", (16, 16), seen), "PNG", icc_profile=adobe_rgb_profile())
    assert near(color(adobe), foretold(seen, ADOBE, lambda value: value ** (563 / 256)), 2)
    wide = saved(Image.new("RGB", (16, 16), seen), "TIFF", icc_profile=P3_PROFILE)
    assert near(color(wide), foretold(seen, DISPLAY_P3, srgb_curve), 2)


@pytest.mark.parametrize("writer", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF"])
def test_in_every_format_that_can_embed_one(writer: str) -> None:
    seen = (200, 100, 50)
    data = saved(Image.new("RGB", (64, 64), seen), writer, icc_profile=P3_PROFILE, quality=100)
    assert near(color(data), foretold(seen, DISPLAY_P3, srgb_curve), 6)


def test_srgb_by_any_name_changes_nothing() -> None:
    image = scene()
    assert to_srgb(image, srgb_profile()) is image
    assert to_srgb(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()) is image


@pytest.mark.parametrize("profile", [b"nonsense", bytes(500), srgb_profile()[:300], P3_PROFILE[:-100]])
@pytest.mark.parametrize("writer", ["PNG", "JPEG", "TIFF"])
def test_a_broken_profile_is_ignored(profile: bytes, writer: str) -> None:
    assert near(color(saved(scene(), writer, icc_profile=profile, quality=98)), RED, 8)


def test_a_profile_for_other_pixels_is_ignored() -> None:
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert near(color(saved(scene(), "PNG", icc_profile=grey)), RED, 0)


def test_an_rgb_profile_on_a_grey_picture_is_honoured() -> None:
    seen = 100
    data = saved(Image.new("L", (16, 16), seen), "TIFF", icc_profile=adobe_rgb_profile())
    assert near(color(data), foretold((seen,) * 3, ADOBE, lambda value: value ** (563 / 256)), 2)


def test_alpha_is_not_touched_by_a_profile() -> None:
    image = scene().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    photo = decode(saved(image, "PNG", icc_profile=P3_PROFILE), LIMITS)
    assert photo.alpha is not None
    assert np.array_equal(photo.alpha, np.asarray(image.getchannel("A")))


def test_a_camera_set_to_adobe_rgb_often_says_so_in_exif_alone() -> None:
    seen = (200, 100, 50)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA001] = 65_535
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    image = Image.new("RGB", (64, 64), seen)
    wanted = foretold(seen, ADOBE, lambda value: value ** (563 / 256))
    assert near(color(saved(image, "JPEG", exif=exif, quality=98)), wanted, 4)
    assert near(color(saved(image, "JPEG", quality=98)), seen, 4)


def test_colours_named_by_number() -> None:
    pixels = b"".join(b"\0" + bytes((200, 100, 50)) * 16 for _ in range(16))
    wide = png_of(16, 16, pixels, before=chunk(b"cICP", bytes((P3, 13, 0, 1))))
    assert near(color(wide), foretold((200, 100, 50), DISPLAY_P3, srgb_curve), 2)
    plain = png_of(16, 16, pixels, before=chunk(b"cICP", bytes((1, 13, 0, 1))))
    assert color(plain) == [200, 100, 50]


def test_cmyk_as_adobe_writes_it_inverted() -> None:
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    data = saved(ink, "JPEG", quality=98)
    assert b"Adobe" in data
    assert near(color(data), (255, 0, 0), 12)


def test_cmyk_in_a_tiff() -> None:
    assert near(color(saved(Image.new("CMYK", (16, 16), (255, 0, 0, 0)), "TIFF")), (0, 255, 255), 2)


def cmyk_profile() -> bytes:
    """A printer whose every ink is a grey: 255 minus the strongest of the four (a lut8 of two steps a channel)."""
    grid = bytearray()
    for step in range(16):
        inks = [(step >> shift) & 1 for shift in (3, 2, 1, 0)]
        grid += bytes((255 - 255 * max(inks), 128, 128))
    curve = bytes(range(256))
    matrix = struct.pack(">9i", 65_536, 0, 0, 0, 65_536, 0, 0, 0, 65_536)
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + matrix + curve * 4 + bytes(grid) + curve * 3
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63_190, 65_536, 54_061)
    tags = {b"A2B0": table, b"A2B1": table, b"wtpt": white}
    start = 128 + 4 + 12 * len(tags)
    index, body = b"", b""
    for name, content in tags.items():
        index += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"\0\0\0\0", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63_190, 65_536, 54_061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + body


@pytest.mark.parametrize("writer", ["TIFF", "JPEG"])
def test_cmyk_goes_through_its_profile(writer: str) -> None:
    """Pure cyan is black to this printer; without the profile it would be cyan."""
    data = saved(Image.new("CMYK", (16, 16), (255, 0, 0, 0)), writer, icc_profile=cmyk_profile(), quality=100)
    assert near(color(data), (0, 0, 0), 6)
    paper = saved(Image.new("CMYK", (16, 16), (0, 0, 0, 0)), writer, icc_profile=cmyk_profile(), quality=100)
    assert near(color(paper), (255, 255, 255), 2)


DEEP = np.array([[0, 255, 257, 32_768, 65_407, 65_535]], np.uint16)
SHALLOW = [0, 1, 1, 128, 255, 255]


def test_sixteen_bits_of_grey_are_rounded() -> None:
    for data in (
        saved(Image.fromarray(DEEP), "PNG"),
        saved(Image.fromarray(DEEP), "TIFF"),
        grey_tiff(6, 1, DEEP.astype(">u2").tobytes(), bits=16, order=">"),
    ):
        assert decode(data, LIMITS).rgb[0, :, 0].tolist() == SHALLOW


def test_sixteen_bits_with_zero_as_white() -> None:
    data = grey_tiff(6, 1, DEEP.tobytes(), bits=16, photometric=0)
    assert decode(data, LIMITS).rgb[0, :, 0].tolist() == [255 - value for value in SHALLOW]


@pytest.mark.parametrize("ending", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bits_of_colour(ending: str, channels: int) -> None:
    deep = np.zeros((8, 8, channels), np.uint16)
    deep[:, :, :3] = [50 * 257, 100 * 257, 200 * 257]  # blue, green, red, as OpenCV writes
    if channels == 4:
        deep[:, :4, 3] = 65_535
    photo = decode(cv2.imencode(ending, deep)[1].tobytes(), LIMITS)
    assert photo.rgb[0, 0].tolist() == [200, 100, 50]
    assert (photo.alpha is None) == (channels == 3)
    if photo.alpha is not None:
        assert (photo.alpha[0, 0], photo.alpha[0, 7]) == (255, 0)


def test_thirty_two_bits_are_refused_in_words() -> None:
    with pytest.raises(UnsupportedImage, match="8 or 16 bits"):
        decode(saved(Image.new("F", (8, 8), 0.5), "TIFF"), LIMITS)


@pytest.mark.parametrize(("mode", "wanted"), [("1", None), ("L", 81), ("P", None), ("LA", 81)])
def test_grey_palette_and_black_and_white(mode: str, wanted: int | None) -> None:
    photo = decode(saved(scene().convert(mode), "PNG"), LIMITS)
    assert photo.rgb.shape == (48, 64, 3)
    assert photo.alpha is None
    assert wanted is None or abs(int(photo.rgb[8, 8, 0]) - wanted) < 3


def test_a_palette_keeps_its_colours() -> None:
    data = saved(scene().convert("P", palette=Image.Palette.ADAPTIVE), "GIF")
    assert near(color(data), RED, 4)
    assert near(color(data, 56), GREEN, 4)


@pytest.mark.parametrize("mode", ["La", "RGBa"])
def test_colours_multiplied_by_alpha_are_divided_again(mode: str) -> None:
    straight = Image.new("RGBA" if mode == "RGBa" else "LA", (4, 4), (200, 100, 60, 128)[4 - len(mode) :])
    back = to_srgb(straight.convert(mode), None).getpixel((0, 0))
    assert isinstance(back, tuple)
    assert near(list(back[:3]), straight.convert("RGB").getpixel((0, 0)), 2)  # type: ignore[arg-type]
    assert back[3] == 128


def test_a_transparent_colour_is_alpha() -> None:
    palette = Image.new("P", (20, 20), 0)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    palette.paste(1, (0, 0, 10, 20))
    grey = Image.new("L", (20, 20), 7)
    grey.paste(200, (0, 0, 10, 20))
    colored = grey.convert("RGB")
    for data in (
        saved(palette, "PNG", transparency=0),
        saved(palette, "GIF", transparency=0),
        saved(grey, "PNG", transparency=7),
        saved(colored, "PNG", transparency=(7, 7, 7)),
    ):
        photo = decode(data, LIMITS)
        assert photo.alpha is not None
        assert (photo.alpha[5, 5], photo.alpha[5, 15]) == (255, 0)


def test_a_transparent_colour_of_sixteen_bits() -> None:
    rows = b"".join(b"\0" + b"\xc8\x01" * 3 * 5 + b"\x07\x07" * 3 * 5 for _ in range(10))
    data = bytearray(png_of(10, 10, rows, before=chunk(b"tRNS", b"\x07\x07" * 3)))
    data[24] = 16
    data = data[:29] + struct.pack(">I", zlib.crc32(data[12:29])) + data[33:]
    photo = decode(bytes(data), LIMITS)
    assert photo.alpha is not None
    assert (photo.alpha[5, 2], photo.alpha[5, 8]) == (255, 0)


def test_our_profile_never_changes() -> None:
    profile = srgb_profile()
    assert (len(profile), profile[24:36], profile[84:100]) == (588, bytes(12), bytes(16))
    assert ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space == "RGB "
