"""The OpenAPI document of a family, put together from its endpoints and completed by what holds for every call."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from django.http import HttpRequest
from ninja.openapi.schema import get_schema
from pydantic.alias_generators import to_camel

from dashboard.addresses import base
from dashboard.api import openapi_answers, openapi_headers, openapi_schemas, openapi_webhooks
from dashboard.api.auth import Requires
from dashboard.api.families import Family, Source, find, shape_of

_HOST = "https://images.example.com"  # in examples; the document names the address it was asked at
_SCHEMES: dict[str, dict[str, str]] = {
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "x-api-key",
        "description": "An API key: `ps_live_…`, or `ps_test_…` for the sandbox, which charges nothing.",
    },
    "bearerKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "The same key as a bearer token: `Authorization: Bearer ps_live_…`.",
    },
    "bearerJwt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token from `POST /api/token`, good for an hour. It ends with the key it was made for.",
    },
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-prefix": "Token ",
        "description": "An API key after the word Token: `Authorization: Token ps_live_…`.",
    },
    "accessToken": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-prefix": "AccessToken ",
        "description": "A token from `POST /v3/auth/access-token/`: `Authorization: AccessToken TOKEN`.",
    },
}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "Any text of your own, such as a UUID, that names this request. The same key with the same request "
    "within 24 hours gets the stored answer again, marked `Idempotent-Replayed: true`; with another request it is "
    "refused with 422.",
    "example": "5a1f4d1e-7c0b-4f2a-9d5e-0c8f6b1a2e3d",
}
_METHODS = ("post", "get", "put", "patch", "delete")  # as a reader needs them: make, read, remove


def document(request: HttpRequest, family: str = "") -> dict[str, Any]:
    """OpenAPI 3.1, as plain dictionaries. Raises InvalidInput for a family that does not exist."""
    here = base(request)
    found: dict[str, Any] = json.loads(_text(find(family).slug).replace(_HOST, here))
    found["servers"] = [{"url": here, "description": "This installation."}]
    return found


@cache
def _text(slug: str) -> str:
    """The document depends on nothing but the code."""
    return json.dumps(_made(find(slug)))


def _made(family: Family) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for source in family.sources:
        part: dict[str, Any] = json.loads(
            json.dumps(get_schema(source.api, path_prefix=f"{source.prefix}/".lstrip("/")))
        )
        schemas |= part["components"]["schemas"]
        for path, operations in part["paths"].items():
            if source.only is None or path in source.only:
                paths[_camel(path)] = _operations(path, operations, _guards(source))
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": family.title, "version": "1.0.0", "description": family.about},
        "servers": [],
        "externalDocs": {"url": f"{_HOST}/docs/", "description": "The same for people, with guides."},
        "tags": [{"name": name, "description": words} for name, words in family.tags.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": openapi_headers.components(),
            "examples": openapi_answers.samples(family),
            "securitySchemes": {name: _SCHEMES[name] for name in family.schemes},
        },
    }
    if family.webhooks:
        openapi_webhooks.add(made)
    for path, operations in paths.items():
        for method, operation in operations.items():
            _complete(family, path, method, operation)
    openapi_schemas.tidy(made)
    openapi_answers.add_examples(made)
    openapi_schemas.drop_unused(made)
    return made


def _operations(path: str, operations: dict[str, Any], guards: dict[tuple[str, str], Requires]) -> dict[str, Any]:
    found = {}
    for method in _METHODS:  # HEAD is the same operation as GET
        if method not in operations:
            continue
        operation = operations[method]
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                parameter["name"] = to_camel(parameter["name"])
                if named := parameter.pop("examples", None):
                    parameter["schema"]["examples"] = [each["value"] for each in named.values()]
        operation["x-guard"] = guards.get((path, method))
        found[method] = operation
    return found


def _complete(family: Family, path: str, method: str, operation: dict[str, Any]) -> None:
    guard: Requires | None = operation.pop("x-guard")
    if guard is not None:
        scope = guard.permission.value
        operation["security"] = [{name: []} for name in family.schemes]
        operation["x-scope"] = scope
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope}`.".strip()
    else:
        operation.setdefault("security", [])
    if method == "post":
        operation["parameters"].append(_IDEMPOTENCY_KEY)
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter.setdefault("description", f"The {parameter['name']} of an earlier answer.")
    openapi_answers.add_refusals(
        operation,
        shape=shape_of(path),
        method=method,
        guarded=guard is not None,
        works=guard is not None and guard.answers_credits,
        found_by_id="{" in path,
    )
    openapi_headers.add(operation, method=method, credits=guard is not None and guard.answers_credits)


def _guards(source: Source) -> dict[tuple[str, str], Requires]:
    """What each call asks for, by path and method; calls that are open to everyone are not in it."""
    found: dict[tuple[str, str], Requires] = {}
    for router in source.api._get_bound_routers():
        for path, view in router.path_operations.items():
            plain = f"{source.prefix}{re.sub(r'{[^}:]+:', '{', path)}"
            for operation in view.operations:
                for auth in operation.auth_callbacks:
                    if isinstance(auth, Requires):
                        found |= {(plain, method.lower()): auth for method in operation.methods}
    return found


def _camel(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: f"{{{to_camel(found[1])}}}", path)
