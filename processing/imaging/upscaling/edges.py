"""Smoothing along edges and never across them: stairs become lines, and what is sharp stays sharp."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from processing.imaging.upscaling.planes import Plane

# Levels², of gradients too weak to say which way an edge runs.
_FAINT = 4.0
_ALONG_X = np.array([[0, 0, 0], [1, -2, 1], [0, 0, 0]], np.float32)
_ALONG_Y = np.ascontiguousarray(_ALONG_X.T)
_ALONG_BOTH = np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]], np.float32) / 4


@dataclass(frozen=True, slots=True)
class Directions:
    """The tensor t·tᵀ of the direction t along the edge, times how much of an edge there is, 0..1."""

    xx: Plane
    xy: Plane
    yy: Plane


def directions(plane: Plane, factor: int) -> Directions:
    """Structure tensor (Förstner and Gülch, 1987) over 0.75 source pixels. `plane` is already enlarged by `factor`."""
    sigma = 0.75 * factor
    across = cv2.Sobel(plane, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(plane, cv2.CV_32F, 0, 1, scale=1 / 8)
    side = 2 * reach(factor) - 1
    window = (side, side)
    xx, xy, yy = (
        np.asarray(cv2.GaussianBlur(cv2.multiply(one, other), window, sigma), np.float32)
        for one, other in ((across, across), (across, down), (down, down))
    )
    difference = xx - yy
    length = np.asarray(cv2.magnitude(difference, 2 * xy), np.float32)  # difference of the eigenvalues
    edge = np.asarray(length / (xx + yy + np.float32(_FAINT)), np.float32)
    # (1 ∓ cos 2n) / 2 and −sin 2n / 2 for the direction n across the edge
    half = edge * np.float32(0.5)
    turn = half / np.maximum(length, np.float32(1e-6))
    cosine, sine = turn * difference, np.float32(2) * turn * xy
    return Directions(half - cosine, np.asarray(-sine, np.float32), half + cosine)


def reach(factor: int) -> int:
    """How far `directions` looks, in enlarged pixels."""
    return round(1.9 * factor) + 1


def smooth_along(plane: Plane, along: Directions, step: float) -> Plane:
    """One step of diffusion along the edges: plane + step · second derivative along t. Looks one pixel far."""
    change = cv2.multiply(cv2.filter2D(plane, cv2.CV_32F, _ALONG_X), along.xx)
    change = cv2.add(change, cv2.multiply(cv2.filter2D(plane, cv2.CV_32F, _ALONG_Y), along.yy))
    change = cv2.add(change, cv2.multiply(cv2.filter2D(plane, cv2.CV_32F, _ALONG_BOTH), along.xy, scale=2))
    return np.asarray(cv2.scaleAdd(change, step, plane), np.float32)
