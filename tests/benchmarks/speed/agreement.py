"""The same masks? And whose edges have the truer colours?

The masks of both networks over the same photos, rembg's before anything is done to it. The colour of edges over
generated pictures whose alpha and colours are known: this product's cut-out against rembg's default one.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

import cv2
import numpy as np
from PIL import Image

from processing.engines import load
from processing.engines.base import Engine
from processing.imaging.refine import refine
from tests.benchmarks.bare_pipeline import MODEL
from tests.benchmarks.quality import KINDS
from tests.benchmarks.speed.contestant import Contestant
from tests.benchmarks.speed.peers import rembg_mask
from tests.benchmarks.unique_photos import photos
from tests.support.cut_quality import edge_colour_error, edge_tint, iou


def mask_iou(peer: Contestant, engine: Engine, count: int) -> list[float]:
    """One for each photo; both masks at the photo's size, cut at one half."""
    found = []
    for photo in photos(1, count, seed=44):
        rgb = np.asarray(Image.open(io.BytesIO(photo)).convert("RGB"))
        height, width = rgb.shape[:2]
        mine = np.asarray(cv2.resize(engine.mask(rgb), (width, height)), np.float32)
        theirs = np.asarray(Image.open(io.BytesIO(rembg_mask(peer, photo))).convert("L"))
        found.append(iou(mine, theirs.astype(np.float32) / np.float32(255)))
    return found


@dataclass
class EdgeErrors:
    """One number for each picture, of this product's cut-out and of rembg's default one, 0..255.

    `seen`: the difference from the truth on the ground where the old backdrop would show most, alpha included: where
    the network, which is the same, misses part of the subject, both are wrong alike. `tint`: the colours alone.
    """

    seen: list[float] = field(default_factory=list)
    their_seen: list[float] = field(default_factory=list)
    tint: list[float] = field(default_factory=list)
    their_tint: list[float] = field(default_factory=list)

    def json(self) -> dict[str, float]:
        seen, theirs = mean(self.seen), mean(self.their_seen)
        tint, their_tint = mean(self.tint), mean(self.their_tint)
        pairs = zip(self.seen, self.their_seen, strict=True)
        return {
            "packshot": round(seen, 2),
            "rembg": round(theirs, 2),
            "ratio": round(theirs / seen, 2),
            "median_ratio": round(median(their / max(my, 0.1) for my, their in pairs), 2),
            "packshot_colours": round(tint, 2),
            "rembg_colours": round(their_tint, 2),
            "colours_ratio": round(their_tint / tint, 2),
        }


def edge_errors(peer: Contestant, engine: Engine, pictures: int) -> EdgeErrors:
    """Over `pictures` of each kind, each contestant's own cut-out of them."""
    found = EdgeErrors()
    for make in KINDS.values():
        for seed in range(900, 900 + pictures):
            picture = make(seed)
            ground = 0 if picture.backdrop.mean() > 128 else 255
            cut = refine(picture.rgb, engine.mask(picture.rgb), edges="fine")
            alpha = cut.alpha / np.float32(255)
            found.seen.append(edge_colour_error(alpha, cut.foreground, picture, ground))
            found.tint.append(edge_tint(alpha, cut.foreground, picture))
            buffer = io.BytesIO()
            Image.fromarray(picture.rgb).save(buffer, "PNG")
            rgba = np.asarray(Image.open(io.BytesIO(peer.send(buffer.getvalue()))).convert("RGBA"))
            alpha = rgba[:, :, 3] / np.float32(255)
            found.their_seen.append(edge_colour_error(alpha, rgba[:, :, :3], picture, ground))
            found.their_tint.append(edge_tint(alpha, rgba[:, :, :3], picture))
    return found


def engine_here(models_dir: Path) -> Engine:
    return load.load(MODEL, models_dir, threads=2, runtime="auto")
