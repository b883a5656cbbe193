"""The same image, small: what is shown while parameters are being chosen."""

from __future__ import annotations

from typing import Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

from processing.imaging.placement import Size

LONGEST_SIDE = 1024
QUALITY = 90

P_contra = TypeVar("P_contra", bound=BaseModel, contravariant=True)


@runtime_checkable
class Previewed(Protocol[P_contra]):
    """An operation that makes of a small copy of the photo what it would make of the whole one, only small."""

    def preview(self, parameters: P_contra, source_size: Size) -> BaseModel:
        """The parameters to run over the copy. `source_size`: width, height of the whole photo in pixels.

        The format is one that every browser shows and that is made quickly.
        """


def small(size: Size) -> Size:
    """That size with a longer side of at most 1024 pixels."""
    ratio = min(1.0, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))
