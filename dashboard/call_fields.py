"""The fields of an API call as a form shows them: read from the schemas of the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Schema = Mapping[str, Any]
Place = Literal["path", "query", "header", "body"]
Control = Literal["text", "long", "number", "select", "truth", "color", "file", "lines", "checks", "json"]

# What most calls are made of. It stands first, in this order; the rest follows under "More fields".
_FIRST = (
    "image", "files", "imageUrl", "input_image", "fileId", "operation", "marketplace", "slot", "prompt", "style",
    "preset", "width", "height", "scale", "margin", "format", "output_format", "background", "bg_color", "shadow",
)  # fmt: skip
_FEW = 8
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class CallField:
    """`kind`: the JSON type of one value. `usual`: what holds while nothing is sent, in words."""

    name: str
    place: Place
    control: Control
    kind: str
    label: str
    help: str
    required: bool
    usual: str
    example: str
    options: tuple[str, ...]
    least: str
    most: str
    length: str
    several: bool

    @property
    def id(self) -> str:
        return f"f-{self.place}-{self.name}"

    @property
    def step(self) -> str:
        return "1" if self.kind == "integer" else "any"


def parameter(found: Schema, document: Schema) -> CallField:
    """Of the path, the query string or the headers."""
    schema = plain(found.get("schema", {}), document)
    words = str(found.get("description") or schema.get("description", ""))
    sample = found.get("example", _first(schema.get("examples")))
    return _field(str(found["name"]), found["in"], schema, words, sample, required=bool(found.get("required")))


def properties(body: Schema, document: Schema) -> list[CallField]:
    """Of a request body: every property of its schema."""
    schema = plain(body, document)
    required = set(schema.get("required", ()))
    found = []
    for name, inner in schema.get("properties", {}).items():
        each = plain(inner, document)
        words, sample = str(each.get("description", "")), _first(each.get("examples"))
        found.append(_field(name, "body", each, words, sample, required=name in required))
    return found


def by_use(fields: list[CallField]) -> tuple[list[CallField], list[CallField]]:
    """Those that most calls are made of, and the rest; a short form is not cut in two."""

    def rank(field: CallField) -> tuple[bool, int]:
        return not field.required, _FIRST.index(field.name) if field.name in _FIRST else len(_FIRST)

    ordered = sorted(fields, key=rank)
    if len(ordered) <= _FEW:
        return ordered, []
    first = [field for field in ordered if field.required or field.name in _FIRST]
    return first, [field for field in ordered if field not in first]


def plain(schema: Schema, document: Schema) -> dict[str, Any]:
    """The schema with its reference followed, and without the choice between a value and null."""
    found: dict[str, Any] = dict(schema)
    while "$ref" in found:
        inner: Any = document
        for part in str(found.pop("$ref")).removeprefix("#/").split("/"):
            inner = inner[part]
        found = dict(inner) | found
    for several in ("anyOf", "oneOf", "allOf"):
        options = [plain(each, document) for each in found.get(several, ())]
        options = [each for each in options if each.get("type") != "null"]
        lists = [each for each in options if each.get("type") == "array"]
        if len(options) == 1 or lists:
            found.pop(several)
            found = (lists or options)[0] | found
    if isinstance(found.get("type"), list):
        found["type"] = next((kind for kind in found["type"] if kind != "null"), "string")
    if "items" in found:
        found["items"] = plain(found["items"], document)
    return found


def _field(name: str, place: Place, schema: Schema, words: str, sample: Any, *, required: bool) -> CallField:
    kind = str(schema.get("type", "string" if "enum" in schema else "object"))
    several = kind == "array"
    items: Schema = schema.get("items", {}) if several else schema
    control = _control(name, schema, items, kind)
    return CallField(
        name=name,
        place=place,
        control=control,
        kind=str(items.get("type", "string")) if several and control != "json" else kind,
        label=name,
        help=words,
        required=required,
        usual=_text(schema.get("default")),
        example=_text(_first(sample) if several and isinstance(sample, list) else sample),
        options=tuple(str(each) for each in items.get("enum", ()) if each is not None),
        least=_text(schema.get("minimum")),
        most=_text(schema.get("maximum")),
        length=_text(items.get("maxLength")),
        several=several,
    )


def _control(name: str, schema: Schema, items: Schema, kind: str) -> Control:
    if _is_file(items):
        return "file"
    if kind == "array" and items.get("type", "object") not in {"object", "array"}:
        return "checks" if items.get("enum") else "lines"
    if kind in {"object", "array"}:
        return "json"
    if schema.get("enum"):
        return "select"
    if kind == "boolean":
        return "truth"
    if kind in {"integer", "number"}:
        return "number"
    samples = [schema.get("default"), *schema.get("examples", ())]
    if any(isinstance(sample, str) and _HEX.match(sample) for sample in samples):
        return "color"
    return "long" if schema.get("maxLength", 0) > 500 and "url" not in name.lower() else "text"


def _is_file(schema: Schema) -> bool:
    return schema.get("format") == "binary" or str(schema.get("contentMediaType", "")).startswith("image/")


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
