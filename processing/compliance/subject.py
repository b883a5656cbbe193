"""Where the product is: as it was given, or as a plain backdrop shows it, without a network."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from accounts.kit.errors import InvalidImage
from processing.engines import surface
from processing.engines.backdrop import Backdrop, measure
from processing.engines.base import Engine
from processing.engines.grabcut import cut
from processing.engines.surface import Region
from processing.imaging.arrays import RGB, Alpha, Box
from processing.imaging.channels import largest
from processing.imaging.errors import NoSubject
from processing.imaging.subject import CUT, cut_sides, subject_box

_PART = 0.08
_ENOUGH = 0.0005
_ROWS = 512
_EDGE_SHARE = 0.3
_WHITE, _GREY, _PADDING = 250, 170, 0.06


@dataclass(frozen=True, slots=True)
class Subject:
    """`alpha`: uint8 (H, W). `box`: x, y, width, height. `cut`: sides of the frame that cut it off. `area`: share of
    the frame. `source`: `given`, `alpha`, `backdrop` or the engine's name. `sure`: 0..1.
    """

    alpha: Alpha
    box: Box
    cut: frozenset[str]
    area: float
    source: str
    sure: float

    @property
    def open_holes(self) -> bool:
        """Whether what is seen through it is known to be background."""
        return self.source != "backdrop"


def known(alpha: Alpha, source: str, sure: float) -> Subject | None:
    """None where nothing is left of it."""
    try:
        box = subject_box(alpha)
    except NoSubject:
        return None
    return Subject(alpha, box, cut_sides(alpha), float((alpha >= CUT).mean()), source, sure)


def estimate(rgb: RGB, inner: tuple[slice, slice] | None, engine: Engine | None) -> tuple[Subject | None, bool]:
    """The product of `rgb`, looked for within `inner` where a border surrounds the picture.

    Answers (None, True) where a plain backdrop is all that there is, (None, False) where it cannot be told.
    """
    window = inner or (slice(0, rgb.shape[0]), slice(0, rgb.shape[1]))
    part = rgb[window]
    room = _room(part)
    # A product that leaves little white in its frame would pass for the backdrop: more white is put around it.
    padded = cv2.copyMakeBorder(part, *(room,) * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255)) if room else part
    backdrop = measure(np.asarray(padded, np.uint8))
    if backdrop.kind == "scene":
        return _by_engine(rgb, engine), False
    region = products(_standing_out(backdrop), backdrop)
    if region.mean() < _ENOUGH:
        return None, True
    alpha = np.zeros(rgb.shape[:2], np.uint8)
    sharp = _sharp(np.asarray(padded, np.uint8), backdrop, region)
    alpha[window] = sharp[room : room + part.shape[0], room : room + part.shape[1]]
    return known(alpha, "backdrop", 0.9 if backdrop.kind != "textured" else 0.6), False


def _standing_out(backdrop: Backdrop) -> Region:
    """GrabCut makes outlines smooth, and so joins what stands close together: only a texture needs it."""
    if backdrop.kind == "textured":
        return cut(backdrop)
    return np.asarray((backdrop.distance > backdrop.unsure) & ~backdrop.shadow, np.bool_)


def _room(part: RGB) -> int:
    """How much white to put around a picture whose outermost pixels are white as far as they are not product."""
    edges = (part[:2], part[-2:], part[:, :2], part[:, -2:])
    ring = np.concatenate([edge.min(axis=2).ravel() for edge in edges])
    white, between = float((ring >= _WHITE).mean()), float(((ring >= _GREY) & (ring < _WHITE)).mean())
    return max(8, round(_PADDING * max(part.shape[:2]))) if white >= 0.5 and between < 0.02 else 0


def products(region: Region, backdrop: Backdrop) -> Region:
    """The parts of `region` that are product: the largest, what is nearly as large, and clear bits right beside them.

    A line of text or a badge beside the product is much smaller and stands apart; a stain on the backdrop is fainter.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[0] = 0
    if not areas.any():
        return np.zeros_like(region)
    large = areas >= _PART * areas.max()
    main = np.asarray(large[labels], np.bool_)
    beside = surface.touching(surface.grow(region, 1), main) & region
    clear = backdrop.distance > 0.35 * float(np.median(backdrop.distance[main]))
    return np.asarray(main | (beside & clear), np.bool_)


def _by_engine(rgb: RGB, engine: Engine | None) -> Subject | None:
    if engine is None:
        return None
    try:
        mask = engine.mask(rgb)
    except InvalidImage:  # an engine for plain backdrops alone
        return None
    height, width = rgb.shape[:2]
    levels = np.clip(mask * 255, 0, 255).astype(np.uint8)
    alpha = np.asarray(cv2.resize(levels, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return known(np.where(alpha >= CUT, alpha, 0).astype(np.uint8), engine.name, 0.8)


def _sharp(rgb: RGB, backdrop: Backdrop, region: Region) -> Alpha:
    """`region`, found on a small copy, brought to full size: along its edge every pixel is asked for itself."""
    height, width = rgb.shape[:2]
    small_height, small_width = region.shape
    inside = surface.shrink(region, 2).astype(np.uint8)
    around = surface.grow(region, 2).astype(np.uint8)
    colour = np.clip(np.round(backdrop.colour), 0, 255).astype(np.uint8)
    limit = _limit(backdrop, colour)
    alpha = np.zeros((height, width), np.uint8)
    for top in range(0, height, _ROWS):
        bottom = min(top + _ROWS, height)
        first = max(0, int(top * small_height / height) - 1)
        last = min(small_height, int(np.ceil(bottom * small_height / height)) + 1)
        move = np.array(
            [
                [small_width / width, 0, 0.5 * small_width / width - 0.5],
                [0, small_height / height, (top + 0.5) * small_height / height - 0.5 - first],
            ]
        )
        size = (width, bottom - top)
        flags = cv2.WARP_INVERSE_MAP
        behind = cv2.warpAffine(colour[first:last], move, size, flags=flags | cv2.INTER_LINEAR,
                                borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        sure, maybe = (
            cv2.warpAffine(plane[first:last], move, size, flags=flags | cv2.INTER_NEAREST,
                           borderMode=cv2.BORDER_REPLICATE)
            for plane in (inside, around)
        )  # fmt: skip
        enough = cv2.warpAffine(limit[first:last], move, size, flags=flags | cv2.INTER_LINEAR,
                                borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        far = largest(np.asarray(cv2.absdiff(rgb[top:bottom], behind), np.uint8)) > enough
        alpha[top:bottom][(sure > 0) | ((maybe > 0) & far)] = 255
    return alpha


def _limit(backdrop: Backdrop, colour: RGB) -> Alpha:
    """How far from the backdrop a pixel must be to be product: a share of how far the product beside it is.

    Half of it would be the outline's middle; a little less keeps what is thin, and leaves compression's ripples out.
    """
    off = max(8.0, 0.8 * backdrop.unsure)
    far = cv2.absdiff(np.clip(np.round(backdrop.image), 0, 255).astype(np.uint8), colour).max(axis=2)
    near = cv2.dilate(far, np.ones((7, 7), np.uint8))
    return np.asarray(np.clip(_EDGE_SHARE * near, off, 255), np.uint8)
