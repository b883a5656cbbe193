"""IS-Net and its like on a graphics processor, by ONNX Runtime's CUDA provider, several jobs' photos at once.

Only where onnxruntime-gpu is installed in place of onnxruntime (the extra `cuda`); never on the default path.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from google.protobuf.message import DecodeError

from processing.engines import network
from processing.engines.batch import Batch, Tensor
from processing.engines.candidate import CUDA
from processing.engines.errors import BrokenModel, RuntimeMissing
from processing.engines.free_batch import free_batch
from processing.engines.spec import ModelSpec
from processing.engines.tensor import to_tensor
from processing.engines.widen import widen
from processing.imaging.arrays import RGB, Mask

PROVIDER = "CUDAExecutionProvider"
_MOST = 8


class CudaEngine:
    """One loaded network (processing.engines.base.Engine). Photos that come while it computes go on together.

    `provider`: another one of ONNX Runtime's computes the same, which shows on any machine that batches are right.
    Raises RuntimeMissing where it is not here, BrokenModel for a file that cannot be read.
    """

    def __init__(
        self, spec: ModelSpec, path: Path, threads: int, *, provider: str = PROVIDER, reason: str = ""
    ) -> None:
        if spec.normalisation is None or spec.input_size is None:
            raise ValueError(f"{spec.name} is not a model for this engine")
        self.name = spec.name
        self.runtime = CUDA.label
        self.reason = reason
        self._size = spec.input_size
        self._normalisation = spec.normalisation
        self._session = _session(spec, path, threads, provider)
        self._input: str = self._session.get_inputs()[0].name
        self._output: str = self._session.get_outputs()[spec.output].name
        # The network has more outputs than the mask: what leads only to them is not computed.
        self._run_options = onnxruntime.RunOptions()
        self._run_options.only_execute_path_to_fetches = True
        self.batch = Batch(self._run, self._most())

    def mask(self, rgb: RGB) -> Mask:
        """The network's mask: float32 (h, w) in 0..1, of the network's size, over the same frame as `rgb`."""
        answer = self.batch(to_tensor(rgb, self._size, self._normalisation))
        mask: Mask = np.ascontiguousarray(answer[0, 0], dtype=np.float32)
        return np.clip(mask, 0.0, 1.0, out=mask)

    def _run(self, tensors: Tensor) -> Tensor:
        answer = self._session.run([self._output], {self._input: tensors}, self._run_options)[0]
        return np.asarray(answer, np.float32)

    def _most(self) -> int:
        """One at a time for a network in which the number of pictures is written somewhere inside."""
        two = np.zeros((2, 3, *self._size), np.float32)
        two[1] = 0.5
        try:
            together = self._run(two)
            alone = self._run(two[1:])
        except Exception:  # noqa: BLE001   ONNX Runtime's errors share no base
            return 1
        same = together.shape[0] == 2 and np.allclose(together[1:], alone, atol=1e-2)
        return _MOST if same else 1


def _session(spec: ModelSpec, path: Path, threads: int, provider: str) -> onnxruntime.InferenceSession:
    if provider not in onnxruntime.get_available_providers():
        raise RuntimeMissing(f"ONNX Runtime has no {provider} here. Install onnxruntime-gpu in place of onnxruntime.")
    content = path.read_bytes()
    # The search for the fastest algorithm would be made again for every number of pictures.
    chosen = (provider, {"cudnn_conv_algo_search": "HEURISTIC"}) if provider == PROVIDER else provider
    try:
        freed = free_batch(widen(content) or content)
        made = onnxruntime.InferenceSession(freed, network.options(threads), providers=[chosen])
    except DecodeError as error:
        raise BrokenModel(f"The file {path} is no ONNX file, so it cannot be the model {spec.name}.") from error
    except Exception as error:  # ONNX Runtime's errors share no base
        raise BrokenModel(f"The file {path} cannot be loaded as the model {spec.name}: {error}") from error
    if made.get_providers()[0] != provider:  # it goes on with the processor, saying so in a log alone
        raise RuntimeMissing(f"ONNX Runtime could not start {provider}: no graphics processor, or no driver for it.")
    network.check_shapes(made, path, spec)
    return made
