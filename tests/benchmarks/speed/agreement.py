"""The same masks? And whose edges have the truer colours?

The masks of both networks over the same photos, rembg's before anything is done to it. The colour of edges over
generated pictures whose alpha and colours are known: this product's cut-out against rembg's default one.
"""

from __future__ import annotations

import io
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
from tests.support.cut_quality import edge_colour_error, iou


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


def edge_errors(peer: Contestant, engine: Engine, pictures: int) -> tuple[float, float, float]:
    """Mean colour error (0..255) along soft edges, this product's and rembg's, and the median of how many times less it
    is. Each over its own cut-out of the picture, on the ground where the old backdrop would show most."""
    mine, theirs = [], []
    for make in KINDS.values():
        for seed in range(900, 900 + pictures):
            picture = make(seed)
            ground = 0 if picture.backdrop.mean() > 128 else 255
            cut = refine(picture.rgb, engine.mask(picture.rgb), edges="fine")
            mine.append(edge_colour_error(cut.alpha / np.float32(255), cut.foreground, picture, ground))
            buffer = io.BytesIO()
            Image.fromarray(picture.rgb).save(buffer, "PNG")
            rgba = np.asarray(Image.open(io.BytesIO(peer.send(buffer.getvalue()))).convert("RGBA"))
            theirs.append(edge_colour_error(rgba[:, :, 3] / np.float32(255), rgba[:, :, :3], picture, ground))
    return mean(mine), mean(theirs), median(their / max(my, 0.1) for my, their in zip(mine, theirs, strict=True))


def engine_here(models_dir: Path) -> Engine:
    return load.load(MODEL, models_dir, threads=2, runtime="auto")
