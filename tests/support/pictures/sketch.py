"""Draws a subject with an exactly known alpha: layers of paint and cuts at twice the size, averaged down."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Plane = NDArray[np.float32]
Paint = NDArray[np.float32]

SCALE = 2
_FRACTION_BITS = 4


class Sketch:
    """A subject being drawn. Coordinates are pixels of the finished picture, colours sRGB 0..255."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        size = (height * SCALE, width * SCALE)
        self.alpha: Plane = np.zeros(size, np.float32)
        self._premultiplied: Paint = np.zeros((*size, 3), np.float32)
        self.label: Plane = np.zeros(size, np.float32)

    def polygon(self, points: ArrayLike) -> Plane:
        """Coverage of a closed polygon (N, 2)."""
        plane = np.zeros(self.alpha.shape, np.uint8)
        cv2.fillPoly(plane, [self._fixed(points)], 255, cv2.LINE_AA, _FRACTION_BITS)
        return _coverage(plane)

    def stroke(self, points: ArrayLike, width: float, *, closed: bool = False) -> Plane:
        """Coverage of a line of the given width along points (N, 2), with round ends."""
        plane = np.zeros(self.alpha.shape, np.uint8)
        thickness = max(1, round(width * SCALE))
        cv2.polylines(plane, [self._fixed(points)], closed, 255, thickness, cv2.LINE_AA, _FRACTION_BITS)
        return _coverage(plane)

    def text(self, words: str, left: float, base: float, height: float, weight: float) -> Plane:
        """Coverage of one line of print; `base` is the line it stands on."""
        plane = np.zeros(self.alpha.shape, np.uint8)
        origin = (round(left * SCALE), round(base * SCALE))
        cv2.putText(plane, words, origin, cv2.FONT_HERSHEY_SIMPLEX, height * SCALE / 22, 255,
                    max(1, round(weight * SCALE)), cv2.LINE_AA)  # fmt: skip
        return _coverage(plane)

    def add(self, shape: Plane, paint: Paint) -> None:
        """Lay paint, (3,) or (H, W, 3) at drawing size, over what is there; the subject grows."""
        cover = shape[..., None]
        self._premultiplied = paint * cover + self._premultiplied * (1 - cover)
        self.alpha = shape + self.alpha * (1 - shape)
        self.label = self.label * (1 - shape)

    def print_on(self, shape: Plane, paint: Paint, *, label: bool = False) -> None:
        """Lay paint on the subject only; its outline stays."""
        cover = shape[..., None]
        self._premultiplied = paint * (cover * self.alpha[..., None]) + self._premultiplied * (1 - cover)
        if label:
            self.label = np.maximum(self.label, shape)

    def cut(self, shape: Plane) -> None:
        """Cut a hole through the subject."""
        self.alpha = self.alpha * (1 - shape)
        self._premultiplied = self._premultiplied * (1 - shape[..., None])

    def add_at(self, window: tuple[slice, slice], shape: Plane, paint: Paint) -> None:
        """As `add`, within a window of the drawing."""
        cover = shape[..., None]
        self._premultiplied[window] = paint * cover + self._premultiplied[window] * (1 - cover)
        self.alpha[window] = shape + self.alpha[window] * (1 - shape)

    def soften(self, sigma: float) -> None:
        """Defocus the subject: `sigma` in finished pixels."""
        self.smear(lambda plane: cv2.GaussianBlur(plane, (0, 0), sigma * SCALE))

    def smear(self, blur: Callable[[NDArray[np.float32]], cv2.typing.MatLike]) -> None:
        """Blur the subject, colour and alpha alike."""
        self.alpha = np.asarray(blur(self.alpha), np.float32)
        self._premultiplied = np.asarray(blur(self._premultiplied), np.float32)

    def finish(self) -> tuple[Plane, Paint, Plane]:
        """Alpha (H, W) 0..1, premultiplied colour (H, W, 3) 0..255 and label (H, W) 0..1, finished size."""
        size = (self.width, self.height)
        alpha, colour, label = (
            cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float32)
            for plane in (self.alpha, self._premultiplied, self.label)
        )
        return alpha, colour, label

    def grid(self) -> tuple[Plane, Plane]:
        """x and y of every drawing pixel, in finished pixels."""
        y, x = np.mgrid[0 : self.height * SCALE, 0 : self.width * SCALE].astype(np.float32)
        return (x + 0.5) / SCALE, (y + 0.5) / SCALE

    def across(self) -> Plane:
        """From −1.25 at the left of the frame to 1.25 at its right: light falls on the whole frame as on one body."""
        return (self.grid()[0] / np.float32(self.width) - np.float32(0.5)) * np.float32(2.5)

    @staticmethod
    def _fixed(points: ArrayLike) -> NDArray[np.int32]:
        shifted = np.asarray(points, np.float64) * SCALE - 0.5
        return np.round(shifted * (1 << _FRACTION_BITS)).astype(np.int32)


def _coverage(plane: NDArray[np.uint8]) -> Plane:
    return plane.astype(np.float32) / np.float32(255)
