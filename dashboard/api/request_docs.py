"""How requests look in the OpenAPI document: made from the same models that read them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from dashboard.api.compliance_request import ComplianceFields
from dashboard.api.faceswap_fields import FaceSwapFields
from dashboard.api.fields import ImageFields, JobFields
from dashboard.api.heyswap_fields import RemoveBackgroundFields
from processing.operations.base import Operation
from processing.operations.registry import OPERATIONS

_EXAMPLE_URL = "https://example.com/photo.jpg"
_EXAMPLE_FILE = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"
_PREFER = {
    "in": "header",
    "name": "Prefer",
    "required": False,
    "schema": {"type": "string"},
    "description": "`wait=N` waits N seconds at most (up to 300), `respond-async` not at all; then it is a 202.",
    "example": "wait=10",
}
_REDUCED = (
    "Without a key an image has 0.25 megapixel at most: it was made 500 × 500 instead of 2000 × 2000 pixels. "
    "Send a key for its whole size."
)
_IMAGE = {"schema": {"type": "string", "format": "binary"}}
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where to ask for it."}}
_CONDITIONS = [
    {
        "in": "header",
        "name": "Range",
        "required": False,
        "schema": {"type": "string"},
        "description": "One range of bytes; the answer is then 206.",
        "example": "bytes=0-65535",
    },
    {
        "in": "header",
        "name": "If-None-Match",
        "required": False,
        "schema": {"type": "string"},
        "description": "The ETag of an earlier answer; where it still holds, the answer is 304.",
        "example": '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    },
]


def image_call_docs(operation: Operation[Any]) -> dict[str, Any]:
    """`openapi_extra` of an image call."""
    call = _properties(ImageFields)
    files = {"image": _file("The photo.")}
    if operation.takes_background:
        files["backgroundImage"] = _file("A picture to lay behind the product.")
    else:
        del call["backgroundImageUrl"]
    if not operation.takes_preset:
        del call["preset"]
    photo = {} if operation.photo == "optional" else {"imageUrl": _EXAMPLE_URL}
    examples = {title: photo | dict(parameters) for title, parameters in operation.examples.items()}
    examples["An earlier upload"] = {"fileId": _EXAMPLE_FILE} | dict(list(operation.examples.values())[-1])
    return {
        "x-example": {
            "operation": operation.name,
            "presetLabel": None,
            "credits": {"charged": operation.cost, "remaining": 100 - operation.cost},
        },
        "parameters": [_PREFER],
        "requestBody": _body(
            files,
            call | _properties(operation.Parameters),
            examples,
        ),
        "responses": {
            200: {"content": {"image/*": _IMAGE}},
            202: {"headers": _LOCATION},
        },
    }  # fmt: skip


def public_call_docs(operation: Operation[Any]) -> dict[str, Any]:
    """`openapi_extra` of an image call without a key: no files, no waiting by choice."""
    docs = image_call_docs(operation)
    for media in docs["requestBody"]["content"].values():
        del media["schema"]["properties"]["fileId"]
        media.get("examples", {}).pop("An earlier upload", None)
    return {
        "requestBody": docs["requestBody"],
        "responses": {200: docs["responses"][200]},
        "x-example": {
            "operation": operation.name,
            "presetLabel": None,
            "output": {"width": 500, "height": 500, "bytes": 26619},
            "subject": {"box": [75, 53, 350, 394]},
            "credits": {"charged": 0, "remaining": 0},
            "warnings": [{"code": "reduced", "detail": _REDUCED}],
        },
    }


def job_call_docs() -> dict[str, Any]:
    """`openapi_extra` of `POST /jobs`: the fields of every operation."""
    text = _properties(JobFields) | _properties_of_all()
    images = {"type": "array", "items": _file("A photo."), "description": "One photo, or several parts for a batch."}
    return {
        "requestBody": _body(
            {"image": images, "backgroundImage": _file("A picture to lay behind every product.")},
            text,
            {"An image from the web": {"operation": "process", "imageUrl": _EXAMPLE_URL, "preset": "amazon-main"}},
        ),
        "responses": {202: {"headers": _LOCATION}},
    }


def remove_background_docs() -> dict[str, Any]:
    """`openapi_extra` of `POST /image/remove-background`."""
    return {
        "requestBody": _body(
            {"image": _file("The photo as a file, instead of input_image; that name takes a file too.")},
            _properties(RemoveBackgroundFields),
            {
                "A transparent cut-out": {"input_image": _EXAMPLE_URL},
                "On a gradient": {"input_image": _EXAMPLE_URL, "output_format": "jpg",
                                  "bg_gradient": "#a855f7:#ec4899", "gradient_direction": "diagonal-tl-br"},
            },
        )
    }  # fmt: skip


def face_swap_docs() -> dict[str, Any]:
    """`openapi_extra` of the face-swap calls."""
    return {
        "requestBody": _body(
            {
                "source_image": _file("The picture with the face, as a file; as text its address."),
                "target_image": _file("The picture that gets the face, as a file; as text its address."),
            },
            _properties(FaceSwapFields),
            {
                "Two addresses": {
                    "source_image": "https://example.com/face.jpg",
                    "target_image": "https://example.com/model.jpg",
                    "replyUrl": "https://example.com/hooks/swaps",
                    "replyRef": "order-17",
                }
            },
        )
    }


def compliance_docs() -> dict[str, Any]:
    """`openapi_extra` of `POST /compliance`."""
    return {
        "requestBody": _body(
            {"image": _file("The image.")},
            _properties(ComplianceFields),
            {
                "An image from the web": {"imageUrl": _EXAMPLE_URL, "marketplace": "amazon"},
                "As of next year": {"fileId": _EXAMPLE_FILE, "marketplace": "google", "asOf": "2027-02-01"},
            },
        )
    }


def public_compliance_docs() -> dict[str, Any]:
    """`openapi_extra` of the same without a key: no files."""
    docs = compliance_docs()
    for media in docs["requestBody"]["content"].values():
        del media["schema"]["properties"]["fileId"]
        media.get("examples", {}).pop("As of next year", None)
    return docs


def upload_docs() -> dict[str, Any]:
    """`openapi_extra` of `POST /files`."""
    return {
        "requestBody": _body(
            {"image": _file("The photo. The field may also be called file.")},
            {"imageUrl": _properties(ImageFields)["imageUrl"]},
            {"An image from the web": {"imageUrl": _EXAMPLE_URL}},
        ),
        "responses": {201: {"headers": _LOCATION}},
    }


def file_docs() -> dict[str, Any]:
    """`openapi_extra` of `GET /files/{file_id}`."""
    return {
        "parameters": list(_CONDITIONS),
        "responses": {
            200: {"content": {"image/*": _IMAGE}},
            206: {"description": "The range that was asked for.", "content": {"image/*": _IMAGE}},
            304: {"description": "Not changed since: If-None-Match names the ETag."},
            416: {"description": "The range lies outside of the file."},
        },
    }


def query_docs(model: type[BaseModel]) -> dict[str, Any]:
    """`openapi_extra` of a call whose query string is read by `model`."""
    required = [info.alias or name for name, info in model.model_fields.items() if info.is_required()]
    return {
        "parameters": [
            {
                "in": "query",
                "name": name,
                "required": name in required,
                "schema": {key: value for key, value in schema.items() if key != "description"},
                "description": schema.get("description", ""),
            }
            for name, schema in _properties(model).items()
        ]
    }


def json_docs(model: type[BaseModel], examples: dict[str, Any]) -> dict[str, Any]:
    """`openapi_extra` of a call whose JSON body is read by `model`."""
    schema = model.model_json_schema(by_alias=True)
    plain = {"type": "object", "properties": _properties(model), "additionalProperties": False}
    if schema.get("required"):
        plain["required"] = schema["required"]
    named = {name: {"value": value} for name, value in examples.items()}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": plain, "examples": named}}}}


def _body(files: dict[str, Any], text: dict[str, Any], examples: dict[str, Any]) -> dict[str, Any]:
    def schema(properties: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "properties": properties, "additionalProperties": False}

    return {
        "required": True,
        "content": {
            # A field that takes both is shown as a file where files can be sent.
            "multipart/form-data": {"schema": schema(files | text | files)},
            "application/json": {
                "schema": schema(text),
                "examples": {name: {"value": value} for name, value in examples.items()},
            },
        },
    }


def _properties(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    found: dict[str, Any] = _inlined(schema["properties"], schema.get("$defs", {}))
    return found


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """The same without references: a property is taken out of its model, and its definitions stay behind."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if reference := schema.get("$ref"):
        return _inlined(definitions[reference.rpartition("/")[2]], definitions)
    return {name: _inlined(value, definitions) for name, value in schema.items()}


def _properties_of_all() -> dict[str, Any]:
    """The parameters of every operation. A field of several of them tells where they differ."""
    owners: dict[str, dict[str, dict[str, Any]]] = {}
    for operation in OPERATIONS.values():
        for name, schema in _properties(operation.Parameters).items():
            owners.setdefault(name, {})[operation.name] = schema
    found = {}
    for name, schemas in owners.items():
        schema = dict(next(iter(schemas.values())))
        defaults = {operation: each.get("default") for operation, each in schemas.items()}
        if len(set(map(str, defaults.values()))) > 1:
            del schema["default"]
            told = ", ".join(f"{operation} {default or 'see there'}" for operation, default in defaults.items())
            schema["description"] += f" Default: {told}."
        if len(schemas) < len(OPERATIONS):
            schema["description"] += f" Only for {', '.join(schemas)}."
        found[name] = schema
    return found


def _file(description: str) -> dict[str, Any]:
    return {"type": "string", "format": "binary", "description": description}
