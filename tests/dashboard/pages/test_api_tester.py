"""The tester's forms are the OpenAPI document's schemas: every call is listed, no field is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.access.actor import Actor
from dashboard.api.families import FAMILIES
from dashboard.call_fields import properties
from dashboard.document_calls import Call, calls_of
from tests.support.cast import Cast

As = Callable[[Actor], Client]


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi").json()
    return found


@pytest.fixture
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation | {"path": path, "method": method.upper()}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def page_of(client: Client, call: str) -> str:
    answer = client.get("/api-tester/", {"call": call})
    assert answer.status_code == 200
    return answer.content.decode()


def shown(page: str) -> set[tuple[str, str]]:
    """(place, name) of every field of the form."""
    return {(place, name) for place, name in re.findall(r'data-place="(\w+)" data-name="([^"]+)"', page)}


def field_of(page: str, place: str, name: str) -> str:
    found = re.search(rf'data-field="{place}\.{name}".*?(?=data-field=|</form>)', page, re.DOTALL)
    assert found is not None, (place, name)
    return html.unescape(found[0])


def test_its_words_are_those_that_were_agreed(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/api-tester/").content.decode()
    help_words = "Key auth is used when this field is filled. If empty, tester falls back to legacy public endpoints."
    assert help_words in page
    words = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Tester endpoint currently selected: POST /api/v1/process" in words


def test_every_call_of_the_document_is_listed(cast: Cast, as_: As, operations: dict[str, dict[str, Any]]) -> None:
    page = page_of(as_(cast.alice), "process")
    listed = re.findall(r'data-call-link="([^"]+)"', page)
    assert len(listed) == len(set(listed))
    assert listed[: len(operations)] == list(operations)
    assert re.findall(r'data-call-link="([^"]+)" aria-current="page"', page) == ["process"]


def test_calls_of_other_families_follow(cast: Cast, as_: As, client: Client) -> None:
    page = page_of(as_(cast.alice), "refreshToken")
    assert 'data-path="/api/refresh"' in page
    assert 'data-key-header="Authorization" data-key-prefix="Bearer "' in page
    for family in FAMILIES:
        paths = client.get("/api/v1/openapi", {"family": family.slug} if family.slug else {}).json()["paths"]
        for path in paths:
            assert f'title="POST {path}"' in page or f'title="GET {path}"' in page or f'title="DELETE {path}"' in page


def test_no_field_of_any_call_is_lost(cast: Cast, as_: As, operations: dict[str, dict[str, Any]]) -> None:
    client = as_(cast.alice)
    for name, operation in operations.items():
        page = page_of(client, name)
        wanted = {(each["in"], each["name"]) for each in operation.get("parameters", ())}
        for content in operation.get("requestBody", {}).get("content", {}).values():
            wanted |= {("body", field) for field in content["schema"].get("properties", {})}
        assert wanted <= shown(page), name
        assert shown(page) - wanted <= {("header", "Accept")}, name
        assert f'data-method="{operation["method"]}" data-path="{operation["path"]}"' in page


def test_each_field_has_the_control_of_its_schema(cast: Cast, as_: As) -> None:
    page = page_of(as_(cast.alice), "process")
    width = field_of(page, "body", "width")
    assert 'type="number"' in width
    assert 'min="1" max="10000"' in width
    assert 'step="1"' in width
    assert "Width of the image in pixels." in width
    assert re.findall(r'<option value="(\w*)"', field_of(page, "body", "format")) == ["", "jpg", "png", "webp", "avif"]
    assert "not sent (then jpg)" in field_of(page, "body", "format")
    assert re.findall(r'<option value="(\w*)"', field_of(page, "body", "sameScale")) == ["", "true", "false"]
    assert 'type="color"' in field_of(page, "body", "background")
    assert 'type="file"' in field_of(page, "body", "image")
    assert "data-new-id" in field_of(page, "header", "Idempotency-Key")
    several = field_of(page_of(as_(cast.alice), "createJob"), "body", "image")
    assert "multiple" in several


def test_the_used_most_stand_first(cast: Cast, as_: As) -> None:
    page = page_of(as_(cast.alice), "process")
    first, more = page.split("More fields")
    assert {name for _, name in shown(first)} >= {"image", "imageUrl", "width", "height", "format", "background"}
    assert {name for _, name in shown(more)} >= {"marginTop", "edges", "jpegQuality"}
    assert "More fields" not in page_of(as_(cast.alice), "uploadFile")


def test_a_schema_behind_references_and_nulls_is_read() -> None:
    document = {
        "components": {"schemas": {
            "Event": {"type": "string", "enum": ["job.failed", "job.succeeded"]},
            "Hook": {
                "type": "object",
                "required": ["url"],
                "properties": {
                    "url": {"type": "string", "format": "uri"},
                    "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}},
                    "retries": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}], "default": None},
                    "note": {"type": ["string", "null"], "maxLength": 900},
                    "limits": {"type": "object"},
                    "ids": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
                },
            },
        }},
        "paths": {"/api/v1/hooks": {"post": {
            "operationId": "createHook",
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Hook"}}}},
        }}},
    }  # fmt: skip
    [call] = calls_of(document)
    controls = {field.name: field.control for field in call.body}
    assert controls == {
        "url": "text", "events": "checks", "retries": "number", "note": "long", "limits": "json", "ids": "lines",
    }  # fmt: skip
    events = next(field for field in call.body if field.name == "events")
    assert events.options == ("job.failed", "job.succeeded")
    assert call.form_type == "application/json"
    assert [field.name for field in call.body if field.required] == ["url"]
    assert not call.needs_key
    assert properties({}, document) == []


def test_a_call_has_a_public_address_only_where_one_answers(
    settings: Any, operations: dict[str, dict[str, Any]], document: dict[str, Any]
) -> None:
    calls: dict[str, Call] = {call.id: call for call in calls_of(document)}
    settings.LEGACY_PUBLIC_ENDPOINTS = False
    assert {call.legacy_path for call in calls.values()} == {""}
    settings.LEGACY_PUBLIC_ENDPOINTS = True
    assert calls["process"].legacy_path == "/api/process"
    for name in ("createJob", "uploadFile", "listJobs", "deleteFile"):
        assert calls[name].legacy_path == "", name


def test_a_part_alone_for_htmx_and_nothing_for_an_unknown_call(cast: Cast, as_: As) -> None:
    client = as_(cast.victor)
    part = client.get("/api-tester/", {"call": "listJobs"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<form")
    assert 'data-call="listJobs"' in part
    assert client.get("/api-tester/", {"call": "nothing"}).status_code == 404


def test_strangers_sign_in_first(client: Client, db: None) -> None:
    answer = client.get("/api-tester/?call=process")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_the_sidebar_leads_here(cast: Cast, as_: As) -> None:
    assert 'href="/api-tester/"' in as_(cast.victor).get("/").content.decode()
