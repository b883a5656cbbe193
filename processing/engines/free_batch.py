"""Lets a network that was saved for one picture at a time take several at once."""

from __future__ import annotations

from processing.engines.onnx_file import model_of

_ANY = "batch"


def free_batch(content: bytes) -> bytes:
    """The ONNX file's content with a free first dimension of everything that goes in and out.

    The shapes in between, which a file may repeat, are left out: the runtime derives them. Whether the network then
    really takes several is known once it has. Raises google.protobuf.message.DecodeError.
    """
    model = model_of(content)
    for value in (*model.graph.input, *model.graph.output):
        dimensions = value.type.tensor_type.shape.dim
        if dimensions:
            dimensions[0].ClearField("dim_value")
            dimensions[0].dim_param = _ANY
    model.graph.ClearField("value_info")
    return bytes(model.SerializeToString())
