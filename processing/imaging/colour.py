"""Every way of writing colour, brought to 8 bit sRGB. Pillow alone: the web process makes thumbnails with it."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageChops, ImageCms, ImageOps

from processing.imaging.errors import UnsupportedImage
from processing.imaging.profiles import srgb_profile

_SIXTEEN_BITS = {"I;16", "I;16B", "I;16L", "I;16N"}
_SPACES = {"RGB ": "RGB", "CMYK": "CMYK", "GRAY": "L"}
_BROKEN_PROFILE = (ImageCms.PyCMSError, OSError, ValueError, TypeError)
# Where a profile moves no colour of a coarse cube further than this, it is sRGB by another name.
_UNSEEN = 2
_PHOTOMETRIC, _WHITE_IS_ZERO = 0x0106, 0


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The loaded `image` in mode RGB or RGBA, sRGB, straight alpha.

    `profile`: ICC; ignored where it is broken or belongs to another kind of pixels. Raises UnsupportedImage for 32
    bits a channel.
    """
    color, alpha = _taken_apart(_eight_bits(image))
    converted = _converted(color, profile) if profile else None
    if converted is None:
        converted = color if color.mode == "RGB" else color.convert("RGB")
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def is_srgb(profile: bytes, mode: str) -> bool:
    """Whether an ICC profile moves no colour of a picture in that mode (RGB, L, CMYK) that anybody would see."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = _SPACES.get(source.profile.xcolor_space)
        if space == "L" and mode == "L":
            return True
        if space != "RGB":
            return False
        return not _moves(
            ImageCms.buildTransform(source, _target(), "RGB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
        )
    except _BROKEN_PROFILE:
        return True


def profile_name(profile: bytes) -> str:
    """What the profile calls itself; empty where it cannot be read."""
    try:
        return str(ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))).strip()
    except _BROKEN_PROFILE:
        return ""


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode in {"I", "F"}:
        raise UnsupportedImage("The picture has 32 bits a channel. Save it with 8 or 16 bits and send it.")
    key = image.info.get("transparency")
    if image.mode in _SIXTEEN_BITS:
        wide = image if image.mode == "I;16" else image.convert("I")
        # Not convert("L") alone, which cuts everything above 255 off.
        grey = wide.point(lambda value: value * (1 / 257) + 0.5).convert("L")
        if getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
            grey = ImageOps.invert(grey)
        grey.info = {"transparency": key >> 8} if isinstance(key, int) else {}
        return grey
    if image.mode == "RGB" and isinstance(key, tuple) and max(key) > 255:
        # The key of 16 bits, beside pixels of which Pillow keeps the high byte.
        image.info["transparency"] = tuple(value >> 8 for value in key)
    return image


def _taken_apart(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours as RGB, L or CMYK, and the alpha."""
    if image.mode in {"La", "RGBa"}:
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        whole = image.convert("RGBA")
        return whole.convert("RGB"), whole.getchannel("A")
    if image.mode in {"RGB", "L", "CMYK"}:
        return image, None
    return image.convert("L" if image.mode == "1" else "RGB"), None


def _converted(image: Image.Image, profile: bytes) -> Image.Image | None:
    """`image` (RGB, L, CMYK) in sRGB by its profile; None where the profile does not fit."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = _SPACES.get(source.profile.xcolor_space)
        if (image.mode, mode) == ("L", "RGB"):
            image = image.convert("RGB")
        if image.mode != mode:
            return None
        transform = ImageCms.buildTransform(
            source,
            _target(),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        if mode == "RGB" and not _moves(transform):
            return image
        return transform.apply(image)
    except _BROKEN_PROFILE:
        return None


def _moves(transform: ImageCms.ImageCmsTransform) -> bool:
    before = _cube()
    return max(ImageChops.difference(before, transform.apply(before)).tobytes()) > _UNSEEN


@cache
def _cube() -> Image.Image:
    """Every combination of nine steps of red, green and blue."""
    steps = [round(step * 255 / 8) for step in range(9)]
    return Image.frombytes("RGB", (81, 9), bytes(v for r in steps for g in steps for b in steps for v in (r, g, b)))


@cache
def _target() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
