"""The calls of the OpenAPI documents, one by one, as the tester lists and shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dashboard.api.families import FAMILIES
from dashboard.api.legacy import SUCCESSORS
from dashboard.api.openapi import document
from dashboard.call_fields import CallField, by_use, parameter, plain, properties

MULTIPART = "multipart/form-data"
JSON = "application/json"
_METHODS = ("get", "post", "put", "patch", "delete")
_SCOPE_LINE = re.compile(r"^Scope: .*$", re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """One operation of `document`: how it is sent, what may be filled in."""

    id: str
    method: str
    path: str
    group: str
    raw: Mapping[str, Any]
    document: Mapping[str, Any]

    @property
    def summary(self) -> str:
        return str(self.raw.get("summary", self.id))

    @property
    def short_path(self) -> str:
        return self.path.removeprefix("/api/v1")

    @property
    def paragraphs(self) -> list[str]:
        text = _SCOPE_LINE.sub("", str(self.raw.get("description", "")))
        return [part.strip() for part in text.split("\n\n") if part.strip()]

    @property
    def scopes(self) -> list[str]:
        """What a key must allow."""
        ways: list[dict[str, list[str]]] = self.raw.get("security", [])
        named = [scope for way in ways for scopes in way.values() for scope in scopes]
        scope = self.raw.get("x-scope")
        return list(dict.fromkeys([*([scope] if isinstance(scope, str) else scope or []), *named]))

    @property
    def needs_key(self) -> bool:
        return bool(self.raw.get("security")) and {} not in self.raw["security"]

    @property
    def key_header(self) -> tuple[str, str]:
        """The header that carries the key, and what stands before the key in it."""
        schemes = self.document.get("components", {}).get("securitySchemes", {})
        first = next((name for way in self.raw.get("security", ()) for name in way), "")
        scheme = schemes.get(first, {})
        if scheme.get("type") == "http":
            return "Authorization", "Bearer "
        return scheme.get("name", "x-api-key"), scheme.get("x-prefix", "")

    @property
    def legacy_path(self) -> str:
        """The public endpoint that answers the same call without a key; empty where there is none."""
        if self.method != "POST" or not settings.LEGACY_PUBLIC_ENDPOINTS:
            return ""
        return next((public for public, path in SUCCESSORS.items() if path == self.path), "")

    @property
    def content(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.raw.get("requestBody", {}).get("content", {})
        return found

    @property
    def form_type(self) -> str:
        """How the form is sent: as multipart where the call takes it."""
        return next((kind for kind in (MULTIPART, JSON) if kind in self.content), "")

    @property
    def takes_json(self) -> bool:
        return JSON in self.content

    @cached_property
    def body(self) -> list[CallField]:
        """Every field of the body, whichever of its types names it."""
        found: dict[str, CallField] = {}
        for kind in (MULTIPART, JSON):
            for field in properties(self.content.get(kind, {}).get("schema", {}), self.document):
                found.setdefault(field.name, field)
        return list(found.values())

    @property
    def body_first(self) -> list[CallField]:
        return by_use(self.body)[0]

    @property
    def body_more(self) -> list[CallField]:
        return by_use(self.body)[1]

    @cached_property
    def parameters(self) -> list[CallField]:
        return [parameter(plain(each, self.document), self.document) for each in self.raw.get("parameters", ())]

    @property
    def in_path(self) -> list[CallField]:
        return [field for field in self.parameters if field.place == "path"]

    @property
    def in_query(self) -> list[CallField]:
        return [field for field in self.parameters if field.place == "query"]

    @property
    def in_headers(self) -> list[CallField]:
        """Those of the document, after the choice between the image and its figures."""
        accept = {
            "in": "header",
            "name": "Accept",
            "description": "`image/*` answers with the image itself and puts its figures into headers.",
            "schema": {"type": "string", "enum": [JSON, "image/*"]},
        }
        found = [field for field in self.parameters if field.place == "header"]
        return [parameter(accept, self.document), *found] if self.answers_images else found

    @property
    def answers_images(self) -> bool:
        """Whether `Accept` chooses between the image and its figures."""
        return any(
            kind.startswith("image/")
            for status, answer in self.raw.get("responses", {}).items()
            if status.startswith("2")
            for kind in answer.get("content", {})
        )

    @property
    def example(self) -> Any:
        """A body that the document shows, for the JSON view."""
        content = self.content.get(JSON, {})
        if "example" in content:
            return content["example"]
        return next((each["value"] for each in content.get("examples", {}).values() if "value" in each), {})


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    calls: list[Call]


def every_call(request: HttpRequest) -> list[Call]:
    """The main family's calls, then those that only the other families have."""
    found: dict[tuple[str, str], Call] = {}
    for family in FAMILIES:
        for call in calls_of(document(request, family.slug), family=family.name if family.slug else ""):
            found.setdefault((call.method, call.path), call)
    return list(found.values())


def calls_of(document: Mapping[str, Any], *, family: str = "") -> list[Call]:
    """Every operation, in the document's order; `family` stands before the name of its group."""
    return [
        Call(
            id=operation.get("operationId", f"{method}{path}"),
            method=method.upper(),
            path=path,
            group=": ".join(part for part in (family, (operation.get("tags") or ["Other"])[0]) if part),
            raw=operation,
            document=document,
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS
    ]


def grouped(calls: list[Call]) -> list[Group]:
    groups: dict[str, Group] = {}
    for call in calls:
        groups.setdefault(call.group, Group(call.group, [])).calls.append(call)
    return list(groups.values())
