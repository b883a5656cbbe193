"""Listing photos with and without what marketplaces forbid, as many as wanted."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.support.pictures import overlays
from tests.support.pictures.bottles import bottle
from tests.support.pictures.hollow import hollow
from tests.support.pictures.noise import Rng
from tests.support.pictures.picture import Picture
from tests.support.pictures.solid import solid
from tests.support.pictures.thin import thin

KINDS = ("clean", "text", "watermark", "frame", "blur")
_PLAIN = ("white", "white", "white", "grey", "shadow", "own")


@dataclass(frozen=True, slots=True)
class Listing:
    """`data`: a JPEG or PNG. `mask`: float32 (H, W), where a network would be asked because the backdrop is a scene;
    else None. `kind`: of KINDS; `detail`: more about it. `blur`: deviation at 1000 pixels that was added.
    """

    name: str
    data: bytes
    mask: NDArray[np.float32] | None
    kind: str
    detail: str
    rgb: NDArray[np.uint8]


def listing(kind: str, seed: int) -> Listing | None:
    """One picture; None where there was no room for what should be laid over it."""
    rng = np.random.default_rng([seed, KINDS.index(kind), 77])
    picture, where = _picture(rng, seed)
    rgb, alpha = _on(rng, picture, where)
    detail = ""
    if kind == "text" and not overlays.text(rng, rgb, alpha):
        return None
    if kind == "watermark" and not overlays.watermark(rng, rgb, alpha):
        return None
    if kind == "frame":
        detail = overlays.frame(rng, rgb)
    if kind == "blur":
        rgb = overlays.blurred(rng, rgb, float(rng.uniform(3, 9)))
    elif rng.random() < 0.3:
        rgb = overlays.blurred(rng, rgb, float(rng.uniform(0.2, 0.8)))
    quality = int(rng.choice([70, 80, 88, 92, 95, 100]))
    mask = alpha if where == "own" else None
    return Listing(f"{kind}-{seed}-{where}-{picture.name}-q{quality}", _file(rgb, quality), mask, kind, detail, rgb)


def _picture(rng: Rng, seed: int) -> tuple[Picture, str]:
    where = str(rng.choice(_PLAIN))
    size = (int(rng.integers(700, 1200)), int(rng.integers(700, 1200)))
    makers: tuple[Callable[[], Picture], ...] = (
        lambda: bottle(seed, size=size),
        lambda: solid(seed, size=size),
        lambda: parts(seed, size),
        lambda: hollow(seed, size=size),
        lambda: thin(seed, size=size),
    )
    return makers[int(rng.choice(len(makers), p=[0.35, 0.25, 0.15, 0.15, 0.1]))](), where


def parts(seed: int, size: tuple[int, int]) -> Picture:
    """A product of many like pieces, some of them in rows: screws, beads, tiles, pens."""
    rng = np.random.default_rng([seed, 303])
    width, height = size
    alpha = np.zeros((height, width), np.float32)
    rows, columns = int(rng.integers(1, 5)), int(rng.integers(2, 9))
    shape = str(rng.choice(["disc", "bar", "ring", "tile"]))
    step = min(0.85 * width / columns, 0.85 * height / rows)
    colour = rng.integers(20, 160, 3).astype(np.float32)
    for row in range(rows):
        for column in range(columns):
            x = round(width / 2 + (column - columns / 2 + 0.5) * step)
            y = round(height / 2 + (row - rows / 2 + 0.5) * step)
            r = max(4, round(step * rng.uniform(0.3, 0.36)))
            if shape == "disc":
                cv2.circle(alpha, (x, y), r, 1.0, -1, cv2.LINE_AA)
            elif shape == "ring":
                cv2.circle(alpha, (x, y), r, 1.0, max(2, r // 4), cv2.LINE_AA)
            elif shape == "bar":
                cv2.rectangle(alpha, (x - r // 4, y - r), (x + r // 4, y + r), 1.0, -1)
            else:
                cv2.rectangle(alpha, (x - r, y - r), (x + r, y + r), 1.0, -1)
    shade = rng.normal(0, 4, (height, width, 1)) + colour
    foreground = np.clip(np.broadcast_to(shade, (height, width, 3)), 0, 255).astype(np.uint8)
    backdrop = np.full((height, width, 3), 250, np.uint8)
    share = alpha[..., None]
    rgb = np.clip(share * foreground + (1 - share) * backdrop, 0, 255).astype(np.uint8)
    return Picture(f"parts-{shape}-{rows}x{columns}", rgb, alpha, foreground, backdrop, np.zeros_like(alpha),
                   np.zeros(alpha.shape, bool))  # fmt: skip


def _on(rng: Rng, picture: Picture, where: str) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The product on white, grey, white with a soft shadow, or the picture's own backdrop."""
    alpha = picture.alpha
    if where == "own":
        return picture.rgb.copy(), alpha
    level = 255.0 if where != "grey" else float(rng.uniform(200, 250))
    ground = np.full((*alpha.shape, 3), level, np.float32)
    if where == "shadow":
        soft = cv2.GaussianBlur(np.roll(alpha, round(0.02 * alpha.shape[0]), axis=0), (0, 0), 0.02 * alpha.shape[0])
        ground *= 1 - np.float32(rng.uniform(0.1, 0.35)) * soft[..., None]
    share = alpha[..., None]
    image = share * picture.foreground + (1 - share) * ground
    return np.clip(np.round(image), 0, 255).astype(np.uint8), alpha


def _file(rgb: NDArray[np.uint8], quality: int) -> bytes:
    buffer = io.BytesIO()
    if quality == 100:
        Image.fromarray(rgb).save(buffer, "PNG", compress_level=1)
    else:
        Image.fromarray(rgb).save(buffer, "JPEG", quality=quality, subsampling=2 if quality < 90 else 0)
    return buffer.getvalue()
