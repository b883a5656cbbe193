"""IS-Net and its like, run by ONNX Runtime directly."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from processing.engines import network
from processing.engines.spec import ModelSpec, Normalisation, Size
from processing.imaging.arrays import RGB, Mask


class OnnxEngine:
    """One loaded network (processing.engines.base.Engine). Photos wait for each other only while it computes."""

    runtime = "onnxruntime-cpu"

    def __init__(self, spec: ModelSpec, path: Path, threads: int) -> None:
        if spec.normalisation is None or spec.input_size is None:
            raise ValueError(f"{spec.name} is not a model for this engine")
        self.name = spec.name
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


def to_tensor(rgb: RGB, size: Size, normalisation: Normalisation) -> NDArray[np.float32]:
    """uint8 (H, W, 3) to float32 (1, 3, h, w), stretched to the network's size and normalised."""
    small = resize(rgb, size)
    brightest = max(int(small.max()), 1)
    tensor = np.empty((1, 3, *size), np.float32)
    for channel in range(3):
        plane = tensor[0, channel]
        np.multiply(small[..., channel], 1 / (brightest * normalisation.deviation[channel]), out=plane)
        plane -= normalisation.mean[channel] / normalisation.deviation[channel]
    return tensor


def resize(rgb: RGB, size: Size) -> RGB:
    """Stretches to (height, width); the direction that shrinks is averaged, the one that grows interpolated."""
    height, width = size
    shrunk = (min(rgb.shape[1], width), min(rgb.shape[0], height))
    small = cv2.resize(rgb, shrunk, interpolation=cv2.INTER_AREA) if shrunk != rgb.shape[1::-1] else rgb
    if shrunk != (width, height):
        small = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(small, np.uint8)
