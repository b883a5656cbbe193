"""Measures a photo's backdrop: whether it is plain enough to be told from the subject, and how it looks behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from processing.engines import soft_shadow, surface
from processing.engines.errors import BackdropNotPlain
from processing.engines.surface import Image, Plane, Region
from processing.imaging.arrays import RGB

PROXY_PIXELS = 150_000

# In levels of 255, measured on generated backdrops: below, GrabCut reaches IoU 0.95; above, it is down to chance.
_TEXTURED, _TOO_TEXTURED = 5.0, 12.0
_ROUGH, _TOO_ROUGH = 10.0, 22.0
_LEAST_INSIDE = 0.78
_PLAIN_RANGE = 12.0
_OPENING = 0.003

Kind = Literal["plain", "gradient", "textured", "scene"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the owner of the cut-out should know."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A measured backdrop, at the size of a proxy of at most PROXY_PIXELS.

    image: the proxy. colour: the backdrop at every pixel, also behind the subject, with its shadows.
    distance: how far each pixel is from it, in levels. unsure: the distance from which a pixel is not backdrop.
    shadow, known: what was recognised as soft shadow, as backdrop (with shadow).
    spread: deviation of the border from a smooth surface; roughness: of the whole backdrop; both in levels.
    inside: share of the border that is backdrop.
    """

    kind: Kind
    image: Image
    colour: Image
    distance: Plane
    unsure: float
    shadow: Region
    known: Region
    spread: float
    roughness: float
    inside: float

    def refuse(self) -> None:
        """Raises BackdropNotPlain where the subject cannot be told from this backdrop."""
        if self.kind != "scene":
            return
        raise BackdropNotPlain(
            "Without a segmentation model only plain backdrops can be cut out; this photo shows a real scene, a strong "
            "texture, or too much besides the backdrop along the edge of the frame. Photograph the product on plain "
            "paper or cloth, or ask your administrator to install a model."
        )

    def notices(self) -> list[Notice]:
        """What to look at in the cut-out."""
        found = []
        if self.shadow.sum() > 0.002 * self.shadow.size:
            found.append(
                Notice(
                    "soft_shadow", "The product casts a soft shadow on the backdrop; look whether all of it is gone."
                )
            )
        if self.kind == "textured":
            found.append(
                Notice("textured_backdrop", "The backdrop is not quite plain; look whether parts of it were kept.")
            )
        return found


def measure(rgb: RGB) -> Backdrop:
    """`rgb`: uint8 (H, W, 3). Takes some 30 ms whatever its size."""
    image = proxy(rgb, PROXY_PIXELS).astype(np.float32)
    height, width = image.shape[:2]
    border = surface.from_border(image)
    edge = surface.rim(height, width, 2)
    colour = border.colour
    near = max(12.0, 7.5 * border.spread)
    for limit in (near, max(7.0, 0.8 * near)):
        known = surface.touching(surface.distance(image, colour) < limit, edge)
        residual = surface.fill(image - border.colour, surface.shrink(known, 1), finest=3)
        colour = np.clip(border.colour + residual, 0, 255)
    distance = surface.distance(image, colour)
    known = surface.touching(distance < max(7.0, 0.8 * near), edge)
    roughness = float(np.percentile(distance[known], 90)) if known.any() else 255.0
    unsure = max(6.0, 2.2 * roughness)
    kind = _kind(border, roughness, colour[edge])
    shadow = np.zeros_like(known)
    if kind != "scene":
        known |= _openings(distance < unsure, known)
        colour, shadow = soft_shadow.recognise(image, colour, known, roughness=roughness, unsure=unsure)
    return Backdrop(
        kind=kind,
        image=image,
        colour=colour,
        distance=surface.distance(image, colour),
        unsure=unsure,
        shadow=shadow,
        known=known | shadow,
        spread=border.spread,
        roughness=roughness,
        inside=border.inside,
    )


def proxy(rgb: RGB, pixels: int) -> RGB:
    """The photo with at most that many pixels, averaged down."""
    height, width = rgb.shape[:2]
    scale = (pixels / (height * width)) ** 0.5
    if scale >= 1:
        return rgb
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _openings(like: Region, known: Region) -> Region:
    """Larger parts of the backdrop that show through the subject."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((like & ~known).astype(np.uint8), connectivity=4)
    large = stats[:, cv2.CC_STAT_AREA] >= _OPENING * like.size
    large[0] = False
    return np.asarray(large[labels], np.bool_)


def _kind(border: surface.Surface, roughness: float, edge: Image) -> Kind:
    if border.spread * 1.48 / 1.5 > _TOO_TEXTURED or roughness > _TOO_ROUGH or border.inside < _LEAST_INSIDE:
        return "scene"
    if border.spread > _TEXTURED or roughness > _ROUGH:
        return "textured"
    extent = float(np.ptp(edge, axis=0).max())
    return "gradient" if extent > _PLAIN_RANGE else "plain"
