"""A way to compute a network: which runtime, and how exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Runtime = Literal["onnxruntime", "openvino"]
Precision = Literal["f32", "bf16"]


@dataclass(frozen=True, slots=True)
class Candidate:
    runtime: Runtime
    precision: Precision

    @property
    def label(self) -> str:
        """As jobs and the system page show it: `onnxruntime-cpu`, `openvino-bf16`."""
        return "onnxruntime-cpu" if self.runtime == "onnxruntime" else f"{self.runtime}-{self.precision}"


REFERENCE = Candidate("onnxruntime", "f32")
"""What every other way must agree with; it runs wherever this product runs."""

NAMED = {each.label: each for each in (REFERENCE, Candidate("openvino", "f32"), Candidate("openvino", "bf16"))}
