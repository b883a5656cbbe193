"""Looks at the header of an image: enough to accept or refuse an upload, without decoding a pixel.

Pillow alone: the web process uses it.
"""

from __future__ import annotations

import io
import struct
import threading
import zlib
from dataclasses import dataclass

# Named one by one: Pillow would import every reader it has in search of one that fits.
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from processing.imaging.containers.container import Container
from processing.imaging.containers.read import read
from processing.imaging.errors import (
    AnimatedImage,
    BrokenImage,
    ContradictoryImage,
    EmptyImage,
    TooManyBytes,
    TooManyPixels,
    TruncatedImage,
)
from processing.imaging.exif import read_exif
from processing.imaging.limits import Limits
from processing.imaging.polyglot import check_single
from processing.imaging.profiles import adobe_rgb_profile, named_profile
from processing.imaging.sniff import HEAD, sniff

# The limit of the settings is checked before Pillow sees the file.
Image.MAX_IMAGE_PIXELS = None

_READERS = {
    "jpeg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
    "webp": WebPImagePlugin.WebPImageFile.format,
    "avif": AvifImagePlugin.AvifImageFile.format,
    "heic": "HEIF",
    "tiff": TiffImagePlugin.TiffImageFile.format,
    "bmp": BmpImagePlugin.BmpImageFile.format,
    "gif": GifImagePlugin.GifImageFile.format,
}
_SIDEWAYS = {5, 6, 7, 8}
# Tiles reach over the edge, alpha and gain maps are pictures of their own; what unpacks to more does not show it.
_UNPACKED_PER_PIXEL, _UNPACKED_ANYWAY = 3, 4_000_000
# What the readers of Pillow and pillow-heif raise over bytes that are not what they should be.
UNREADABLE = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError, struct.error,
    zlib.error, AttributeError,
)  # fmt: skip

_registering = threading.Lock()


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """`width`, `height`: of the upright picture, in pixels. `orientation`: EXIF's, 1 to 8, still to be applied."""

    format: str
    width: int
    height: int
    frames: int
    has_alpha: bool
    orientation: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An accepted image, not decoded yet. `profile`: the ICC profile its colours are to be read by."""

    image: Image.Image
    info: ImageInfo
    profile: bytes | None
    container: Container


def inspect(data: bytes, limits: Limits) -> ImageInfo:
    """What the file is. Raises a subclass of InvalidImage that says why it is refused."""
    return open_image(data, limits).info


def open_image(data: bytes, limits: Limits, *, first_of_many: bool = False) -> Opened:
    """The image with its header read by the reader of its format alone. Raises subclasses of InvalidImage.

    `first_of_many`: of an animated file or one with several pages, the first picture instead of a refusal.
    """
    if len(data) > limits.max_bytes:
        raise TooManyBytes(f"The file has {len(data) / 1e6:.1f} MB. Send at most {limits.max_bytes / 1e6:g} MB.")
    kind = sniff(data[:HEAD])
    container = read(kind, data)
    _check_size(container.width, container.height, limits)
    if container.frames > 1 and not first_of_many:
        what = "has several pages" if kind == "tiff" else "is animated"
        raise AnimatedImage(f"The {label(kind)} {what}. Send a single picture.")
    if container.unpacked > _UNPACKED_PER_PIXEL * container.width * container.height + _UNPACKED_ANYWAY:
        raise ContradictoryImage("The file unpacks to far more than it shows. Save it again and send it.")
    if not container.whole:
        raise TruncatedImage
    check_single(data, container.end)
    image = _read_header(container.data, kind)
    _check_size(image.width, image.height, limits)
    exif = read_exif(image, kind)
    width, height = image.size if exif.orientation not in _SIDEWAYS else image.size[::-1]
    info = ImageInfo(kind, width, height, container.frames, image.has_transparency_data, exif.orientation)
    profile = image.info.get("icc_profile")
    if not profile and container.cicp:
        profile = named_profile(container.cicp[0])
    if not profile and exif.adobe_rgb:
        profile = adobe_rgb_profile()
    return Opened(image, info, profile, container)


def label(kind: str) -> str:
    """A format's name as people write it."""
    return {"webp": "WebP"}.get(kind, kind.upper())


def _check_size(width: int, height: int, limits: Limits) -> None:
    if width < 1 or height < 1:
        raise EmptyImage("The picture has no pixels: its width or height is 0.")
    if width * height > limits.max_pixels:
        raise TooManyPixels(
            f"The picture is {width} × {height} pixels, {width * height / 1e6:.1f} megapixels. "
            f"Send at most {limits.max_pixels / 1e6:g} megapixels."
        )


def _read_header(data: bytes, kind: str) -> Image.Image:
    if kind == "heic":
        _register_heif()
    try:
        return Image.open(io.BytesIO(data), formats=[_READERS[kind]])
    except UNREADABLE:
        raise BrokenImage(
            f"The file starts like a {label(kind)}, but cannot be read as one. Save it again and send it."
        ) from None


def _register_heif() -> None:
    """Once, and only when a HEIC comes: libheif and its decoders are large."""
    with _registering:
        if "HEIF" not in Image.OPEN:
            import pillow_heif

            pillow_heif.register_heif_opener(depth_images=False, aux_images=False)
