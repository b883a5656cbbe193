"""Networks that enlarge (ESRGAN and its like), run by ONNX Runtime on one tile of a picture at a time."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from processing.engines import network
from processing.engines.errors import BrokenModel
from processing.engines.spec import ModelSpec

# Real-ESRGAN's own program looks 10 pixels beyond a tile.
_HALO = 16
# What a network without a fixed size is given: its widest layers then take some 100 MB each.
_SIDE = 160
_TRIED_SIDE = 64
_GREY = 0.5
_NEAR_GREY = 0.2


class SuperResolution:
    """One loaded network (processing.imaging.upscaling.tiles.Upscaler).

    It takes and answers float32 (1, 3, H, W), R, G, B in 0..1.
    """

    runtime = "onnxruntime-cpu"
    halo = _HALO

    def __init__(self, spec: ModelSpec, path: Path, threads: int) -> None:
        self.name = spec.name
        self.factor = spec.scale
        self._path = path
        self._session = network.session(path, spec, threads)
        self._input: str = self._session.get_inputs()[0].name
        self._height, self._width = _input_size(self._session, path, _SIDE)
        self._turn = threading.Lock()

    @property
    def tile(self) -> int:
        return min(self._height, self._width) - 2 * self.halo

    def enlarge(self, patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 (h, w, 3) to (factor · h, factor · w, 3); right from `halo` source pixels inwards."""
        height, width = patch.shape[:2]
        # Every inference has the same shape: some networks take only certain multiples.
        beyond = self._height - height, self._width - width
        if min(beyond) < 0:
            raise ValueError(f"a tile of {width} × {height} pixels is larger than the network's input")
        filled = cv2.copyMakeBorder(patch, 0, beyond[0], 0, beyond[1], cv2.BORDER_REFLECT)
        tensor = np.multiply(filled.transpose(2, 0, 1)[None], np.float32(1 / 255), dtype=np.float32)
        with self._turn:
            answer = _answer(self._session, self._input, tensor, self._path)[0]
        if answer.shape[1:] != (self._height * self.factor, self._width * self.factor):
            raise BrokenModel(f"The file {self._path} does not enlarge {self.factor} times: {answer.shape}.")
        wanted = answer[:, : height * self.factor, : width * self.factor]
        levels = np.clip(np.rint(wanted * np.float32(255)), 0, 255).astype(np.uint8)
        return np.ascontiguousarray(levels.transpose(1, 2, 0))


def measured_scale(session: onnxruntime.InferenceSession, path: Path) -> int:
    """How many times the network enlarges, tried out on a grey tile. Raises BrokenModel where it does not."""
    height, width = _input_size(session, path, _TRIED_SIDE)
    tensor = np.full((1, 3, height, width), _GREY, np.float32)
    answer = _answer(session, session.get_inputs()[0].name, tensor, path)
    scale: int = answer.shape[2] // height
    if scale < 2 or answer.shape[2:] != (height * scale, width * scale):
        raise BrokenModel(f"The file {path} does not enlarge: of {tensor.shape} it makes {answer.shape}.")
    mean = float(answer.mean())
    if not abs(mean - _GREY) < _NEAR_GREY:  # also what is not a number
        raise BrokenModel(f"The file {path} makes {mean:.3g} of {_GREY}: it must take and answer values from 0 to 1.")
    return scale


def _input_size(session: onnxruntime.InferenceSession, path: Path, otherwise: int) -> tuple[int, int]:
    """Height and width that the network takes; `otherwise` where it takes any. Raises BrokenModel."""
    inputs = session.get_inputs()
    shape = inputs[0].shape
    sides = [side if isinstance(side, int) else otherwise for side in shape[2:]]
    known = [side for side, wanted in zip(shape, (1, 3), strict=False) if isinstance(side, int) and side != wanted]
    if len(inputs) != 1 or inputs[0].type != "tensor(float)" or len(shape) != 4 or known:
        found = ", ".join(f"{each.type} {each.shape}" for each in inputs)
        raise BrokenModel(f"The file {path} takes {found}, but super-resolution float [1, 3, height, width].")
    if min(sides) <= 2 * _HALO:
        raise BrokenModel(f"The file {path} takes {shape}: tiles of more than {2 * _HALO} pixels are needed.")
    return sides[0], sides[1]


def _answer(
    session: onnxruntime.InferenceSession, name: str, tensor: NDArray[np.float32], path: Path
) -> NDArray[np.float32]:
    """The first output, float32 (1, 3, H, W). Raises BrokenModel."""
    try:
        answer = session.run([session.get_outputs()[0].name], {name: tensor})[0]
    except Exception as error:  # ONNX Runtime's errors share no base
        raise BrokenModel(f"The file {path} fails on a tile of {tensor.shape}: {error}") from error
    if answer.ndim != 4 or answer.shape[:2] != (1, 3):
        raise BrokenModel(f"The file {path} does not answer with a picture: {answer.shape}.")
    return np.asarray(answer, np.float32)
