"""Bodies of the requests in the Postman collection."""

from __future__ import annotations

import json
from typing import Any

from dashboard.api.openapi_samples import form_fields, is_file, sample

_PHOTO = "photo.jpg"
# Ids in JSON bodies that earlier requests fill in.
FILLED_IN = ("fileId", "connectionId", "productId")


def body(content: dict[str, Any], document: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A form where the call takes one, else JSON; with the headers that go with it."""
    if "multipart/form-data" in content:
        schema = content["multipart/form-data"]["schema"]
        # What a fresh collection switches on.
        shown = form_fields(content)
        parts = [_part(name, part, document, shown) for name, part in schema["properties"].items()]
        return {"mode": "formdata", "formdata": parts}, []
    media = content["application/json"]
    examples = [example["value"] for example in media.get("examples", {}).values()]
    value = examples[0] if examples else media.get("example") or sample(media["schema"], document)
    if isinstance(value, dict):
        value = {name: f"{{{{{name}}}}}" if name in FILLED_IN else each for name, each in value.items()}
    raw = {
        "mode": "raw",
        "raw": text(value).replace("<YOUR_API_KEY>", "{{apiKey}}"),
        "options": {"raw": {"language": "json"}},
    }
    return raw, [{"key": "Content-Type", "value": "application/json"}]


def text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _part(name: str, schema: dict[str, Any], document: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    on = name in shown or name == "image"
    shared = {"key": name, "description": schema.get("description", ""), "disabled": not on}
    if is_file(schema):
        return shared | {"type": "file", "src": _PHOTO}
    value = shown.get(name, sample(schema, document))
    if isinstance(value, list):
        value = value[0] if value else ""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return shared | {"type": "text", "value": written}
