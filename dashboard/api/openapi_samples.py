"""An example value for any schema of the document, from the examples of its fields."""

from __future__ import annotations

from typing import Any

_OF_FORMAT = {
    "uuid": "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60",
    "date-time": "2026-11-21T09:30:00Z",
    "date": "2026-11-21",
    "uri": "https://example.com/photo.jpg",
}
_INSTEAD_OF_A_FILE = {"imageUrl", "fileId", "input_image"}


def sample(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    """The first example, else the constant or default, else one made of the parts."""
    if "$ref" in schema:
        return sample(resolve(schema, document), document)
    for found in (schema.get("examples"), [schema["example"]] if "example" in schema else None):
        if found:
            return found[0]
    if "const" in schema:
        return schema["const"]
    options = [option for option in schema.get("anyOf", schema.get("oneOf", ())) if option.get("type") != "null"]
    if options:
        return sample(options[0], document)
    if "enum" in schema:
        return schema["enum"][0]
    return _of_type(schema, document)


def form_fields(content: dict[str, Any]) -> dict[str, Any]:
    """What a form of a request holds beside the photo, which it sends as a file: the fields of the first example."""
    examples = [each["value"] for each in content.get("application/json", {}).get("examples", {}).values()]
    shown: dict[str, Any] = {
        name: value for name, value in (examples[0] if examples else {}).items() if name not in _INSTEAD_OF_A_FILE
    }
    shown.update(content["multipart/form-data"].get("example", {}))
    return shown


def is_file(schema: dict[str, Any]) -> bool:
    return "binary" in (schema.get("format"), schema.get("items", {}).get("format"))


def resolve(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What a local $ref points at."""
    found: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    resolved: dict[str, Any] = found
    return resolved


def _of_type(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next(each for each in kind if each != "null")
    if kind == "object":
        return {name: sample(part, document) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema["items"], document)] if "items" in schema else []
    if kind == "boolean":
        return schema.get("default", True)
    if kind in {"integer", "number"}:
        return schema.get("default", schema.get("minimum", 1))
    return schema.get("default") or _OF_FORMAT.get(schema.get("format", ""), "text")
