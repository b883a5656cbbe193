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


def pointing_networks(encoder: Path, decoder: Path) -> None:
    """Stand in for SAM's pair: the thing at the last point is all that is as red as it, where its label is 1.

    Encoder float32 (684, 1024, 3) to (684, 1024), decoder as rembg calls it: `masks` (1, 1, 684, 1024) over 0 inside.
    """
    float32, size = TensorProto.FLOAT, [684, 1024]

    def number(name: str, *values: int) -> TensorProto:
        return tensors.from_array(np.array(values, np.int64), name)

    photo = helper.make_tensor_value_info("photo", float32, [*size, 3])
    red = helper.make_tensor_value_info("embedding", float32, size)
    first = helper.make_graph(
        [helper.make_node("Gather", ["photo", "channel"], ["embedding"], axis=2)],
        "tiny", [photo], [red], [tensors.from_array(np.array(0, np.int64), "channel")],
    )  # fmt: skip
    asked: dict[str, list[int | str | None]] = {
        "image_embeddings": [684, 1024],
        "point_coords": [1, "n", 2],
        "point_labels": [1, "n"],
        "mask_input": [1, 1, 256, 256],
        "has_mask_input": [1],
        "orig_im_size": [2],
    }
    second = helper.make_graph(
        [
            helper.make_node("Slice", ["point_coords", "from", "to", "along"], ["last"]),  # behind it is only padding
            helper.make_node("Slice", ["point_labels", "from", "to", "along"], ["label"]),
            helper.make_node("Gather", ["last", "down_across"], ["turned"], axis=2),
            helper.make_node("Cast", ["turned"], ["pixel"], to=TensorProto.INT64),
            helper.make_node("Reshape", ["pixel", "pair"], ["index"]),
            helper.make_node("GatherND", ["image_embeddings", "index"], ["there"]),
            helper.make_node("Sub", ["image_embeddings", "there"], ["off"]),
            helper.make_node("Abs", ["off"], ["away"]),
            helper.make_node("Sub", ["near", "away"], ["alike"]),
            helper.make_node("Mul", ["alike", "label"], ["asked"]),
            helper.make_node("Reshape", ["asked", "whole"], ["masks"]),
            helper.make_node("Identity", ["label"], ["iou"]),
            helper.make_node("Identity", ["label"], ["low"]),
        ],
        "tiny",
        [helper.make_tensor_value_info(name, float32, shape) for name, shape in asked.items()],
        [
            helper.make_tensor_value_info("masks", float32, [1, 1, *size]),
            helper.make_tensor_value_info("iou", float32, [1, 1]),
            helper.make_tensor_value_info("low", float32, [1, 1]),
        ],
        [
            number("from", -2), number("to", -1), number("along", 1), number("down_across", 1, 0), number("pair", 1, 2),
            number("whole", 1, 1, *size), tensors.from_array(np.array(20, np.float32), "near"),
        ],
    )  # fmt: skip
    for graph, path in ((first, encoder), (second, decoder)):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
        checker.check_model(model)
        save_model(model, str(path))
