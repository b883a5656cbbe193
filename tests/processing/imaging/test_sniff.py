from __future__ import annotations

import pytest

from processing.imaging.errors import EmptyImage, UnsupportedImage
from processing.imaging.sniff import HEAD, sniff
from tests.support.image_files import FILES


@pytest.mark.parametrize("kind", FILES)
def test_the_format_is_in_the_bytes(kind: str) -> None:
    assert sniff(FILES[kind]()[:HEAD]) == kind


@pytest.mark.parametrize(
    ("major", "compatible", "kind"),
    [
        (b"mif1", b"avif", "avif"),
        (b"mif1", b"heic", "heic"),
        (b"mif1", b"miaf", "heic"),
        (b"avis", b"msf1", "avif"),
        (b"heix", b"mif1", "heic"),
    ],
)
def test_what_is_in_an_iso_media_file_is_named_by_its_brands(major: bytes, compatible: bytes, kind: str) -> None:
    assert sniff(b"\0\0\0\x14ftyp" + major + bytes(4) + compatible) == kind


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"\xef\xbb\xbf  <html>", "a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<!-- made by hand -->\n<svg/>", "an SVG drawing"),
        (b"<?xml version='1.0'?><feed/>", "an XML file"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04.....", "a ZIP archive"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1", "a camera raw file"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp41", "a video"),
        (b"\xff\x0a\xfa\x7f", "a JPEG XL"),
        (b"BMW and other cars, a list", "not an image"),
        (b"just words", "not an image"),
    ],
)
def test_what_is_no_image_is_named(head: bytes, named: str) -> None:
    with pytest.raises(UnsupportedImage, match=f"This is {named}.*Send a JPEG") as caught:
        sniff(head)
    assert (caught.value.status, caught.value.code) == (415, "unsupported_type")


def test_nothing() -> None:
    with pytest.raises(EmptyImage, match="empty"):
        sniff(b"")
