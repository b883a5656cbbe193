"""How a picture came about, written into files and read back."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from processing.imaging import digital_source
from processing.imaging.encode import encode
from tests.support.photos import opened

PICTURE = np.random.default_rng(1).integers(0, 255, (24, 32, 3)).astype(np.uint8)
EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"


def told(data: bytes) -> str | None:
    """The digital source type in a file's XMP packet."""
    image = opened(data)
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if packet is None:
        return None
    text = packet.decode() if isinstance(packet, bytes) else packet
    root = ET.fromstring(text[text.index("<x:xmpmeta") : text.index("</x:xmpmeta>") + 12])
    found = root.find(f".//{{{EXTENSION}}}DigitalSourceType")
    return None if found is None else found.text


@pytest.mark.parametrize("format", ["jpg", "png", "webp", "avif"])
@pytest.mark.parametrize("term", ["TRAINED_ALGORITHMIC", "COMPOSITE_WITH_TRAINED_ALGORITHMIC", "ALGORITHMIC"])
def test_the_term_is_read_back_and_the_picture_is_the_same(format: str, term: str) -> None:
    address: str = getattr(digital_source, term)
    marked = encode(PICTURE, None, format=format, quality=95, digital_source_type=address)
    plain = encode(PICTURE, None, format=format, quality=95)
    assert told(marked) == address
    assert told(plain) is None
    assert np.array_equal(np.asarray(opened(marked)), np.asarray(opened(plain)))
    assert opened(marked).info.get("icc_profile") == opened(plain).info.get("icc_profile")
    assert marked == encode(PICTURE, None, format=format, quality=95, digital_source_type=address)


def test_a_transparent_png_carries_it_too() -> None:
    alpha = np.full(PICTURE.shape[:2], 128, np.uint8)
    marked = encode(PICTURE, alpha, format="png", quality=90, digital_source_type=digital_source.COMPOSITE)
    assert told(marked) == "http://cv.iptc.org/newscodes/digitalsourcetype/composite"
    image: Image.Image = opened(marked)
    assert image.mode == "RGBA"


def test_only_known_terms_are_written() -> None:
    with pytest.raises(ValueError, match="not a digital source type"):
        encode(PICTURE, None, format="jpg", quality=90, digital_source_type="<script>")


@pytest.mark.parametrize("format", ["jpg", "png", "webp", "avif"])
def test_what_a_file_says_is_found_in_it(format: str) -> None:
    marked = encode(PICTURE, None, format=format, quality=95, digital_source_type=digital_source.COMPOSITE)
    assert digital_source.said_in(marked) == digital_source.COMPOSITE
    assert digital_source.said_in(encode(PICTURE, None, format=format, quality=95)) is None


def test_only_known_terms_are_carried_on() -> None:
    assert digital_source.carried(b"newscodes/digitalsourcetype/digitalCapture") is None
    assert digital_source.carried(b"") is None


@pytest.mark.parametrize(
    ("before", "made", "wanted"),
    [
        ("ALGORITHMIC", None, "ALGORITHMIC"),
        ("ALGORITHMIC", "COMPOSITE", "COMPOSITE"),
        ("COMPOSITE", "COMPOSITE", "COMPOSITE"),
        ("TRAINED_ALGORITHMIC", None, "TRAINED_ALGORITHMIC"),
        ("TRAINED_ALGORITHMIC", "COMPOSITE", "COMPOSITE_WITH_TRAINED_ALGORITHMIC"),
        ("COMPOSITE", "COMPOSITE_WITH_TRAINED_ALGORITHMIC", "COMPOSITE_WITH_TRAINED_ALGORITHMIC"),
    ],
)
def test_two_origins_make_a_composite(before: str, made: str | None, wanted: str) -> None:
    file = digital_source.xmp_packet(getattr(digital_source, before))
    now = getattr(digital_source, made) if made else None
    assert digital_source.carried(file, now) == getattr(digital_source, wanted)
