"""What every segmentation engine offers, whatever runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from processing.engines.backdrop import Notice
    from processing.imaging.arrays import RGB, Mask


class Engine(Protocol):
    """A loaded engine; safe to share between threads.

    `name` is its row in the registry (`isnet-general-use`, `grabcut`), `runtime` what computes it
    (`onnxruntime-cpu`, `openvino-bf16`, `rembg`, `opencv`).
    """

    @property
    def name(self) -> str: ...

    @property
    def runtime(self) -> str: ...

    def mask(self, rgb: RGB) -> Mask:
        """Where the subject is.

        `rgb`: uint8 (H, W, 3), sRGB, upright, of any size. Answers float32 (h, w) in 0..1 over the same frame, at
        the engine's own resolution; `refine` brings it to full size. Raises PackshotError subclasses.
        """


@runtime_checkable
class Noticing(Protocol):
    """An engine that knows what its kind of cut is weak at."""

    def notices(self, rgb: RGB) -> Sequence[Notice]:
        """What may be wrong with the mask of this photo."""


@runtime_checkable
class Explained(Protocol):
    """An engine whose runtime was chosen; `reason` is one line for the operator."""

    @property
    def reason(self) -> str: ...
