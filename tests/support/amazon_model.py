"""Amazon's own models, asked whether a request or an answer is one that they allow."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

CONTRACTS = Path(__file__).parent / "contracts" / "amazon"
_MODELS = ("listingsItems_2021-08-01", "catalogItems_2022-04-01", "sellers", "definitionsProductTypes_2020-09-01")


@dataclass(frozen=True)
class Operation:
    name: str
    model: dict[str, Any]
    definition: dict[str, Any]
    path: dict[str, str]


@cache
def pairs() -> list[dict[str, Any]]:
    """Requests and answers of Amazon's static sandbox."""
    found: list[dict[str, Any]] = json.loads((CONTRACTS / "sandbox_pairs.json").read_text())
    return found


def operation(method: str, path: str) -> Operation | None:
    """`path` as it was sent: a slash in a SKU is still encoded."""
    for model, pattern, names, operations in _routes():
        matched = pattern.fullmatch(path)
        found = operations.get(method.lower()) if matched else None
        if matched and found:
            values = dict(zip(names, (unquote(each) for each in matched.groups()), strict=True))
            return Operation(found["operationId"], model, found, values)
    return None


def wrong_request(found: Operation, query: dict[str, str], body: bytes) -> list[str]:
    """What the model says against a request."""
    declared = {each["name"]: each for each in found.definition["parameters"]}
    wrong = [f"unknown parameter {name}" for name in query if declared.get(name, {}).get("in") != "query"]
    for name, each in declared.items():
        if each["in"] == "query":
            wrong += _wrong_parameter(name, each, query.get(name))
        elif each["in"] == "path":
            wrong += [] if found.path.get(name) else [f"{name} is empty"]
        elif each["in"] == "body":
            wrong += _against(found, each["schema"], json.loads(body or b"null"))
    return wrong


def wrong_answer(found: Operation, status: int, body: Any) -> list[str]:
    response = found.definition["responses"].get(str(status))
    return _against(found, response["schema"], body) if response else [f"no answer {status}"]


def _wrong_parameter(name: str, declared: dict[str, Any], value: str | None) -> list[str]:
    if value is None:
        return [f"{name} is missing"] if declared.get("required") else []
    values = value.split(",") if declared["type"] == "array" else [value]
    allowed = declared.get("enum") or declared.get("items", {}).get("enum")
    wrong = [f"{name}: {each!r}" for each in values if allowed and each not in allowed]
    if declared.get("maxItems") and len(values) > declared["maxItems"]:
        wrong.append(f"{name}: more than {declared['maxItems']}")
    if declared["type"] == "integer" and not int(value) <= declared.get("maximum", int(value)):
        wrong.append(f"{name}: more than {declared['maximum']}")
    return wrong


def _against(found: Operation, schema: dict[str, Any], value: Any) -> list[str]:
    validator = _validator(found.name, json.dumps({"definitions": found.model["definitions"], **schema}))
    return [error.message[:300] for error in validator.iter_errors(value)]


@cache
def _validator(name: str, schema: str) -> jsonschema_rs.Draft4Validator:
    return jsonschema_rs.Draft4Validator(json.loads(schema))


@cache
def _routes() -> list[tuple[dict[str, Any], re.Pattern[str], list[str], dict[str, Any]]]:
    found = []
    for name in _MODELS:
        model = json.loads((CONTRACTS / f"{name}.json").read_text())
        for path, operations in model["paths"].items():
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path)))
            found.append((model, pattern, re.findall(r"\{(\w+)\}", path), operations))
    return found
