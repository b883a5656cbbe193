"""What a file is, by its first bytes. Its name is never asked."""

from __future__ import annotations

from processing.imaging.errors import EmptyImage, UnsupportedImage

HEAD = 256
WANTED = "Send a JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP or GIF."

_AVIF = {b"avif", b"avis"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_EITHER = {b"mif1", b"msf1"}
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}

# What people send instead, so that the answer can name it.
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"8BPS", "a Photoshop document"),
    (b"%!PS", "an EPS drawing"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000"),
    (b"\0\0\x01\0", "a Windows icon"),
    (b"FUJIFILMCCD-RAW", "a camera raw file"),
    (b"IIU\0", "a camera raw file"),
    (b"IIRO", "a camera raw file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
)


def sniff(head: bytes) -> str:
    """jpeg, png, webp, avif, heic, tiff, bmp or gif, from the first 256 bytes.

    Raises UnsupportedImage (415) that names what the file is instead, and EmptyImage.
    """
    if not head:
        raise EmptyImage("The file is empty. Send it again.")
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[:4] in _TIFF:
        return "tiff"
    if head[:2] == b"BM" and len(head) > 18 and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if head[4:8] == b"ftyp" and (kind := _by_brand(head)):
        return kind
    raise UnsupportedImage(f"This is {_named(head)}. {WANTED}")


def brands(head: bytes) -> list[bytes]:
    """Of an ISO base media file: the major brand, then the compatible ones."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]


def _by_brand(head: bytes) -> str | None:
    named = brands(head)
    for brand in named:
        if brand in _AVIF:
            return "avif"
        if brand in _HEIC:
            return "heic"
    return "heic" if named[0] in _EITHER else None


def _named(head: bytes) -> str:
    for start, name in _OTHERS:
        if head.startswith(start):
            return name
    if head[4:8] == b"ftyp":
        return "a camera raw file" if head[8:12] == b"crx " else "a video"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "an SVG drawing"
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return "a web page"
    if text.startswith(b"<?xml"):
        return "an XML file"
    return "not an image that can be read here"
