"""The engine of a network for one way to compute it; what that way needs is imported with it."""

from __future__ import annotations

from pathlib import Path

from processing.engines.base import Engine
from processing.engines.candidate import Candidate
from processing.engines.spec import ModelSpec


def load_candidate(spec: ModelSpec, path: Path, threads: int, candidate: Candidate, *, reason: str = "") -> Engine:
    """`threads` processors compute one mask, where the candidate names no number of its own. Raises BrokenModel,
    RuntimeMissing, and what a runtime raises that cannot compute here."""
    if candidate.runtime == "openvino":
        from processing.engines.openvino import OpenVinoEngine

        return OpenVinoEngine(spec, path, threads, candidate, reason=reason)
    if candidate.runtime == "cuda":
        from processing.engines.cuda import CudaEngine

        return CudaEngine(spec, path, threads, reason=reason)
    from processing.engines.onnx import OnnxEngine

    return OnnxEngine(spec, path, threads, reason=reason)
