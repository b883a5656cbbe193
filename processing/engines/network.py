"""ONNX Runtime sessions: how they are made here, and whether a file fits its row of the registry."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
from google.protobuf.message import DecodeError

from processing.engines.errors import BrokenModel
from processing.engines.spec import ModelSpec
from processing.engines.widen import widen

_ERRORS_ONLY = 3


def options(threads: int) -> onnxruntime.SessionOptions:
    """Session options of every network; `threads` processors compute one inference, 0 for all of them.

    Without the memory pattern the peak is 800 MiB lower at the same speed (the sizes never change, so the arena
    alone serves). Without spinning, idle inference threads leave the processors to decoding and encoding.
    """
    made = onnxruntime.SessionOptions()
    made.intra_op_num_threads = threads
    made.inter_op_num_threads = 1
    made.enable_mem_pattern = False
    made.log_severity_level = _ERRORS_ONLY
    made.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return made


def session(path: Path, spec: ModelSpec, threads: int) -> onnxruntime.InferenceSession:
    """A session on the processor for a file of `spec`. Raises BrokenModel where the file does not fit."""
    content = path.read_bytes()
    try:
        made = onnxruntime.InferenceSession(
            widen(content) or content, options(threads), providers=["CPUExecutionProvider"]
        )
    except DecodeError as error:
        raise BrokenModel(f"The file {path} is no ONNX file, so it cannot be the model {spec.name}.") from error
    except Exception as error:  # ONNX Runtime's errors share no base
        raise BrokenModel(f"The file {path} cannot be loaded as the model {spec.name}: {_first_line(error)}") from error
    check_shapes(made, path, spec)
    return made


def check(path: Path, spec: ModelSpec) -> None:
    """Raises BrokenModel where ONNX Runtime cannot load the file or it takes or answers something else."""
    made = session(path, spec, threads=0)
    if spec.kind == "super-resolution":
        from processing.engines.super_resolution import measured_scale

        if (found := measured_scale(made, path)) != spec.scale:
            raise BrokenModel(f"The file {path} enlarges {found} times, but {spec.name} {spec.scale} times.")


def check_shapes(made: onnxruntime.InferenceSession, path: Path, spec: ModelSpec) -> None:
    """Raises BrokenModel where the network takes or answers something else than its row says."""
    inputs, outputs = made.get_inputs(), made.get_outputs()
    if spec.input_size is not None:
        wanted = (1, 3, *spec.input_size)
        if len(inputs) != 1 or inputs[0].type != "tensor(float)" or not _fits(inputs[0].shape, wanted):
            found = ", ".join(f"{each.type} {each.shape}" for each in inputs)
            raise BrokenModel(f"The file {path} takes {found}, but {spec.name} takes float {list(wanted)}.")
        if spec.session == "onnx" and not _fits(outputs[spec.output].shape, (1, 1, *spec.input_size)):
            raise BrokenModel(f"The file {path} does not answer with a mask: {outputs[spec.output].shape}.")


def _fits(shape: list[int | str | None], wanted: tuple[int, ...]) -> bool:
    """A dimension without a fixed size takes any."""
    return len(shape) == len(wanted) and all(
        not isinstance(found, int) or found == want for found, want in zip(shape, wanted, strict=True)
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
