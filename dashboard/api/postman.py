"""A Postman v2.1 collection, made from an OpenAPI document: folders by tag, examples, a few tests a request."""

from __future__ import annotations

import re
import uuid
from typing import Any

from dashboard.api import postman_bodies, postman_tests
from dashboard.api.openapi_samples import resolve

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_ABOUT = (
    "\n\nSet the variable `apiKey` to a key of yours and send. Requests with a file take `photo.jpg` of your working "
    "directory until you choose another. Ids of answers are kept in variables for the requests after them."
)

_FILLED_IN = "Part of an address or a body. Ids that this service makes are filled in by earlier requests."


def collection(document: dict[str, Any]) -> dict[str, Any]:
    """The collection, as plain dictionaries."""
    base = document["servers"][0]["url"]
    folders: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    names: dict[str, str] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            folders.setdefault(operation["tags"][0], []).append(_item(document, path, method, operation))
            names |= {name: _at_first(operation, name) for name in re.findall(r"{(\w+)}", path)}
            names |= {name: names.get(name, "") for name in postman_bodies.FILLED_IN if name in _fields(operation)}
    words = {tag["name"]: tag["description"] for tag in document["tags"]}
    return {
        "info": {
            "_postman_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{base}/{document['info']['title']}")),
            "name": document["info"]["title"],
            "description": document["info"]["description"] + _ABOUT,
            "version": document["info"]["version"],
            "schema": _SCHEMA,
        },
        "auth": _auth(document),
        "variable": [
            {"key": "baseUrl", "value": base, "description": "This installation."},
            {"key": "apiKey", "value": "", "description": "A key of yours; ps_test_… charges nothing."},
            {"key": "accessToken", "value": "", "description": "Filled in by the calls that answer with a token."},
            *({"key": name, "value": value, "description": _FILLED_IN} for name, value in sorted(names.items())),
        ],
        "item": [
            {"name": name, "description": words.get(name, ""), "item": sorted(items, key=_rank)}
            for name, items in folders.items()
            if items
        ],
    }


def _fields(operation: dict[str, Any]) -> dict[str, Any]:
    """Of its JSON body."""
    media = operation.get("requestBody", {}).get("content", {})
    found: dict[str, Any] = media.get("application/json", {}).get("schema", {}).get("properties", {})
    return found if list(media) == ["application/json"] else {}


def _at_first(operation: dict[str, Any], name: str) -> str:
    """The example of a part of the address; ids of our own have none."""
    parameter = next(each for each in operation["parameters"] if (each["in"], each["name"]) == ("path", name))
    return str(next(iter(parameter["schema"].get("examples", ())), ""))


def _auth(document: dict[str, Any]) -> dict[str, Any]:
    """The key in a header of the document's: alone where one takes it so, else after its word."""
    schemes: list[dict[str, str]] = [
        each for each in document["components"]["securitySchemes"].values() if each["type"] == "apiKey"
    ]
    scheme = next(iter(schemes), {})
    return {
        "type": "apikey",
        "apikey": [
            {"key": "key", "value": scheme.get("name", "x-api-key"), "type": "string"},
            {"key": "value", "value": f"{scheme.get('x-prefix', '')}{{{{apiKey}}}}", "type": "string"},
            {"key": "in", "value": "header", "type": "string"},
        ],
    }


def _rank(item: dict[str, Any]) -> tuple[int, int]:
    """What makes something comes before what reads it, and what deletes it comes last."""
    method = item["request"]["method"]
    return {"POST": 0, "DELETE": 2}.get(method, 1), len(item["request"]["url"]["path"])


def _item(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": method.upper(),
        "header": _headers(operation),
        "url": _url(path, operation),
        "description": operation["description"],
    }
    if not operation["security"]:
        request["auth"] = {"type": "noauth"}
    elif [list(each) for each in operation["security"]] == [["bearerJwt"]]:
        bearer = [{"key": "token", "value": "{{accessToken}}", "type": "string"}]
        request["auth"] = {"type": "bearer", "bearer": bearer}
    if "requestBody" in operation:
        body, headers = postman_bodies.body(operation["requestBody"]["content"], document)
        request["body"] = body
        request["header"] += headers
    return {
        "name": operation["summary"],
        "request": request,
        "response": _saved(document, operation, request),
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": postman_tests.lines(operation)}}],
    }


def _url(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    parts = [
        re.sub(r"{(\w+)}", r"{{\1}}", part) for part in path.lstrip("/").split("/")
    ]  # a slash at the end is a part
    query = [
        {
            "key": parameter["name"],
            "value": str((parameter["schema"].get("examples") or [parameter["schema"].get("default", "")])[0])
            if parameter["schema"].get("examples")
            else str(parameter["schema"].get("default", "")),
            "description": parameter["description"],
            "disabled": not parameter["required"],
        }
        for parameter in operation["parameters"]
        if parameter["in"] == "query"
    ]
    url: dict[str, Any] = {"raw": "{{baseUrl}}/" + "/".join(parts), "host": ["{{baseUrl}}"], "path": parts}
    return url | ({"query": query} if query else {})


def _headers(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "key": parameter["name"],
            "value": "{{$guid}}" if parameter["name"] == "Idempotency-Key" else str(parameter.get("example", "")),
            "description": parameter["description"],
            "disabled": True,
        }
        for parameter in operation["parameters"]
        if parameter["in"] == "header"
    ]


def _saved(document: dict[str, Any], operation: dict[str, Any], request: dict[str, Any]) -> list[dict[str, Any]]:
    """Saved answers: what the call says when it works, and each of its refusals."""
    found = []
    for status, answer in operation["responses"].items():
        for kind, media in answer.get("content", {}).items():
            if not kind.endswith("json"):
                continue
            examples = media.get("examples") or {answer["description"]: {"value": media.get("example")}}
            for name, example in examples.items():
                known = resolve(example, document) if "$ref" in example else example
                found.append(
                    {
                        "name": f"{status} {known.get('summary', name)}",
                        "originalRequest": request,
                        "code": int(status),
                        "status": answer["description"],
                        "_postman_previewlanguage": "json",
                        "header": [{"key": "Content-Type", "value": kind}],
                        "body": postman_bodies.text(known["value"]),
                    }
                )
                break  # one of each kind: a dozen refusals of one status help nobody
    return found
