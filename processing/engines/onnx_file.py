"""The few fields of an ONNX file that this product changes; protobuf carries all others over untouched.

Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (they never change).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_MESSAGES = {
    "Model": {"graph": (7, "Graph")},
    "Graph": {
        "node": (1, "Node[]"),
        "initializer": (5, "Tensor[]"),
        "input": (11, "Value[]"),
        "output": (12, "Value[]"),
        "value_info": (13, "Value[]"),
    },
    "Node": {"op_type": (4, "string"), "attribute": (5, "Attribute[]")},
    "Attribute": {"name": (1, "string"), "i": (3, "int64"), "t": (5, "Tensor")},
    "Tensor": {"data_type": (2, "int64"), "raw_data": (9, "bytes"), "data_location": (14, "int64")},
    "Value": {"type": (2, "Type")},
    "Type": {"tensor_type": (1, "TensorType")},
    "TensorType": {"elem_type": (1, "int64"), "shape": (2, "Shape")},
    "Shape": {"dim": (1, "Dimension[]")},
    "Dimension": {"dim_value": (1, "int64"), "dim_param": (2, "string")},
}


def model_of(content: bytes) -> Any:
    """The file's content as a message. Raises google.protobuf.message.DecodeError."""
    return _model_class().FromString(content)


@cache
def _model_class() -> Any:
    kinds = {"string": 9, "int64": 3, "bytes": 12}
    file = descriptor_pb2.FileDescriptorProto(name="packshot/onnx.proto", package="packshot.onnx", syntax="proto2")
    for message_name, fields in _MESSAGES.items():
        message = file.message_type.add(name=message_name)
        for field_name, (number, kind) in fields.items():
            single = kind.removesuffix("[]")
            field = message.field.add(name=field_name, number=number, label=3 if kind != single else 1)
            field.type = kinds.get(single, 11)
            if single not in kinds:
                field.type_name = f".packshot.onnx.{single}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("packshot.onnx.Model"))
