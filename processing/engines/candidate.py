"""A way to compute a network: which runtime, how exact, how many photos at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Runtime = Literal["onnxruntime", "openvino"]
Precision = Literal["f32", "bf16"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """`streams`: how many photos are computed at once, each with its share of the threads."""

    runtime: Runtime
    precision: Precision
    streams: int = 1

    @property
    def label(self) -> str:
        """As jobs and the system page show it: `onnxruntime-cpu`, `openvino-bf16`."""
        return "onnxruntime-cpu" if self.runtime == "onnxruntime" else f"{self.runtime}-{self.precision}"


REFERENCE = Candidate("onnxruntime", "f32")
"""What every other way must agree with; it runs wherever this product runs."""

NAMED = {each.label: each for each in (REFERENCE, Candidate("openvino", "f32"), Candidate("openvino", "bf16"))}
