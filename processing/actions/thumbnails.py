"""Small versions of images, made once and kept beside their bytes."""

from __future__ import annotations

from processing.actions import blobs
from processing.actions.assets import limits
from processing.imaging.thumbnail import thumbnail
from processing.models import Asset

SIDES = (96, 320, 640, 1280)


def small(asset: Asset, side: int) -> bytes:
    """WebP, upright, its longer side at most `side` pixels (one of SIDES); the asset's blob is loaded."""
    name = f"{side}.webp"
    data = blobs.read_derived(asset.blob, name)
    if data is None:
        data = thumbnail(blobs.read(asset.blob), limits(), side=side)
        blobs.keep_derived(asset.blob, name, data)
    return data
