"""Rate limits of the API, as a program sees them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.access import json_web_tokens
from accounts.actions.api_keys import create_api_key
from tests.support.api import Api
from tests.support.cast import Cast

NAMES = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-retry-after")


def figures(answer: Any) -> list[int]:
    return [int(answer[name]) for name in NAMES]


def test_every_answer_says_what_is_left(cast: Cast) -> None:
    api = Api(cast.key())
    first, second = api.get("/user/credits"), api.get("/jobs/no-such-address")
    assert figures(first) == [600, 599, 60, 0]
    assert first["RateLimit-Policy"] == '"key";q=600;w=60'
    assert first["RateLimit"] == '"key";r=599;t=60'
    assert second.status_code == 404
    assert figures(second)[:2] == [600, 598]
    assert figures(Client().put("/api/v1/user/credits"))[:2] == [120, 119]


def test_over_the_limit_is_429_and_does_nothing(cast: Cast, settings: Any) -> None:
    settings.RATE_LIMIT_KEY_PER_MINUTE = 2
    api, other = Api(cast.key()), Api(cast.key())
    assert [api.get("/user/credits").status_code for _ in range(3)] == [200, 200, 429]
    refused = api.form("/jobs", {"imageUrl": "https://example.com/a.jpg"})
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert refused.json()["code"] == "rate_limited"
    limit, left, reset, wait = figures(refused)
    assert (limit, left) == (2, 0)
    assert 0 < wait <= reset <= 60
    assert refused["Retry-After"] == str(wait)
    assert other.get("/user/credits").status_code == 200


def test_the_shape_of_the_family_is_kept(cast: Cast, settings: Any) -> None:
    settings.RATE_LIMIT_KEY_PER_MINUTE = 1
    api = Api(cast.key())
    api.get("/user/credits")
    refused = api.get("/user/credits")
    assert refused.status_code == 429
    assert refused.json()["success"] is False


def test_a_token_counts_for_the_key_behind_it(cast: Cast, settings: Any) -> None:
    settings.RATE_LIMIT_KEY_PER_MINUTE = 3
    row, key = create_api_key(cast.alice, name="Shop", scopes=["*"])
    token = json_web_tokens.issue(row.pk)
    Api(key).get("/user/credits")
    answer = Client().get("/api/v1/user/credits", headers={"Authorization": f"Bearer {token}"})
    assert figures(answer)[:2] == [3, 1]


def test_without_a_key_the_address_counts(client: Client, settings: Any, db: None) -> None:
    settings.RATE_LIMIT_IP_PER_MINUTE = 2
    answers = [client.get("/api/v1/openapi") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"ip";q=2;w=60'
    elsewhere = client.get("/api/v1/openapi", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_wrong_keys_are_counted_by_the_hour(cast: Cast, settings: Any) -> None:
    settings.RATE_LIMIT_FAILED_AUTH_PER_HOUR = 3
    good = Api(cast.key())
    answers = [Api("ps_live_" + "a" * 38).get("/user/credits") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[3]["RateLimit-Policy"] == '"failed-auth";q=3;w=3600'
    # A good key on the same address is nobody's guess.
    assert good.get("/user/credits").status_code == 200


def test_a_missing_key_is_no_wrong_one(client: Client, settings: Any, db: None) -> None:
    settings.RATE_LIMIT_FAILED_AUTH_PER_HOUR = 1
    assert [client.get("/api/v1/user/credits").status_code for _ in range(3)] == [401, 401, 401]


@pytest.mark.parametrize("path", ["/", "/healthz", "/docs/"])
def test_pages_are_not_counted(client: Client, path: str, db: None) -> None:
    assert not client.get(path).has_header("x-ratelimit-limit")
