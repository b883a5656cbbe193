"""Image files made by code, good ones and bad ones."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Mapping

import numpy as np
import pillow_heif
from PIL import Image

RED, GREEN, BLUE = (200, 30, 40), (20, 180, 60), (30, 50, 190)


def scene(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Red at the top left, green at the top right, blue below."""
    image = Image.new("RGB", size, BLUE)
    width, height = size
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    return image


def noise(size: tuple[int, int] = (120, 90)) -> Image.Image:
    width, height = size
    return Image.fromarray(np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8))


def saved(image: Image.Image, writer: str, **options: object) -> bytes:
    if writer == "HEIF":
        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, writer, **options)
    return buffer.getvalue()


WRITERS = {
    "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF", "heic": "HEIF", "tiff": "TIFF", "bmp": "BMP",
    "gif": "GIF",
}  # fmt: skip

FILES: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved(scene(), "JPEG", quality=98, subsampling=0),
    "png": lambda: saved(scene(), "PNG"),
    "webp": lambda: saved(scene(), "WEBP", lossless=True),
    "avif": lambda: saved(scene(), "AVIF", quality=95),
    "heic": lambda: saved(scene(), "HEIF", quality=95),
    "tiff": lambda: saved(scene(), "TIFF"),
    "bmp": lambda: saved(scene(), "BMP"),
    "gif": lambda: saved(scene(), "GIF"),
}


def animation(writer: str) -> bytes:
    return saved(scene(), writer, save_all=True, append_images=[scene().rotate(90)], duration=50, loop=0)


def chunk(name: bytes, content: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int, pixels: bytes, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """An RGB PNG whose rows are `pixels`, however many; `before`, `after`: further chunks around them."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + header + before + body + after + chunk(b"IEND", b"")


def tiff_of(tags: Mapping[int, tuple[str, int]], pixels: bytes, *, order: str = "<") -> bytes:
    """A TIFF of one page. `tags`: number → kind (H or I) and value; the pixels stand at byte 8."""
    start = 8 + len(pixels) + len(pixels) % 2
    entries = b""
    for tag, (kind, value) in sorted(tags.items()):
        entries += struct.pack(order + "HHI", tag, 3 if kind == "H" else 4, 1)
        entries += struct.pack(order + kind, value).ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", start)
    return head + pixels.ljust(start - 8, b"\0") + struct.pack(order + "H", len(tags)) + entries + bytes(4)


def grey_tiff(width: int, height: int, pixels: bytes, *, bits: int = 8, order: str = "<", **more: int) -> bytes:
    """`more`: `photometric` (1), and `t<number>` for any further tag."""
    tags = {256: ("I", width), 257: ("I", height), 258: ("H", bits), 259: ("H", 1), 273: ("I", 8), 277: ("H", 1)}
    tags |= {262: ("H", more.pop("photometric", 1)), 278: ("I", height), 279: ("I", len(pixels))}
    tags |= {int(name[1:]): ("I", value) for name, value in more.items()}
    return tiff_of(tags, pixels, order=order)


def claiming(data: bytes, width: int, height: int) -> bytes:
    """A HEIC or AVIF whose `ispe` boxes say another size than the coded picture has."""
    at, changed = -1, bytearray(data)
    while (at := data.find(b"ispe", at + 1)) >= 0:
        changed[at + 8 : at + 16] = struct.pack(">II", width, height)
    return bytes(changed)


def jpeg_claiming(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header says another size than its scan has."""
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]
