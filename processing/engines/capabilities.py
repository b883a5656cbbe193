"""What this machine can compute networks with, beside ONNX Runtime, which is always there."""

from __future__ import annotations

import importlib.util
import platform
from pathlib import Path

from processing.engines.candidate import CUDA, Candidate


def openvino_can() -> frozenset[str] | None:
    """What OpenVINO computes with on this processor ("FP32", "BF16", …); None where it is not there at all."""
    if importlib.util.find_spec("openvino") is None:
        return None
    import openvino

    try:
        return frozenset(openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    except RuntimeError:
        return None


def cuda_can() -> bool:
    """Whether ONNX Runtime was installed with CUDA; whether a graphics processor is there too, its session tells."""
    import onnxruntime

    return "CUDAExecutionProvider" in onnxruntime.get_available_providers()


def graphics() -> str:
    """The graphics processors that NVIDIA's driver has found, by their addresses; empty for none."""
    try:
        return " ".join(sorted(each.name for each in Path("/proc/driver/nvidia/gpus").iterdir()))
    except OSError:
        return ""


def candidates(able: frozenset[str] | None, *, cuda: bool = False) -> list[Candidate]:
    """The ways worth trying, the most promising first; `able` as `openvino_can` answers, `cuda` as `cuda_can`.

    bfloat16 only where the processor computes with it (AMX or AVX-512 BF16): elsewhere it is emulated, three to five
    times slower.
    """
    ways = [CUDA] if cuda else []
    if able is None:
        return ways
    exact = Candidate("openvino", "f32")
    return [*ways, Candidate("openvino", "bf16"), exact] if "BF16" in able else [*ways, exact]


def layouts(threads: int) -> list[tuple[int, int]]:
    """Threads and streams worth trying where `threads` processors are given, the usual first.

    Half the threads: two that share one core's arithmetic units often only get into each other's way. Two streams:
    the parts of a network that do not use all threads well.
    """
    ways = [(threads, 1)]
    if threads >= 4:
        ways.append((threads // 2, 1))
    if threads >= 2:
        ways.append((threads, 2))
    return ways


def processor() -> str:
    """What the processor calls itself, with all that it says it can do: another one must be measured anew."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    told = [line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))]
    return " ".join(dict.fromkeys([platform.machine(), platform.processor(), *told]))
