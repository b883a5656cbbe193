"""IS-Net and its like, run by ONNX Runtime directly."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import onnxruntime

from processing.engines import network
from processing.engines.spec import ModelSpec, Normalisation, Size
from processing.engines.tensor import to_tensor
from processing.imaging.arrays import RGB, Mask


class OnnxEngine:
    """One loaded network (processing.engines.base.Engine). Photos wait for each other only while it computes."""

    runtime = "onnxruntime-cpu"

    def __init__(self, spec: ModelSpec, path: Path, threads: int, *, reason: str = "") -> None:
        if spec.normalisation is None or spec.input_size is None:
            raise ValueError(f"{spec.name} is not a model for this engine")
        self.name = spec.name
        self.reason = reason
        self._size: Size = spec.input_size
        self._normalisation: Normalisation = spec.normalisation
        self._session = network.session(path, spec, threads)
        self._input: str = self._session.get_inputs()[0].name
        self._output: str = self._session.get_outputs()[spec.output].name
        # The network has more outputs than the mask: what leads only to them is not computed.
        self._run_options = onnxruntime.RunOptions()
        self._run_options.only_execute_path_to_fetches = True
        # Two inferences at once take twice the memory and no less time: each uses every processor given to it.
        self._turn = threading.Lock()

    def mask(self, rgb: RGB) -> Mask:
        """The network's mask: float32 (h, w) in 0..1, of the network's size, over the same frame as `rgb`."""
        tensor = to_tensor(rgb, self._size, self._normalisation)
        with self._turn:
            answer = self._session.run([self._output], {self._input: tensor}, self._run_options)[0]
        mask: Mask = np.ascontiguousarray(answer[0, 0], dtype=np.float32)
        return np.clip(mask, 0.0, 1.0, out=mask)
