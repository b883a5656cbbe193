from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from accounts.access.actor import Actor
from tests.support.cast import Cast

As = Callable[[Actor], Client]
# As the page's users look for them.
WORDS = (
    "API Access", "Base URL:", "Process endpoint:", "Compliance endpoint:", "Async jobs:", "Dedicated endpoints:",
    "Auth header:", "Idempotency (recommended for POST):",
    "Rate limiting: responses include x-ratelimit-remaining, x-ratelimit-reset, and x-ratelimit-retry-after.",
    "OpenAPI:", "Postman:", "JavaScript Example", "Python Example", "Async + Webhook Example", "curl", "PHP",
    "<YOUR_API_KEY>",
)  # fmt: skip


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_page_has_its_fixed_words_in_order(cast: Cast, as_: As) -> None:
    page = words(as_(cast.alice).get("/api-access/").content.decode())
    assert [word for word in WORDS if word not in page] == []
    lines = [page.index(word) for word in WORDS[1:10]]
    assert lines == sorted(lines)


def test_addresses_are_this_servers(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    page = words(client.get("/api-access/", headers={"host": "localhost:8123"}).content.decode())
    assert "Base URL: http://localhost:8123" in page
    assert "http://localhost:8123/api/v1/process" in page
    assert "testserver" not in page


def test_the_key_table_stands_there_with_the_testers_sentence(cast: Cast, as_: As) -> None:
    cast.key()
    client = as_(cast.alice)
    assert 'hx-get="/api-keys/rows/"' in client.get("/api-access/").content.decode()
    rows = words(client.get("/api-keys/rows/").content.decode())
    assert "Key auth is used when this field is filled. If empty, tester falls back to legacy public endpoints." in rows


@pytest.mark.parametrize("who", ["bob", "victor"])
def test_everyone_in_the_organization_may_read_it(cast: Cast, as_: As, who: str) -> None:
    page = as_(getattr(cast, who)).get("/api-access/")
    assert page.status_code == 200
    assert ("/api-keys/rows/" in page.content.decode()) == (who == "bob")


def test_strangers_sign_in_first(client: Client, db: None) -> None:
    assert client.get("/api-access/")["Location"] == "/accounts/login/?next=/api-access/"
