"""GET /api/v1/openapi: valid, complete, and true to what the code reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import validate

from accounts.access.permissions import Permission
from accounts.kit.webhook_events import EVENTS
from dashboard.access import declared_routes
from dashboard.api.families import FAMILIES
from dashboard.api.heyswap import PATHS as heyswap_paths
from dashboard.api.openapi_samples import resolve
from dashboard.error_list import every_error
from processing.operations.process import ProcessParameters
from processing.operations.registry import OPERATIONS

ID = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"
EVERY_ANSWER = {
    "X-Request-Id", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-retry-after",
    "RateLimit-Policy", "RateLimit",
}  # fmt: skip


@pytest.fixture(params=[family.slug for family in FAMILIES])
def any_document(client: Client, request: pytest.FixtureRequest) -> dict[str, Any]:
    return read(client, request.param)


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    return read(client)


def read(client: Client, family: str = "") -> dict[str, Any]:
    answer = client.get("/api/v1/openapi", {"family": family} if family else {})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def calls(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def routes(*prefixes: str) -> set[tuple[str, str]]:
    """Method and address of every call that the server answers, path parameters without their names."""
    return {
        (method.lower(), re.sub("<[^>]*>", "{}", f"/{route}"))
        for route, methods, access in declared_routes()
        if route.startswith(prefixes) and access and methods and methods.isupper()
        for method in methods.split(",")
        if method != "HEAD"
    }


def test_it_is_valid_openapi_3_1(any_document: dict[str, Any]) -> None:
    assert any_document["openapi"].startswith("3.1")
    validate(any_document)


def test_every_reference_leads_somewhere(any_document: dict[str, Any]) -> None:
    found = re.findall(r'"\$ref": "([^"]+)"', json.dumps(any_document))
    assert found
    for reference in found:
        resolve({"$ref": reference}, any_document)
    for kind in ("schemas", "examples", "headers"):
        assert set(any_document["components"][kind]) == {
            reference.rpartition("/")[2] for reference in found if f"/components/{kind}/" in reference
        }


def test_every_call_is_described(document: dict[str, Any], client: Client) -> None:
    described = {(method, re.sub("{[^}]*}", "{}", path)) for path, method, _ in calls(document)}
    assert described == routes("api/v1/")
    heyswap = {(method, path) for path, method, _ in calls(read(client, "heyswap"))}
    assert {path for _, path in heyswap} == heyswap_paths
    assert heyswap - described == routes("api/token", "api/refresh")
    faceswap = {(method, re.sub("{[^}]*}", "{}", path)) for path, method, _ in calls(read(client, "faceswap"))}
    assert faceswap == routes("v1/faceswap/")
    backgroundcut = read(client, "backgroundcut")
    found = {(method, re.sub("{[^}]*}", "{}", path)) for path, method, _ in calls(backgroundcut)}
    assert found == routes("v3/")
    assert {name for _, _, each in calls(backgroundcut) for way in each["security"] for name in way} == {
        "token", "accessToken",
    }  # fmt: skip


def test_a_client_can_be_made_of_it(any_document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in calls(any_document)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("[a-z][A-Za-z]+", name) for name in ids)
    tags = {tag["name"] for tag in any_document["tags"] if tag["description"]}
    assert {tag for _, _, operation in calls(any_document) for tag in operation["tags"]} <= tags
    for path, _, operation in calls(any_document):
        named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path))


def test_every_field_has_words_and_every_call_its_refusals(any_document: dict[str, Any]) -> None:
    for path, method, operation in calls(any_document):
        here = (method, path)
        assert operation["summary"], here
        assert len(operation["description"]) > 30, here
        for parameter in operation["parameters"]:
            assert parameter["description"], (here, parameter["name"])
        for kind, media in operation.get("requestBody", {}).get("content", {}).items():
            for name, field in media["schema"]["properties"].items():
                assert field.get("description"), (here, kind, name)
            assert kind.startswith("multipart") or media.get("example") or media.get("examples"), here
        wanted = {"429"} | ({"401", "403"} if operation.get("x-scope") else set())
        wanted |= {"400", "409", "413", "415", "422"} if method == "post" else set()
        assert wanted <= set(operation["responses"]), here
        assert (method == "post") == ("Idempotency-Key" in {each["name"] for each in operation["parameters"]}), here
        for status, answer in operation["responses"].items():
            assert answer["description"], (here, status)
            assert set(answer["headers"]) >= EVERY_ANSWER, (here, status)
            for kind, media in answer.get("content", {}).items():
                assert not kind.endswith("json") or "example" in media or media["examples"], (here, status)
        assert "Retry-After" in operation["responses"]["429"]["headers"]
        assert "401" not in operation["responses"] or "WWW-Authenticate" in operation["responses"]["401"]["headers"]
    for name, schema in any_document["components"]["schemas"].items():
        for field, part in schema["properties"].items():
            assert part.get("description"), (name, field)


def test_every_scope_is_named_by_its_calls(document: dict[str, Any]) -> None:
    declared = {
        (re.sub("<[^>]*>", "{}", f"/{route}"), access.permission)
        for route, _, access in declared_routes()
        if access and access.kind == "api" and access.permission and route.startswith("api/v1/")
    }
    described = {
        (re.sub("{[^}]*}", "{}", path), Permission(operation["x-scope"]))
        for path, _, operation in calls(document)
        if "x-scope" in operation
    }
    assert described == declared
    for _, _, operation in calls(document):
        if "x-scope" in operation:
            assert operation["x-scope"] in operation["description"]
            assert {name for each in operation["security"] for name in each} == {"apiKey", "bearerKey", "bearerJwt"}
        else:
            assert operation["security"] == []


def test_every_error_of_a_call_has_an_example(document: dict[str, Any]) -> None:
    """An error that no call names is either one of no call (405) or a defect of ours (5xx)."""
    described = set(document["components"]["examples"])
    of_space = {"quota_exceeded"}  # no call of the main family fills a file space
    assert {error.code for error in every_error() if error.status < 500 and error.status != 405} - of_space <= described
    assert not of_space & described
    for name, example in document["components"]["examples"].items():
        if not name.startswith("heyswap_"):
            assert example["value"]["code"] == name


def test_refusals_of_other_families_are_named_too(client: Client) -> None:
    process = read(client, "backgroundcut")["paths"]["/v3/tools/ai/remove-bg/process/"]["post"]["responses"]
    named = {
        status: set(answer["content"]["application/json"]["examples"])
        for status, answer in process.items()
        if int(status) >= 400
    }
    assert "insufficient_credits" in named["402"]
    assert {"invalid_input", "no_subject"} <= set().union(*named.values())
    assert "quota_exceeded" in named["413"]


def test_every_event_is_described(document: dict[str, Any]) -> None:
    assert set(document["webhooks"]) == set(EVENTS)
    for name in EVENTS:
        event = document["webhooks"][name]["post"]
        headers = {parameter["name"] for parameter in event["parameters"]}
        assert headers == {"webhook-id", "webhook-timestamp", "webhook-signature"}
        media = event["requestBody"]["content"]["application/json"]
        assert media["schema"]["properties"]["type"] == {"const": name, "description": "What has happened."}
        assert set(media["example"]) == {"type", "timestamp", "data"}
        assert media["example"]["type"] == name


def test_a_family_that_does_not_exist(client: Client) -> None:
    for address in ("/api/v1/openapi", "/api/v1/postman"):
        answer = client.get(address, {"family": "nothing"})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
        assert "heyswap" in answer.json()["detail"]
        assert client.get(address, {"unknown": "1"}).status_code == 400


def test_problems_have_their_own_type(document: dict[str, Any]) -> None:
    refusal = document["paths"]["/api/v1/process"]["post"]["responses"]["400"]["content"]
    assert set(refusal) == {"application/problem+json"}
    assert refusal["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_the_fields_are_those_of_the_operation(document: dict[str, Any]) -> None:
    content = document["paths"]["/api/v1/process"]["post"]["requestBody"]["content"]
    form = content["multipart/form-data"]["schema"]["properties"]
    aliases = {info.alias for info in ProcessParameters.model_fields.values()}
    assert aliases < set(form)
    assert set(form) - aliases == {
        "image", "backgroundImage", "imageUrl", "fileId", "backgroundImageUrl", "preset", "presetLabel",
    }  # fmt: skip
    assert set(content["application/json"]["schema"]["properties"]) == set(form) - {"image", "backgroundImage"}
    jobs = document["paths"]["/api/v1/jobs"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    every = {name for each in OPERATIONS.values() for name in each.Parameters.model_json_schema()["properties"]}
    assert set(jobs["properties"]) == set(form) | every | {"operation", "webhookUrl"}


def test_the_answers_are_described_in_camel_case(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["ImageAnswer"]["properties"]) == {
        "success", "jobId", "operation", "presetLabel", "output", "subject", "engine", "credits", "warnings", "timings",
    }  # fmt: skip
    assert "/api/v1/jobs/{jobId}" in document["paths"]
    of_heyswap = {"CreditBalance", "HeySwapFailure", "BackgroundRemoved", "RemovedImages"}
    for name in schemas.keys() - of_heyswap:  # a router without by_alias would spoil those it shares with others
        assert not [field for field in schemas[name]["properties"] if "_" in field], name
    image = document["paths"]["/api/v1/process"]["post"]["responses"]["200"]
    assert set(image["content"]) == {"application/json", "image/*"}
    assert {"X-Credits-Charged", "X-Credits-Remaining", "Idempotent-Replayed"} <= set(image["headers"])


def test_examples_tell_what_their_call_does(document: dict[str, Any], client: Client) -> None:
    def good(operation: dict[str, Any]) -> dict[str, Any]:
        answer = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        found: dict[str, Any] = answer["content"]["application/json"]["example"]
        return found

    for name, operation in OPERATIONS.items():
        if operation.path:
            example = good(document["paths"][f"/api/v1{operation.path}"]["post"])
            assert (example["operation"], example["credits"]["charged"]) == (name, operation.cost)
    job = document["paths"]["/api/v1/jobs/{jobId}"]
    assert (good(job["get"])["status"], good(job["get"])["error"]) == ("succeeded", None)
    assert good(job["delete"])["status"] == "canceled"
    publication = good(document["paths"]["/api/v1/publications"]["post"])
    assert (publication["status"], publication["dryRun"], publication["revertedAt"]) == ("queued", True, None)
    swap = read(client, "faceswap")["paths"]["/v1/faceswap/jobs/cancel/"]["get"]
    assert (good(swap)["status"], good(swap)["attachments"]) == ("cancelled", [])
    for name in ("job.succeeded", "job.failed", "job.canceled", "publication.rejected", "publication.failed"):
        data = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["example"]["data"]
        assert data["status"] == name.partition(".")[2]
