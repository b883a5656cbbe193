"""What the walk through a file's structure found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Container:
    """The structure of an image file.

    `width`, `height`: pixels as stored, before any rotation. `data`: the bytes for the decoder, without what it must
    not unpack. `end`: where in the file the picture ends. `frames`: pictures one after the other, in time or as pages.
    `unpacked`: pixels that a decoder would unpack (tiles, alpha), where that can be more than width times height.
    `whole`: whether the file reaches as far as its picture. `cicp`: colour primaries and transfer function by the
    numbers of ITU-T H.273.
    """

    width: int
    height: int
    data: bytes
    end: int
    frames: int = 1
    unpacked: int = 0
    whole: bool = True
    cicp: tuple[int, int] | None = None
