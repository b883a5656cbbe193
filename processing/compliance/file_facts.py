"""What the file says of itself, read before its pixels are converted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from processing.compliance.jpeg_quality import estimate
from processing.imaging.colour import is_srgb, profile_name
from processing.imaging.inspect import Opened
from processing.imaging.png_text import texts

_MODES = {
    "CMYK": "cmyk", "L": "grey", "LA": "grey", "La": "grey", "1": "grey", "I": "grey", "F": "grey", "P": "palette",
    "PA": "palette", "LAB": "lab",
}  # fmt: skip
_PNG_COLOURS = {0: "grey", 2: "rgb", 3: "palette", 4: "grey", 6: "rgb"}
_BITS_PER_SAMPLE = 258
_GPS, _EXIF = 0x8825, 0x8769
# Of EXIF's first directory, what only describes how to read the pixels: sizes, strips, orientation, resolution.
_TECHNICAL = {*range(254, 270), *range(273, 285), 282, 283, 296, 274, 317, 320, 322, 323, 324, 325, 338, 339, 347,
              529, 530, 531, 532, 34675, _EXIF, 40965}  # fmt: skip
_SOURCE_TYPE = re.compile(rb"digitalsourcetype/([A-Za-z]{3,60})", re.IGNORECASE)
_DAMAGED = (OSError, SyntaxError, ValueError, LookupError, TypeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """`format`: as `sniff` names it. `mode`: rgb, grey, cmyk, palette, lab. `profile`: the ICC profile's own name, or
    empty. `srgb`: whether the numbers mean what they mean in sRGB. `jpeg_quality`: 1 to 100, None without
    quantisation tables. `coarse_colour`: colour is stored at half the resolution or less (4:2:0). `metadata`: kinds of
    what is told beside the picture. `source_type`: the last word of IPTC's DigitalSourceType, or empty.
    """

    format: str
    bytes: int
    frames: int
    mode: str
    bits: int
    profile: str
    srgb: bool
    jpeg_quality: int | None
    coarse_colour: bool
    metadata: tuple[str, ...]
    source_type: str


def read(data: bytes, opened: Opened) -> FileFacts:
    """Of an image whose header was read and that is not converted yet."""
    image, kind = opened.image, opened.info.format
    mode = _MODES.get(image.mode, "grey" if image.mode.startswith("I;16") else "rgb")
    bits = _bits(data, image, kind)
    if kind == "png":
        mode = _PNG_COLOURS.get(data[25], mode)
    space = {"cmyk": "CMYK", "grey": "L"}.get(mode, "RGB")
    tables = getattr(image, "quantization", None) if kind == "jpeg" else None
    told = data + texts(data) if kind == "png" else data
    found = _SOURCE_TYPE.search(told)
    return FileFacts(
        format=kind,
        bytes=len(data),
        frames=max(1, opened.info.frames),
        mode=mode,
        bits=bits,
        profile=profile_name(opened.profile) if opened.profile else "",
        srgb=mode != "cmyk" and (opened.profile is None or is_srgb(opened.profile, space)),
        jpeg_quality=estimate(tables) if tables else None,
        coarse_colour=_coarse_colour(image, kind),
        metadata=_metadata(told, image, kind),
        source_type=found[1].decode("ascii") if found else "",
    )


def _coarse_colour(image: Image.Image, kind: str) -> bool:
    """Of a JPEG by its sampling factors; the other lossy formats as cameras and shops write them."""
    if kind != "jpeg":
        return kind in {"webp", "avif", "heic"}
    layers: Sequence[Sequence[int]] = getattr(image, "layer", ())  # identifier, horizontal and vertical factor, table
    return len(layers) >= 3 and (layers[0][1] > layers[1][1] or layers[0][2] > layers[1][2])


def _bits(data: bytes, image: Image.Image, kind: str) -> int:
    if kind == "png":
        return max(8, data[24])
    if kind == "tiff":
        bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, 8)
        return max(8, *(int(one) for one in (bits if isinstance(bits, tuple) else (bits,))))
    return max(8, int(image.info.get("bit_depth") or 8))


def _metadata(told: bytes, image: Image.Image, kind: str) -> tuple[str, ...]:
    """`place`, `camera and date`, `descriptions`: what a seller may not want to publish."""
    found: list[str] = []
    try:
        exif = Image.Exif()
        if kind == "png":
            exif.load(image.info.get("exif", b""))
        else:
            exif = image.getexif()
        if exif.get_ifd(_GPS):
            found.append("place")
        if any(tag not in _TECHNICAL and tag != _GPS for tag in exif) or len(exif.get_ifd(_EXIF)) > 3:
            found.append("camera and date")
    except _DAMAGED:
        pass
    # XMP that holds nothing but IPTC's statement on AI is wanted, not told too much.
    described = b"<x:xmpmeta" in told and any(word in told for word in (b"xmp:CreatorTool", b"dc:", b"photoshop:"))
    if described or b"Photoshop 3.0\x00" in told:
        found.append("descriptions")
    return tuple(found)
