"""The documentation: nothing that the code has may be missing from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.access.permissions import SCOPES
from dashboard.api.families import FAMILIES
from dashboard.error_list import every_error
from dashboard.pages.docs import CHAPTERS, GUIDES
from dashboard.settings import BASE_DIR

ADDRESSES = ["/docs/", *(f"/docs/{guide.slug}/" for guide in GUIDES)]
REFERENCE = [f"/docs/reference/{chapter.slug}/" for chapter in CHAPTERS]


@pytest.fixture
def documents(client: Client, db: None) -> list[dict[str, Any]]:
    return [client.get("/api/v1/openapi", {"family": family.slug}).json() for family in FAMILIES]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


@pytest.mark.django_db
def test_every_page_is_open_to_everyone_and_in_the_list(client: Client) -> None:
    index = client.get("/docs/").content.decode()
    for address in (*ADDRESSES, *REFERENCE):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'href="{address}"' in index, address
    assert client.get("/docs/nothing/").status_code == 404
    assert client.get("/docs/reference/nothing/").status_code == 404
    assert {f"{path.stem}" for path in (BASE_DIR / "templates" / "docs").glob("*.html")} - {
        "index", "layout", "page", "reference",
    } == {guide.slug for guide in GUIDES}  # fmt: skip


@pytest.mark.django_db
def test_every_link_between_the_pages_leads_somewhere(client: Client) -> None:
    pages = {address: client.get(address).content.decode() for address in (*ADDRESSES, *REFERENCE)}
    links = {link for page in pages.values() for link in re.findall(r'href="(/docs/[^"]*)"', page)}
    for link in links:
        address, _, anchor = link.partition("#")
        assert address in pages, link
        assert not anchor or f'id="{anchor}"' in pages[address], link


@pytest.mark.django_db
def test_every_error_is_explained(client: Client) -> None:
    page = client.get("/docs/errors/").content.decode()
    entries = every_error()
    assert {"invalid_input", "unauthorized", "missing_scope", "not_found"} <= {entry.code for entry in entries}
    for entry in entries:
        assert f'id="{entry.code}"' in page
        assert entry.meaning, entry.code


def test_every_error_class_is_in_the_list() -> None:
    """Wherever in the code it is: one that the list's places do not reach would be told without being explained."""
    codes = {entry.code for entry in every_error()}
    forgotten = []
    for folder in ("accounts", "processing", "integrations", "dashboard"):
        for path in (BASE_DIR / folder).rglob("*.py"):
            for name, body in re.findall(r"^class (\w+)\([^)]*\):\n((?:(?:    .*)?\n)+)", path.read_text(), re.M):
                found = re.search(r'^    code = "(\w+)"$', body, re.M)
                if found and name != "PackshotError" and found[1] not in codes:
                    forgotten.append(f"{path.relative_to(BASE_DIR)}: {name}")
    assert forgotten == []


def test_every_scope_and_every_call_is_on_a_page(client: Client, documents: list[dict[str, Any]]) -> None:
    guide = client.get("/docs/api/").content.decode()
    for scope in SCOPES:
        assert f">{scope.value}<" in guide
    pages = [client.get(address).content.decode() for address in REFERENCE]
    for document in documents:
        for path, operation in operations(document):
            page = next((page for page in pages if f'id="{operation["operationId"]}"' in page), "")
            assert f"<code>{path}</code>" in page, operation["operationId"]
            assert f'href="/api-tester/?call={operation["operationId"]}"' in page
            for parameter in operation["parameters"]:
                assert f">{parameter['name']}<" in page, (path, parameter["name"])
            for media in operation.get("requestBody", {}).get("content", {}).values():
                for field in media["schema"]["properties"]:
                    assert f">{field}<" in page, (path, field)
    events = client.get("/docs/reference/events/").content.decode()
    for name, event in documents[0]["webhooks"].items():
        assert f"<code>{name}</code>" in events
        assert f'id="{event["post"]["operationId"]}"' in events


@pytest.mark.django_db
def test_words_of_the_document_are_escaped(client: Client) -> None:
    page = client.get("/docs/reference/images/").content.decode()
    assert "-H &quot;x-api-key: &lt;YOUR_API_KEY&gt;&quot;" in page
    assert "<YOUR_API_KEY>" not in page
