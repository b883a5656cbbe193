"""What sellers lay over product photos: text, badges, watermarks, frames, blur; each with what a human would say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tests.support.pictures.noise import Rng

RGB = NDArray[np.uint8]
Plane = NDArray[np.float32]

_FOLDERS = ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/liberation")
WORDS = (
    "SALE", "50% OFF", "Free shipping", "NEW", "Best price", "BESTSELLER", "2 for 1", "Only today!", "$19.99",
    "Handmade", "made in Italy", "LIMITED EDITION", "Organic", "size M", "30 x 40 cm", "100% cotton",
    "www.shop.example", "Top quality",
)  # fmt: skip
MARKS = ("© Studio Nine", "SAMPLE", "PREVIEW", "my-shop.example", "DO NOT COPY", "Copyright 2026", "stockphoto", "ACME")


@cache
def _fonts() -> tuple[str, ...]:
    """Of the system, where there are any; Pillow's own is always there."""
    found = [str(path) for folder in _FOLDERS for path in sorted(Path(folder).glob("*.ttf"))]
    return ("", *found)


def _font(rng: Rng, height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    name = str(rng.choice(_fonts()))
    return ImageFont.truetype(name, height) if name else ImageFont.load_default(height)


def _drawn(words: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, angle: float) -> Plane:
    """Coverage of a line of text, turned: float32 (h, w) in 0..1."""
    left, top, right, bottom = font.getbbox(words)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4), 0)
    ImageDraw.Draw(image).text((2 - left, 2 - top), words, 255, font)
    if angle:
        image = image.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    return np.asarray(image, np.float32) / np.float32(255)


def _lay(rgb: RGB, cover: Plane, ink: NDArray[np.float32], x: int, y: int) -> None:
    """In place; what lies beyond the picture is cut off."""
    height, width = rgb.shape[:2]
    top, left = max(0, y), max(0, x)
    bottom, right = min(height, y + cover.shape[0]), min(width, x + cover.shape[1])
    if top >= bottom or left >= right:
        return
    share = cover[top - y : bottom - y, left - x : right - x, None]
    part = rgb[top:bottom, left:right]
    rgb[top:bottom, left:right] = np.clip(np.round(part * (1 - share) + ink * share), 0, 255).astype(np.uint8)


def _place(rng: Rng, alpha: Plane, size: tuple[int, int]) -> tuple[int, int] | None:
    """x, y at which something of that (height, width) lies beside the product, or None."""
    height, width = alpha.shape
    h, w = size
    if h >= height - 8 or w >= width - 8:
        return None
    taken = cv2.dilate((alpha > 0.02).astype(np.uint8), np.ones((15, 15), np.uint8))
    sums = cv2.integral(taken)
    for _ in range(60):
        x, y = int(rng.integers(4, width - w - 4)), int(rng.integers(4, height - h - 4))
        if sums[y + h, x + w] - sums[y, x + w] - sums[y + h, x] + sums[y, x] == 0:
            return x, y
    return None


def _ink(rng: Rng, around: NDArray[np.float32], least: float) -> NDArray[np.float32]:
    """A colour at least so far from what it is written on."""
    while True:
        colour = rng.choice([rng.integers(0, 256, 3), np.full(3, rng.choice([0, 20, 40, 255]))]).astype(np.float32)
        if np.abs(colour - around).max() >= least:
            return np.asarray(colour, np.float32)


def text(rng: Rng, rgb: RGB, alpha: Plane) -> bool:
    """Writes one to three lines beside the product, in place; False where there is no room."""
    height = rgb.shape[0]
    done = False
    for _ in range(int(rng.choice([1, 1, 2, 3]))):
        angle = float(rng.choice([0, 0, 0, 0, 90, 270, rng.uniform(-30, 30)]))
        for shrink in (1.0, 0.75, 0.55):
            tall = max(14, round(height * rng.uniform(0.03, 0.09) * shrink))
            cover = _drawn(str(rng.choice(WORDS)), _font(rng, tall), angle)
            badge = rng.random() < 0.15 and angle == 0
            pad = tall // 2 if badge else 0
            at = _place(rng, alpha, (cover.shape[0] + 2 * pad, cover.shape[1] + 2 * pad))
            if at is None:
                continue
            x, y = at
            under = rgb[y : y + cover.shape[0] + 2 * pad, x : x + cover.shape[1] + 2 * pad]
            if badge:
                under[:] = _ink(rng, under.reshape(-1, 3).mean(axis=0), 90)
            ink = _ink(rng, under.reshape(-1, 3).mean(axis=0).astype(np.float32), 110)
            _lay(rgb, cover * np.float32(rng.uniform(0.88, 1)), ink, x + pad, y + pad)
            alpha = alpha.copy()
            alpha[y : y + under.shape[0], x : x + under.shape[1]] = 1
            done = True
            break
    return done


def watermark(rng: Rng, rgb: RGB, alpha: Plane) -> bool:
    """A faint mark in a corner, across the picture, or all over it; in place. At least 16 levels strong."""
    height, width = rgb.shape[:2]
    ground = np.median(rgb[alpha < 0.02], axis=0).astype(np.float32)
    ink = np.full(3, 0 if ground.mean() > 110 else 255, np.float32)
    opacity = np.float32(rng.uniform(0.12, 0.36))
    opacity = max(opacity, np.float32(16 / max(1.0, float(np.abs(ink - ground).max()))))
    words = str(rng.choice(MARKS))
    kind = str(rng.choice(["corner", "across", "tiled"]))
    if kind == "corner":
        for shrink in (1.0, 0.7, 0.5):
            tall = max(16, round(height * rng.uniform(0.035, 0.08) * shrink))
            cover = _drawn(words, _font(rng, tall), 0) * opacity
            at = _place(rng, alpha, (cover.shape[0], cover.shape[1]))
            if at is not None:
                _lay(rgb, cover, ink, *at)
                return True
        return False
    angle = float(rng.choice([0, 30, 45, -30, rng.uniform(-50, 50)]))
    if kind == "across":
        tall = round(0.8 * width / max(4, len(words)) * rng.uniform(1.1, 1.7))
        cover = _drawn(words, _font(rng, tall), angle) * opacity
        _lay(rgb, cover, ink, (width - cover.shape[1]) // 2, (height - cover.shape[0]) // 2)
        seen = _seen(alpha, cover, (width - cover.shape[1]) // 2, (height - cover.shape[0]) // 2)
        return seen > 0.35
    tall = max(16, round(height * rng.uniform(0.03, 0.055)))
    cover = _drawn(words, _font(rng, tall), angle) * opacity
    across, down = round(cover.shape[1] * rng.uniform(1.15, 1.6)), round(cover.shape[0] * rng.uniform(1.3, 2.2))
    for row, y in enumerate(range(-cover.shape[0] // 2, height, down)):
        for x in range(-(row % 2) * across // 2, width, across):
            _lay(rgb, cover, ink, x, y)
    return True


def _seen(alpha: Plane, cover: Plane, x: int, y: int) -> float:
    """Share of the mark that lies beside the product."""
    free = np.pad((alpha < 0.02).astype(np.float32), max(cover.shape))
    pad = max(cover.shape)
    window = free[y + pad : y + pad + cover.shape[0], x + pad : x + pad + cover.shape[1]]
    return float((window * (cover > 0)).sum() / max(1, (cover > 0).sum()))


def frame(rng: Rng, rgb: RGB) -> str:
    """A border, in place; answers whole or partial. Never lighter than what it surrounds."""
    height, width = rgb.shape[:2]
    shorter = min(height, width)
    ground = rgb[[2, 2, -3, -3], [2, -3, 2, -3]].mean(axis=0).astype(np.float32)
    ink = _ink(rng, ground, 70)
    while ink.mean() > ground.mean() and ground.mean() > 120:
        ink = _ink(rng, ground, 70)
    inset = int(rng.choice([0, 0, round(shorter * rng.uniform(0.01, 0.035))]))
    most = 0.035 if not inset else 0.012
    thick = max(1, round(shorter * rng.uniform(0.002, most)))
    gone = str(rng.choice(["", "", "", "top", "bottom", "gap"]))
    keep = rgb.copy()
    a, b = inset, inset + thick
    for side in ("top", "bottom", "left", "right"):
        if side == gone:
            continue
        view = {"top": rgb, "bottom": rgb[::-1], "left": rgb.swapaxes(0, 1), "right": rgb.swapaxes(0, 1)[::-1]}[side]
        view[a:b, inset : view.shape[1] - inset] = ink
    if gone == "gap":
        y, x = round(height * rng.uniform(0.3, 0.6)), round(width * rng.uniform(0.3, 0.6))
        rgb[y : y + height // 8] = keep[y : y + height // 8]
        rgb[:, x : x + width // 8] = keep[:, x : x + width // 8]
    return "partial" if gone else "whole"


def blurred(rng: Rng, rgb: RGB, at_1000: float) -> RGB:
    """Out of focus, or moved; `at_1000`: deviation in pixels of a picture 1000 pixels long."""
    sigma = at_1000 * max(rgb.shape[:2]) / 1000
    if rng.random() < 0.7:
        return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)
    length = max(3, round(sigma * 12**0.5)) | 1
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), float(rng.uniform(0, 180)), 1)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
    return np.asarray(cv2.filter2D(rgb, -1, kernel / kernel.sum()), np.uint8)
