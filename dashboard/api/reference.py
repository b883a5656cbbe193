"""The OpenAPI document as a reader wants it: fields as lines, examples as text, errors as a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dashboard.api.openapi_samples import resolve, sample
from dashboard.api.reference_curl import curl

_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Field:
    """`name` with the names above it: `output.url`. `facts`: limits, choices, default."""

    name: str
    kind: str
    words: str
    required: bool
    facts: tuple[str, ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    status: str
    code: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call or event. `open`: it needs no credential."""

    id: str
    method: str
    path: str
    title: str
    words: str
    scope: str
    open: bool
    deprecated: bool
    groups: tuple[tuple[str, tuple[Field, ...]], ...]
    answer: tuple[Field, ...]
    refusals: tuple[Refusal, ...]
    examples: tuple[Example, ...]


def calls_of(document: dict[str, Any], tag: str) -> list[Call]:
    """The calls of a tag, in the order of the document."""
    return [
        _call(document, method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if tag in operation["tags"]
    ]


def events_of(document: dict[str, Any]) -> list[Call]:
    """What is sent to webhooks."""
    return [_call(document, "", name, entry["post"]) for name, entry in document.get("webhooks", {}).items()]


def _call(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Call:
    good = next(answer for status, answer in operation["responses"].items() if status.upper().startswith("2"))
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"],
        # What holds for every event is said once, above them.
        words=operation["description"].partition("\n\nScope:" if method else "\n\n")[0],
        scope=operation.get("x-scope", ""),
        open=not operation["security"],
        deprecated=operation.get("deprecated", False),
        groups=tuple(_groups(document, operation)),
        answer=tuple(_answer_fields(document, good)),
        refusals=tuple(_refusals(document, operation)),
        examples=tuple(_examples(document, method, path, operation, good)),
    )


def _groups(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[tuple[str, tuple[Field, ...]]]:
    parameters = operation["parameters"]
    for place, title in (("path", "In the address"), ("query", "In the query"), ("header", "Headers")):
        rows = tuple(
            _field(document, each["name"], each["schema"] | _said(each), required=each.get("required", False))
            for each in parameters
            if each["in"] == place
        )
        if rows and place != "header":
            yield title, rows
        elif rows:
            headers = (title, rows)
    content = operation.get("requestBody", {}).get("content", {})
    for kind, title in (("multipart/form-data", "Body: form or JSON"), ("application/json", "Body: JSON")):
        if kind in content:
            form_alone = len(content) == 1 and kind == "multipart/form-data"
            yield "Body: form" if form_alone else title, tuple(_body_fields(document, content[kind]["schema"]))
            break
    if any(each["in"] == "header" for each in parameters):
        yield headers


def _said(parameter: dict[str, Any]) -> dict[str, Any]:
    return {"description": parameter["description"]}


def _body_fields(document: dict[str, Any], schema: dict[str, Any], above: str = "", depth: int = 0) -> Iterator[Field]:
    schema = resolve(schema, document) if "$ref" in schema else schema
    for name, part in schema.get("properties", {}).items():
        yield _field(document, f"{above}{name}", part, required=name in schema.get("required", ()), depth=depth)
        inner = _inner(document, part)
        if inner and depth < _DEEPEST:
            yield from _body_fields(document, inner, f"{above}{name}.", depth + 1)


def _answer_fields(document: dict[str, Any], answer: dict[str, Any]) -> Iterator[Field]:
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    if schema:
        yield from _body_fields(document, schema)


def _inner(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any] | None:
    """The object inside of a field, also as an item of a list."""
    schema = resolve(schema, document) if "$ref" in schema else schema
    if schema.get("type") == "array":
        return _inner(document, schema.get("items", {}))
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if options:
        return _inner(document, options[0])
    return schema if schema.get("properties") else None


def _field(document: dict[str, Any], name: str, schema: dict[str, Any], *, required: bool, depth: int = 0) -> Field:
    return Field(
        name=name,
        kind=_kind(document, schema),
        words=schema.get("description", ""),
        required=required,
        facts=tuple(_facts(document, schema)),
        depth=depth,
    )


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _kind(document, resolve(schema, document))
    if "anyOf" in schema:
        options = list(dict.fromkeys(_kind(document, each) for each in schema["anyOf"]))
        return " or ".join(options)
    if schema.get("format") == "binary":
        return "file"
    kind = schema.get("type", "text" if "const" in schema or "enum" in schema else "any")
    if isinstance(kind, list):
        kind = " or ".join(kind)
    if kind == "array":
        return f"list of {_kind(document, schema.get('items', {}))}"
    said = {"integer": "whole number", "string": "text", "boolean": "true or false"}
    words = " or ".join(said.get(each, each) for each in kind.split(" or "))
    return {"uuid": "id", "date-time": "time"}.get(schema.get("format", ""), words) if kind == "string" else words


def _facts(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    option: dict[str, Any] = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), {})
    schema = {**option, **schema}
    if "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']:,} to {schema['maximum']:,}"
    if "maxLength" in schema:
        yield f"at most {schema['maxLength']} characters"
    if choices := [str(choice) for choice in schema.get("enum", ()) if choice is not None]:
        yield f"one of `{'`, `'.join(choices)}`"
    if schema.get("default") not in (None, "", False):
        default = schema["default"]
        yield f"default `{default if isinstance(default, str) else json.dumps(default)}`"


def _refusals(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[Refusal]:
    for status, answer in operation["responses"].items():
        if not status.isdigit() or int(status) < 400:
            continue
        named = [
            (name, resolve(example, document))
            for media in answer.get("content", {}).values()
            for name, example in media.get("examples", {}).items()
        ]
        for name, example in named:
            code = re.sub("^(heyswap|backgroundcut|faceswap)_", "", name)
            yield Refusal(status, code, example["summary"], example["description"])
        if not named:
            yield Refusal(status, "", answer["description"], "")


def _examples(
    document: dict[str, Any], method: str, path: str, operation: dict[str, Any], good: dict[str, Any]
) -> Iterator[Example]:
    if method:
        yield Example("Request", curl(document, method, path, operation))
        for kind, media in good.get("content", {}).items():
            if kind.endswith("json"):
                yield Example("Answer", _json(media.get("example") or sample(media["schema"], document)))
    else:
        headers = "\n".join(f"{each['name']}: {each['example']}" for each in operation["parameters"])
        yield Example("Headers", headers)
        yield Example("Body", _json(operation["requestBody"]["content"]["application/json"]["example"]))


def _json(value: object) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    # A box of four numbers on one line, as a person would write it.
    return re.sub(r"\[\s+([\d.,\s-]+?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)
