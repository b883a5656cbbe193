"""ONNX files of a few hundred bytes that stand in for real networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, save_model
from onnx import numpy_helper as tensors


def brightness_network(path: Path, *, side: int | str = 8, input_channels: int = 3) -> Path:
    """mask = red · 2 + 0.25 of the normalised photo, in float16 inside, with a second output that costs nothing.

    Input float32 (1, 3, side, side), first output `mask` (1, 1, side, side), second `other`.
    """
    weight = np.zeros((1, input_channels, 1, 1), np.float16)
    weight[0, 0] = 2.0
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["photo"], ["half"], to=TensorProto.FLOAT16),
            helper.make_node("Conv", ["half", "weight", "bias"], ["conv"]),
            helper.make_node("Constant", [], ["one"], value=tensors.from_array(np.ones(1, np.float16))),
            helper.make_node("Mul", ["conv", "one"], ["scaled"]),
            helper.make_node("Cast", ["scaled"], ["mask"], to=TensorProto.FLOAT),
            helper.make_node("Identity", ["scaled"], ["other"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, input_channels, side, side])],
        [
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1, 1, side, side]),
            helper.make_tensor_value_info("other", TensorProto.FLOAT16, [1, 1, side, side]),
        ],
        [tensors.from_array(weight, "weight"), tensors.from_array(np.full(1, 0.25, np.float16), "bias")],
        value_info=[helper.make_tensor_value_info("conv", TensorProto.FLOAT16, [1, 1, side, side])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    checker.check_model(model)
    save_model(model, str(path))
    return path


def enlarging_network(path: Path, *, scale: int = 2, side: int | None = None, gain: float = 1.0) -> Path:
    """Each pixel `scale` times as large, after the mean of its five neighbours across: float32 (1, 3, H, W) in 0..1.

    `side`: the only input size it takes; without one, any. What it answers is `gain` times the mean.
    """
    weight = np.zeros((3 * scale * scale, 3, 1, 5), np.float32)
    for output in range(weight.shape[0]):
        weight[output, output // scale**2] = gain / 5
    sides = (side or "height", side or "width")
    larger = (side * scale, side * scale) if side else ("tall", "wide")
    graph = helper.make_graph(
        [
            helper.make_node("Pad", ["photo", "pads"], ["padded"], mode="edge"),
            helper.make_node("Conv", ["padded", "weight"], ["features"]),
            helper.make_node("DepthToSpace", ["features"], ["larger"], blocksize=scale, mode="CRD"),
        ],
        "tiny",
        [helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, 3, *sides])],
        [helper.make_tensor_value_info("larger", TensorProto.FLOAT, [1, 3, *larger])],
        [
            tensors.from_array(weight, "weight"),
            tensors.from_array(np.array([0, 0, 0, 2, 0, 0, 0, 2], np.int64), "pads"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    checker.check_model(model)
    save_model(model, str(path))
    return path
