"""IS-Net and its like, run by OpenVINO: with bfloat16 where the processor has it, and at half the memory."""

from __future__ import annotations

import io
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import openvino
from google.protobuf.message import DecodeError

from processing.engines.candidate import Candidate
from processing.engines.errors import BrokenModel
from processing.engines.spec import ModelSpec
from processing.engines.tensor import to_tensor
from processing.engines.widen import widen
from processing.imaging.arrays import RGB, Mask


class OpenVinoEngine:
    """One loaded network (processing.engines.base.Engine). Photos wait for each other only while it computes, of
    which it does as many at once as the candidate has streams.

    Raises BrokenModel for a file that OpenVINO cannot read.
    """

    def __init__(self, spec: ModelSpec, path: Path, threads: int, candidate: Candidate, *, reason: str = "") -> None:
        if spec.normalisation is None or spec.input_size is None:
            raise ValueError(f"{spec.name} is not a model for this engine")
        self.name = spec.name
        self.runtime = candidate.label
        self.reason = reason
        self._size = spec.input_size
        self._normalisation = spec.normalisation
        compiled = openvino.Core().compile_model(
            _network(path, spec),
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": candidate.precision,
                "INFERENCE_NUM_THREADS": candidate.threads or threads,
                "NUM_STREAMS": candidate.streams,
                # The processors are shared with decoding and encoding: threads that are tied to one wait for it.
                "ENABLE_CPU_PINNING": False,
            },
        )
        self._free: SimpleQueue[openvino.InferRequest] = SimpleQueue()
        for _ in range(candidate.streams):
            self._free.put(compiled.create_infer_request())

    def mask(self, rgb: RGB) -> Mask:
        """The network's mask: float32 (h, w) in 0..1, of the network's size, over the same frame as `rgb`."""
        tensor = to_tensor(rgb, self._size, self._normalisation)
        request = self._free.get()
        try:
            request.infer([tensor], share_inputs=True)
            answer: Mask = np.array(request.get_output_tensor(0).data[0, 0], np.float32)
        finally:
            self._free.put(request)
        return np.clip(answer, 0.0, 1.0, out=answer)


def _network(path: Path, spec: ModelSpec) -> openvino.Model:
    """The network reduced to the one output that is the mask."""
    content = path.read_bytes()
    try:
        whole = openvino.Core().read_model(io.BytesIO(widen(content) or content))
    except (DecodeError, RuntimeError) as error:
        raise BrokenModel(f"The file {path} cannot be loaded as the model {spec.name}.") from error
    return openvino.Model([whole.outputs[spec.output].node.input_value(0)], whole.get_parameters(), spec.name)
