"""A way to compute a network: which runtime, how exact, and how its work lies on the processors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Runtime = Literal["onnxruntime", "openvino", "cuda"]
Precision = Literal["f32", "bf16"]

_LABELS = {"onnxruntime": "onnxruntime-cpu", "cuda": "onnxruntime-cuda"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """`threads`: how many processors compute one photo, 0 for all that are given; `streams`: how many photos at once,
    which share those threads. Neither changes a mask."""

    runtime: Runtime
    precision: Precision
    threads: int = 0
    streams: int = 1

    @property
    def label(self) -> str:
        """As jobs and the system page show it: `onnxruntime-cpu`, `openvino-bf16`."""
        return _LABELS.get(self.runtime) or f"{self.runtime}-{self.precision}"


REFERENCE = Candidate("onnxruntime", "f32")
"""What every other way must agree with; it runs wherever this product runs."""
CUDA = Candidate("cuda", "f32")

NAMED = {each.label: each for each in (REFERENCE, Candidate("openvino", "f32"), Candidate("openvino", "bf16"), CUDA)}
