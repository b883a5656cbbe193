"""Networks with float16 weights are run in float32 and answer the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from processing.engines.widen import widen
from tests.support.tiny_networks import brightness_network


def test_a_widened_network_is_valid_float32_and_answers_the_same(tmp_path: Path) -> None:
    content = brightness_network(tmp_path / "tiny.onnx").read_bytes()
    wide = widen(content)
    assert wide is not None
    model = onnx.load_from_string(wide)
    onnx.checker.check_model(model, full_check=True)
    kinds = {tensor.data_type for tensor in model.graph.initializer}
    kinds |= {value.type.tensor_type.elem_type for value in (*model.graph.value_info, *model.graph.output)}
    assert kinds == {onnx.TensorProto.FLOAT}
    photo = np.random.default_rng(0).random((1, 3, 8, 8), np.float32)
    before, after = (
        onnxruntime.InferenceSession(each, providers=["CPUExecutionProvider"]).run(["mask"], {"photo": photo})[0]
        for each in (content, wide)
    )
    np.testing.assert_allclose(after, before, atol=2e-3)


def test_a_float32_network_is_left_alone(tmp_path: Path) -> None:
    wide = widen(brightness_network(tmp_path / "tiny.onnx").read_bytes())
    assert wide is not None
    assert widen(wide) is None
