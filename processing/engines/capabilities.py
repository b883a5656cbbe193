"""What this machine can compute networks with, beside ONNX Runtime, which is always there."""

from __future__ import annotations

import importlib.util
import platform
from pathlib import Path

from processing.engines.candidate import Candidate


def openvino_can() -> frozenset[str] | None:
    """What OpenVINO computes with on this processor ("FP32", "BF16", …); None where it is not there at all."""
    if importlib.util.find_spec("openvino") is None:
        return None
    import openvino

    try:
        return frozenset(openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    except RuntimeError:
        return None


def candidates(able: frozenset[str] | None) -> list[Candidate]:
    """The ways worth trying, the most promising first; `able` as `openvino_can` answers.

    bfloat16 only where the processor computes with it (AMX or AVX-512 BF16): elsewhere it is emulated, three to five
    times slower.
    """
    if able is None:
        return []
    exact = Candidate("openvino", "f32")
    return [Candidate("openvino", "bf16"), exact] if "BF16" in able else [exact]


def processor() -> str:
    """What the processor calls itself, with all that it says it can do: another one must be measured anew."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    told = [line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))]
    return " ".join(dict.fromkeys([platform.machine(), platform.processor(), *told]))
