"""ICC profiles made here: sRGB for what is written, and others for files that only name their colours."""

from __future__ import annotations

import struct
from functools import cache

from PIL import ImageCms

# Red, green and blue in XYZ, adapted to the D50 white of ICC profiles (Bradford).
Primaries = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
_ADOBE_RGB: Primaries = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_DISPLAY_P3: Primaries = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
_BT_2020: Primaries = ((0.67348, 0.27903, -0.00194), (0.16567, 0.67534, 0.02998), (0.12505, 0.04561, 0.79686))
# By the number that ITU-T H.273 gives to colour primaries.
_NAMED = {9: _BT_2020, 11: _DISPLAY_P3, 12: _DISPLAY_P3}

_D50 = (0.9642, 1.0, 0.8249)
# Parametric curves (ICC.1:2022, 10.18): type, then its parameters.
_SRGB_CURVE = (3, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
_ADOBE_CURVE = (0, (563 / 256,))


@cache
def srgb_profile() -> bytes:
    """sRGB, 588 bytes, always the same: the date and the identifier in the header are zero."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)
    profile[84:100] = bytes(16)
    return bytes(profile)


@cache
def adobe_rgb_profile() -> bytes:
    """Adobe RGB (1998)."""
    return _matrix_profile("Adobe RGB", _ADOBE_RGB, _ADOBE_CURVE)


@cache
def named_profile(primaries: int) -> bytes | None:
    """The profile of colour primaries as H.273 numbers them, with sRGB's curve; None where sRGB is near enough."""
    found = _NAMED.get(primaries)
    return _matrix_profile("wide gamut", found, _SRGB_CURVE) if found else None


def _matrix_profile(name: str, primaries: Primaries, curve: tuple[int, tuple[float, ...]]) -> bytes:
    """An ICC 4.3 display profile: a matrix and one curve."""
    text = name.encode("utf-16-be")
    described = b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(text), 28) + text
    curved = b"para" + struct.pack(">IHH", 0, curve[0], 0) + _fixed(*curve[1])
    tags = {b"desc": described, b"cprt": described, b"wtpt": _xyz(_D50)}
    tags |= dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, primaries), strict=True))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curved)
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(body), b"\0\0\0\0", 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + _fixed(*_D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _fixed(*values: float) -> bytes:
    """Signed 16.16 fixed point."""
    return b"".join(struct.pack(">i", round(value * 65_536)) for value in values)
