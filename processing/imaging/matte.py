"""Alpha matte and foreground colours at full resolution, from a rough mask: colour-line matting in the edge band.

Close to an edge a pixel is a mixture I = αF + (1 − α)B. F and B are carried into the band from the sure pixels on
both sides; α is the mask's own value pulled towards the mixture that explains the pixel's colour, the more the
further F and B are apart (the one-colour-pair case of Bayesian matting, Chuang et al., 2001). Only the band is
computed, in pieces, so memory stays a few numbers a band pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.imaging.arrays import RGB, Alpha, Mask
from processing.imaging.fill_in import halve, pull, weigh

Plane = NDArray[np.float32]

_SURE = round(0.95 * 255)
"""A mask this near to 255, or to 0 from the other side, is taken at its word."""
_SNAP = 0.04
"""Outside the band, alpha this near to 0 or 1 is exactly that."""
_REACH = 0.03
"""How far from a sure pixel alpha is solved, as a share of the square root of the area: fur and defocus end there."""
_NOISE = 2 / 255
_DOUBT_FLOOR, _DOUBT = 0.03, 0.4
"""Standard deviation of the mask as an estimate of alpha: where it is sure, and added where it is torn."""
_TINT = 0.15
"""Share of the step between both sides by which hue may be smeared: JPEG and cameras keep it at half the resolution."""
_PIECE = 1 << 18
_ROW = 1024
_MARGIN = 24
_FULL = 0.99

_LEVELS = np.linspace(0, 1, 256, dtype=np.float32)
_SNAPPED = np.clip((_LEVELS - _SNAP) * 255 / (1 - 2 * _SNAP), 0, 255).round().astype(np.uint8)
_DOUBT_OF = 4 * _LEVELS * (1 - _LEVELS)
# Brightness and two differences of hue (JFIF's YCbCr).
_LIGHT_AND_HUE = np.array([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]], np.float32)
# The rim may be mixed with the other side, but a thin part has nothing better to offer.
_RIM = np.where(np.arange(256) > _SURE, np.float32(0.03), np.float32(0.0005) * np.square(_LEVELS))


def solve(rgb: RGB, mask: Mask, small: RGB) -> tuple[Alpha, RGB]:
    """Alpha (H, W) and foreground colours (H, W, 3) for `rgb` (H, W, 3).

    `mask` (h, w) and `small` (h, w, 3), the same photo at the mask's size, may be smaller. Outside the band alpha is
    the mask and the foreground the photo itself; inside, it holds the subject's own colour without the backdrop.
    """
    height, width = rgb.shape[:2]
    rough = np.rint(mask * 255).astype(np.uint8)
    alpha = cv2.resize(cv2.LUT(rough, _SNAPPED), (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    colours = rgb.copy()
    band = _band(rough)
    there = np.asarray(cv2.resize(band, (width, height), interpolation=cv2.INTER_NEAREST_EXACT), np.uint8)
    at = np.flatnonzero(there.view(np.bool_))  # of 0 and 1: three times as fast as of numbers
    if len(at) == 0:
        return alpha, colours
    frame = _frame(band)
    rough, mask, small = rough[frame.window], mask[frame.window], small[frame.window]
    front, back = _Side(small, rough), _Side(small, 255 - rough)
    doubt = cv2.dilate(cv2.LUT(rough, _DOUBT_OF), np.ones((3, 3))).astype(np.float32, copy=False)
    photo, out_alpha, out_colours = rgb.reshape(-1, 3), alpha.reshape(-1), colours.reshape(-1, 3)
    for start in range(0, len(at), _PIECE):
        piece = at[start : start + _PIECE]
        sample = _Sampler(piece, width, (width / band.shape[1], height / band.shape[0]), frame)
        solved_alpha, solved_colour = _unmix(
            np.multiply(photo[piece].T, np.float32(1 / 255), order="C"),
            _clipped(sample(mask, cv2.INTER_CUBIC)[0]),
            sample(doubt)[0],
            front.at(sample),
            back.at(sample),
        )
        out_alpha[piece] = np.rint(solved_alpha * 255)
        out_colours[piece] = np.rint(solved_colour * 255).astype(np.uint8).T
    return alpha, colours


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of the small picture that is worked on, in its pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def window(self) -> tuple[slice, slice]:
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)


def _frame(band: NDArray[np.uint8]) -> _Frame:
    """Around the band, with enough beside it to tell the colours of both sides."""
    x, y, width, height = cv2.boundingRect(band)
    left, top = max(0, x - _MARGIN), max(0, y - _MARGIN)
    right, bottom = min(band.shape[1], x + width + _MARGIN), min(band.shape[0], y + height + _MARGIN)
    return _Frame(left, top, right - left, bottom - top)


class _Side:
    """Colours of the subject, or of the backdrop, carried across the edge from where `rough` (h, w) is near 255."""

    def __init__(self, small: RGB, rough: NDArray[np.uint8]) -> None:
        inside = cv2.erode(rough, np.ones((3, 3), np.uint8)) > _SURE
        weight = cv2.max(cv2.LUT(rough, _RIM), inside.astype(np.float32)).astype(np.float32, copy=False)
        opaque = cv2.merge([small, np.full(rough.shape, 255, np.uint8)])
        share = weight * np.float32(1 / 255)
        self.own = np.multiply(opaque, cv2.merge([share] * 4), dtype=np.float32)
        half = halve(self.own)
        # The finest level is filled in only where it is read.
        self.carried = pull(half)
        off = half - cv2.blur(half, (5, 5))
        known = np.asarray(cv2.erode((half[..., 3] > _FULL).astype(np.float32), np.ones((5, 5))), np.float32)
        self.variance = pull(halve(weigh(off[..., :3] * off[..., :3], known))).mean(axis=2)

    def at(self, sample: _Sampler) -> Plane:
        """r, g, b in 0..1 and the variance beside the edge: float32 (4, N)."""
        own, carried = sample(self.own), sample(self.carried)
        return np.stack([*(own[:3] + carried * (1 - own[3])), *sample(self.variance)])


def _unmix(pixel: Plane, prior: Plane, doubt: Plane, front: Plane, back: Plane) -> tuple[Plane, Plane]:
    """Alpha (N,) and colour (3, N) of pixels (3, N), given the mask's word and both sides' colour and variance.

    Hue counts less than brightness the further the sides are apart in it: where it is smeared it says of a hard edge
    that it is a soft one.
    """
    apart, seen = _LIGHT_AND_HUE @ (front[:3] - back[:3]), _LIGHT_AND_HUE @ (pixel - back[:3])
    noise = _NOISE**2 + prior * front[3] + (1 - prior) * back[3]
    trust = noise / np.square(_DOUBT_FLOOR + _DOUBT * np.sqrt(doubt))
    hue = np.square(apart[1]) + np.square(apart[2])
    heard = noise / (noise + np.square(np.float32(_TINT)) * hue)
    along = seen[0] * apart[0] + heard * (seen[1] * apart[1] + seen[2] * apart[2]) + trust * prior
    alpha = np.clip(along / (np.square(apart[0]) + heard * hue + trust), 0, 1)
    # What the two colours leave unexplained is given to them in the shares they have in the pixel.
    rest = pixel - alpha * front[:3] - (1 - alpha) * back[:3]
    share = alpha / (np.square(alpha) + np.square(1 - alpha))
    return alpha, np.clip(front[:3] + share * rest, 0, 1)


def _band(rough: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where alpha is to be solved, uint8 (h, w): unsure, with a sure pixel of either side in reach.

    A veil inside the subject has no backdrop beside it that would explain its colour: there the mask stands.
    """
    inside, outside = (rough > _SURE).astype(np.uint8), (rough < 255 - _SURE).astype(np.uint8)
    unsure = _grown((1 - inside - outside) | (_grown(inside) & _grown(outside)))
    reach = _REACH * float(np.sqrt(rough.size))
    return unsure & (_distance(inside) <= reach) & (_distance(outside) <= reach)


def _grown(there: NDArray[np.uint8]) -> NDArray[np.uint8]:
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return cv2.dilate(there, cross).astype(np.uint8, copy=False)


def _clipped(plane: Plane) -> Plane:
    return np.asarray(np.clip(plane, 0, 1), np.float32)


def _distance(there: NDArray[np.uint8]) -> Plane:
    """Pixels to the nearest 1."""
    return cv2.distanceTransform(1 - there, cv2.DIST_L2, 3).astype(np.float32, copy=False)


class _Sampler:
    """Reads planes that cover the frame, of whatever size, at full-resolution pixels given by their flat index."""

    def __init__(self, flat: NDArray[np.intp], width: int, scale: tuple[float, float], frame: _Frame) -> None:
        self.count = len(flat)
        rows, columns = np.divmod(np.pad(flat, (0, -len(flat) % _ROW), mode="edge"), width)
        # Shares of the frame, 0..1.
        self.x = (((columns + 0.5) / scale[0] - frame.x) / frame.width).astype(np.float32).reshape(-1, _ROW)
        self.y = (((rows + 0.5) / scale[1] - frame.y) / frame.height).astype(np.float32).reshape(-1, _ROW)

    def __call__(self, plane: Plane, interpolation: int = cv2.INTER_LINEAR) -> Plane:
        """Float32 (channels, N): arithmetic on whole rows of numbers is several times as fast as on triples."""
        x = self.x * np.float32(plane.shape[1]) - np.float32(0.5)
        y = self.y * np.float32(plane.shape[0]) - np.float32(0.5)
        read = cv2.remap(plane, x, y, interpolation, borderMode=cv2.BORDER_REPLICATE)
        return np.stack([channel.reshape(-1)[: self.count] for channel in cv2.split(read)])
