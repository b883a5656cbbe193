"""What is accepted and refused by its header alone: nothing here may decode a pixel."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from accounts.kit.errors import InvalidImage
from processing.imaging.errors import (
    AnimatedImage,
    BrokenImage,
    ContradictoryImage,
    EmptyImage,
    TooManyBytes,
    TooManyPixels,
    TruncatedImage,
    UnsupportedImage,
)
from processing.imaging.inspect import ImageInfo, inspect
from processing.imaging.limits import Limits
from tests.support.image_files import (
    FILES,
    WRITERS,
    animation,
    chunk,
    claiming,
    grey_tiff,
    jpeg_claiming,
    noise,
    png_of,
    saved,
    scene,
)

LIMITS = Limits()
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("kind", FILES)
def test_what_a_file_is(kind: str) -> None:
    assert inspect(FILES[kind](), LIMITS) == ImageInfo(kind, 64, 48, 1, False, 1)


@pytest.mark.parametrize("writer", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
def test_the_size_is_that_of_the_upright_picture(writer: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    info = inspect(saved(scene(), writer, exif=exif.tobytes() if writer == "HEIF" else exif), LIMITS)
    assert (info.width, info.height) == (48, 64)


def test_exif_behind_the_pixels_of_a_png_counts() -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    data = png_of(4, 2, bytes(26), after=chunk(b"eXIf", exif.tobytes()[6:]))
    assert (inspect(data, LIMITS).width, inspect(data, LIMITS).orientation) == (2, 8)


def test_damaged_exif_is_ignored() -> None:
    assert inspect(saved(scene(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(30)), LIMITS).orientation == 1


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_alpha_is_seen(mode: str) -> None:
    assert inspect(saved(scene().convert(mode), "PNG"), LIMITS).has_alpha
    assert not inspect(saved(scene(), "PNG"), LIMITS).has_alpha


def test_limits_of_weight_and_of_pixels_are_told_apart() -> None:
    data = FILES["png"]()
    with pytest.raises(TooManyBytes, match="MB") as heavy:
        inspect(data, Limits(max_bytes=len(data) - 1))
    with pytest.raises(TooManyPixels, match="64 × 48") as large:
        inspect(data, Limits(max_pixels=64 * 48 - 1))
    assert (heavy.value.status, large.value.status) == (413, 413)
    assert heavy.value.code != large.value.code
    assert inspect(data, Limits(max_bytes=len(data), max_pixels=64 * 48)).width == 64


@pytest.mark.parametrize("writer", ["GIF", "PNG", "WEBP", "AVIF", "TIFF"])
def test_more_than_one_picture_is_refused(writer: str) -> None:
    words = "several pages" if writer == "TIFF" else "animated"
    with pytest.raises(AnimatedImage, match=words):
        inspect(animation(writer), LIMITS)


def test_a_smaller_copy_in_a_tiff_is_no_second_page() -> None:
    page, copy = scene(), scene((16, 12))
    buffer = io.BytesIO()
    page.save(buffer, "TIFF", save_all=True, append_images=[copy], tiffinfo={254: 0})
    data = bytearray(buffer.getvalue())
    assert data.count(struct.pack("<HHI", 254, 4, 1)) == 2
    at = data.rfind(struct.pack("<HHI", 254, 4, 1))
    data[at + 8 : at + 12] = struct.pack("<I", 1)  # reduced resolution
    assert inspect(bytes(data), LIMITS).width == 64


def test_a_preview_in_a_jpeg_is_no_second_picture() -> None:
    data = saved(scene(), "MPO", save_all=True, append_images=[scene((32, 24))])
    assert data.count(b"\xff\xd8\xff") == 2
    assert inspect(data, LIMITS) == ImageInfo("jpeg", 64, 48, 1, False, 1)


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "gif"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
def test_what_was_cut_short_is_refused(kind: str, share: float) -> None:
    data = saved(noise(), WRITERS[kind])
    with pytest.raises(TruncatedImage, match="ends before"):
        inspect(data[: int(len(data) * share)], LIMITS)


@pytest.mark.parametrize("kind", FILES)
def test_heads_without_a_body_are_refused(kind: str) -> None:
    data = FILES[kind]()
    for length in range(1, 60):
        with pytest.raises(InvalidImage):
            inspect(data[:length], LIMITS)


BOMBS: dict[str, Callable[[int, int], bytes]] = {
    "png": lambda width, height: png_of(width, height, bytes(20_000_000)),
    "jpeg": lambda width, height: jpeg_claiming(FILES["jpeg"](), width, height),
    "gif": lambda width, height: b"GIF89a" + struct.pack("<HH", width, height) + FILES["gif"]()[10:],
    "bmp": lambda width, height: FILES["bmp"]()[:18] + struct.pack("<ii", width, height) + FILES["bmp"]()[26:],
    "tiff": lambda width, height: grey_tiff(width, height, bytes(100)),
    "heic": lambda width, height: claiming(FILES["heic"](), width, height),
    "avif": lambda width, height: claiming(FILES["avif"](), width, height),
    "webp": lambda width, height: (
        b"RIFF" + struct.pack("<I", 30 - 8) + b"WEBPVP8X" + struct.pack("<IB3x", 10, 0)
        + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_by_its_header_at_no_cost(kind: str) -> None:
    data = BOMBS[kind](60_000, 60_000)
    if kind == "webp":
        data = data[:4] + struct.pack("<I", len(data)) + data[8:] + b"ANMF" + bytes(4)
    tracemalloc.start()
    with pytest.raises(TooManyPixels, match=r"60000 × 60000 pixels, 3600\.0 megapixels\. Send at most 50 "):
        inspect(data, LIMITS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500_000 + 4 * len(data)


@pytest.mark.parametrize("kind", ["png", "jpeg", "bmp", "tiff", "heic"])
@pytest.mark.parametrize("size", [(0, 10), (10, 0)])
def test_no_pixels(kind: str, size: tuple[int, int]) -> None:
    with pytest.raises(EmptyImage, match="no pixels"):
        inspect(BOMBS[kind](*size), LIMITS)


def test_packed_text_and_profiles_of_a_png_are_never_unpacked() -> None:
    packed = zlib.compress(bytes(100_000_000))
    text = chunk(b"zTXt", b"Comment\0\0" + packed) * 5 + chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + packed)
    data = png_of(2, 2, bytes(14), before=chunk(b"iCCP", b"x\0\0" + packed) + text)
    tracemalloc.start()
    assert inspect(data, LIMITS).width == 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_an_avif_cannot_hold_more_than_it_says() -> None:
    data = claiming(saved(Image.new("RGB", (1500, 900)), "AVIF", speed=10), 100, 60)
    with pytest.raises(ContradictoryImage, match="100 × 60 pixels and holds 1500 × 900"):
        inspect(data, LIMITS)


def test_tiles_cannot_add_up_to_more_than_the_picture_shows() -> None:
    data = saved(Image.new("RGB", (2304, 2304)), "HEIF", tile_size=768, quality=1)
    assert inspect(data, LIMITS).width == 2304
    at = data.find(b"ispe" + bytes(4) + struct.pack(">II", 2304, 2304))
    with pytest.raises(ContradictoryImage, match="far more than it shows"):
        inspect(data[: at + 8] + struct.pack(">II", 64, 64) + data[at + 16 :], LIMITS)


def test_a_tile_of_a_tiff_cannot_be_larger_than_any_picture() -> None:
    with pytest.raises(ContradictoryImage, match="far more than it shows"):
        inspect(grey_tiff(100, 100, bytes(100), t322=40_000, t323=40_000, t324=8, t325=100), LIMITS)


def test_a_webp_whose_canvas_is_not_its_picture() -> None:
    data = bytearray(saved(scene(), "WEBP", icc_profile=b"x" * 10))
    assert data[12:16] == b"VP8X"
    data[24:27] = (1000).to_bytes(3, "little")
    with pytest.raises(ContradictoryImage, match="1001 × 48 pixels and holds a picture of 64 × 48"):
        inspect(bytes(data), LIMITS)


def test_camera_raw_files_are_no_tiffs() -> None:
    with pytest.raises(UnsupportedImage, match="camera raw"):
        inspect(grey_tiff(160, 120, bytes(19_200), t254=1, t330=8), LIMITS)
    with pytest.raises(UnsupportedImage, match="camera raw"):
        inspect(grey_tiff(160, 120, bytes(19_200), t50706=1), LIMITS)
    assert inspect(grey_tiff(160, 120, bytes(19_200)), LIMITS).width == 160


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
@pytest.mark.parametrize(
    ("hidden", "named"),
    [
        (zipped, "a ZIP archive"),
        (lambda: b"\n<script>alert(1)</script>", "a script or web page"),
        (lambda: b"<!DOCTYPE HTML><p>", "a script or web page"),
        (lambda: b"<?php system($_GET[0]);", "a script or web page"),
        (lambda: b"%PDF-1.4\n1 0 obj", "a PDF"),
    ],
)
def test_a_second_file_behind_a_picture_is_refused(kind: str, hidden: Callable[[], bytes], named: str) -> None:
    with pytest.raises(ContradictoryImage, match=f"a picture and {named}"):
        inspect(FILES[kind]() + hidden(), LIMITS)


def test_what_phones_put_behind_a_picture_is_welcome() -> None:
    film = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(2000)
    assert inspect(FILES["jpeg"]() + film, LIMITS).width == 64


def test_a_pdf_around_a_picture_is_refused() -> None:
    comment = b"\xff\xfe" + struct.pack(">H", 2 + 9) + b"%PDF-1.4\n"
    with pytest.raises(ContradictoryImage, match="a PDF"):
        inspect(b"\xff\xd8" + comment + FILES["jpeg"]()[2:], LIMITS)


def test_a_jpeg_of_a_thousand_passes_is_refused() -> None:
    data = saved(scene(), "JPEG", progressive=True)
    scan = data.rfind(b"\xff\xda")
    with pytest.raises(BrokenImage, match="no camera or program"):
        inspect(data[:-2] + data[scan:-2] * 1000 + b"\xff\xd9", LIMITS)


def test_the_web_process_loads_no_heavy_library_for_it() -> None:
    program = (
        "import io, sys\n"
        "from processing.imaging.inspect import inspect\n"
        "from processing.imaging.limits import Limits\n"
        "from processing.imaging.thumbnail import thumbnail\n"
        f"for data in {[FILES[kind]() for kind in ('jpeg', 'png', 'heic', 'avif')]!r}:\n"
        "    inspect(data, Limits()); thumbnail(data, Limits(), side=32)\n"
        "print(sorted({'numpy', 'cv2', 'onnxruntime', 'django', 'isal'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
