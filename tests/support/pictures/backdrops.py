"""Backdrops: float32 (H, W, 3), sRGB 0..255."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.noise import Plane, Rng, clouds, grain, weave

Image = NDArray[np.float32]
KINDS = ("plain", "gradient", "radial", "sweep", "texture", "wood", "cloth")


def light(rng: Rng) -> Image:
    """A studio's colour: white to light grey, sometimes tinted."""
    base = float(rng.uniform(205, 255))
    return np.asarray(np.clip(np.float32(base) + rng.normal(0, rng.choice([0, 4, 10]), 3), 170, 255), np.float32)


def any_colour(rng: Rng) -> Image:
    """Any colour, from near black to near white."""
    hsv = np.array([[[rng.integers(0, 180), rng.integers(0, 200), rng.integers(30, 250)]]], np.uint8)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0], np.float32)


def backdrop(rng: Rng, width: int, height: int, kind: str, colour: Image) -> Image:
    """One of KINDS in the given colour (3,)."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = y / height, x / width
    flat = np.broadcast_to(colour, (height, width, 3)).astype(np.float32)
    if kind == "plain":
        return flat.copy()
    if kind == "gradient":
        turn = rng.uniform(0, 2 * np.pi)
        ramp = (x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn)
        return np.asarray(
            np.clip(flat + ramp[..., None] * rng.uniform(20, 90) * rng.uniform(0.7, 1, 3), 0, 255), np.float32
        )
    if kind == "radial":
        far = (x - rng.uniform(0.3, 0.7)) ** 2 + (y - rng.uniform(0.3, 0.7)) ** 2
        return np.asarray(np.clip(flat * (1 - rng.uniform(0.2, 0.7) * far)[..., None], 0, 255), np.float32)
    if kind == "sweep":
        bend = 1 / (1 + np.exp(-(y - rng.uniform(0.6, 0.8)) * rng.uniform(8, 40)))
        return np.asarray(np.clip(flat - bend[..., None] * rng.uniform(8, 40), 0, 255), np.float32)
    strength = float(rng.uniform(3, 18))
    texture: Plane
    if kind == "texture":
        texture = clouds(rng, width, height, cell=float(rng.uniform(4, 80)))
    elif kind == "wood":
        texture = grain(rng, width, height, ring=float(rng.uniform(10, 40)))
    else:
        texture = weave(width, height, thread=float(rng.uniform(3, 9)))
    return np.asarray(np.clip(flat + texture[..., None] * strength * rng.uniform(0.6, 1, 3), 0, 255), np.float32)


def shadow(rng: Rng, image: Image, alpha: Plane) -> Image:
    """The subject's soft shadow on the backdrop: a cast one to the side, a contact one below."""
    height, width = alpha.shape
    reach = min(width, height)
    shift = np.array([[1, 0, rng.uniform(-0.08, 0.08) * reach], [0, 1, rng.uniform(0, 0.05) * reach]], np.float32)
    cast = cv2.warpAffine(alpha, shift, (width, height))
    cast = cv2.GaussianBlur(cast, (0, 0), float(rng.uniform(0.01, 0.04)) * reach)
    rows = np.flatnonzero(alpha.max(axis=1) > 0.5)
    columns = np.flatnonzero(alpha.max(axis=0) > 0.5)
    contact = np.zeros_like(alpha)
    if len(rows):
        centre = (int(columns.mean()), int(rows[-1]))
        axes = (max(1, int(np.ptp(columns) * 0.5)), max(1, int(0.02 * reach)))
        cv2.ellipse(contact, centre, axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
        contact = cv2.GaussianBlur(contact, (0, 0), 0.012 * reach).astype(np.float32)
    dark = rng.uniform(0.05, 0.35) * cast + rng.uniform(0.1, 0.5) * contact
    return np.asarray(image * np.clip(1 - dark, 0.15, 1)[..., None], np.float32)
