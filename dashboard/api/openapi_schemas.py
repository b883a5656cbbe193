"""Schemas as pydantic writes them, made plain: what a form field is, what JSON may leave out, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Constraints that pydantic cannot translate keep the names of its own.
_RULES = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


def tidy(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        _plain_rules(schema)
        schema.pop("title", None)
        for part in schema.get("properties", {}).values():
            part.pop("title", None)  # pydantic's own, from the name
    for operations in document["paths"].values():
        for operation in operations.values():
            for kind, media in operation.get("requestBody", {}).get("content", {}).items():
                _plain_rules(media["schema"])
                for name, part in media["schema"].get("properties", {}).items():
                    media["schema"]["properties"][name] = _optional(part, form=kind == "multipart/form-data")
            for parameter in operation["parameters"]:
                _plain_rules(parameter["schema"])
                parameter["schema"] = _optional(parameter["schema"], form=True)


def drop_unused(document: dict[str, Any]) -> None:
    """Only the schemas and examples that the family's calls name, directly or through another."""
    for kind in ("schemas", "examples", "headers"):
        parts = document["components"][kind]
        used: set[str] = set()
        waiting: list[Any] = [{key: value for key, value in document.items() if key != "components"}]
        while waiting:
            for found in _references(waiting.pop()):
                name = found.removeprefix(f"#/components/{kind}/")
                if name in parts and name not in used:
                    used.add(name)
                    waiting.append(parts[name])
        document["components"][kind] = {name: part for name, part in parts.items() if name in used}


def _optional(schema: dict[str, Any], *, form: bool) -> dict[str, Any]:
    """`X or null`: a form field that is left out is simply not there, JSON may say null."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == len(schema.get("anyOf", ())):
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    if rest.get("default", "") is None:
        del rest["default"]
    if len(options) > 1:
        return {"anyOf": options if form else schema["anyOf"], **rest}
    only = dict(options[0])
    if not form and isinstance(only.get("type"), str):
        only["type"] = [only["type"], "null"]
        if "enum" in only:
            only["enum"] = [*only["enum"], None]
    return only | rest


def _plain_rules(schema: Any) -> None:
    if isinstance(schema, list):
        for each in schema:
            _plain_rules(each)
    if not isinstance(schema, dict):
        return
    for name, plain in _RULES.items():
        if isinstance(schema.get(name), (int, float)):
            schema[plain] = schema.pop(name)
    for name, each in schema.items():
        if name not in {"default", "examples", "example", "enum"}:
            _plain_rules(each)


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)
