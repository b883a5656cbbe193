"""Access tokens: for some addresses, for some minutes, never wider than their key; and calls from other origins."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.access import access_tokens, json_web_tokens
from accounts.actions.api_keys import revoke_api_key
from accounts.models import ApiKey
from tests.support.api import Api, SpaceApi, photo, refusal
from tests.support.cast import Cast

MINT = "/auth/access-token/"


def minted(api: SpaceApi, **body: Any) -> SpaceApi:
    answer = api.json(MINT, body)
    assert answer.status_code == 200, answer.content
    assert set(answer.json()) == {"access_token"}
    return SpaceApi(f"AccessToken {answer.json()['access_token']}")


def test_a_token_stands_for_its_key(api: SpaceApi) -> None:
    page = minted(api)
    (path,) = page.upload()
    assert page.get(f"/files/{path}").content == photo().read()
    assert page.get("/file-ops/usage/").json()["file_count"] == 1
    assert page.delete(f"/files/{path}").status_code == 200
    # An empty body, as curl -X POST sends it.
    assert api.client.post(f"/v3{MINT}", headers=api.headers).status_code == 200


def test_only_for_its_addresses(api: SpaceApi) -> None:
    api.form("/file-ops/upload/", {"file": photo(), "key": "ours/a b.jpg"})
    page = minted(api, paths=["/v3/files/ours/*", "/v3/file-ops/usage/"])
    for address in ("/files/ours/a%20b.jpg", "/files/ours/a b.jpg", "/file-ops/usage/", "/file-ops/usage/?"):
        assert page.get(address).status_code == 200, address
    assert page.get("/files/ours/deeper/still.jpg").status_code == 404
    refusal(page.get("/files/ours/../theirs.jpg"), 400, "invalid_input")
    for address in ("/files/theirs.jpg", "/files/oursa.jpg", "/v3/file-ops/usage", "/nothing/"):
        assert page.get(address).status_code in {401, 404}, address
    refusal(page.get("/files/theirs.jpg"), 401, "unauthorized")
    refusal(page.delete("/files/theirs.jpg"), 401, "unauthorized")
    refusal(page.form("/file-ops/upload/", {"files": photo(), "upload_path": "ours"}), 401, "unauthorized")
    one = minted(api, paths=["/v3/files/ours/a?b.jpg"])
    assert one.get("/files/ours/a%20b.jpg").status_code == 200
    refusal(one.get("/files/ours/a%20b.jpgx"), 401, "unauthorized")


def test_a_token_makes_no_token(api: SpaceApi) -> None:
    refusal(minted(api).json(MINT, {}), 401, "unauthorized")
    refusal(SpaceApi("").json(MINT, {}), 401, "unauthorized")
    refusal(SpaceApi("Token wrong").json(MINT, {}), 401, "unauthorized")


def test_never_wider_than_its_key(cast: Cast) -> None:
    reader = minted(SpaceApi(f"Token {cast.key(cast.alice, 'images:read')}"), paths=["*"], expires_in=600)
    assert reader.get("/file-ops/usage/").status_code == 200
    answer = reader.form("/file-ops/upload/", {"files": photo(), "upload_path": "a"})
    assert "images:write" in refusal(answer, 403, "missing_scope")
    assert 'scope="images:write"' in answer["WWW-Authenticate"]


def test_it_ends_with_its_key_at_once(cast: Cast, api: SpaceApi) -> None:
    page = minted(api, expires_in=600)
    assert page.get("/file-ops/usage/").status_code == 200
    revoke_api_key(cast.alice, key_id=ApiKey.objects.of(cast.alice).get().pk)
    assert "revoked" in refusal(page.get("/file-ops/usage/"), 401, "unauthorized")


def test_it_ends_with_its_time_to_the_moment(cast: Cast, api: SpaceApi) -> None:
    key = ApiKey.objects.of(cast.alice).get().pk
    token = access_tokens.issue(key, paths=["*"], seconds=1, at=0.0)
    assert "expired" in refusal(SpaceApi(f"AccessToken {token}").get("/file-ops/usage/"), 401, "unauthorized")


def test_one_kind_of_token_is_not_the_other(cast: Cast, api: SpaceApi) -> None:
    key = ApiKey.objects.of(cast.alice).get().pk
    for other in (json_web_tokens.issue(key), "a.b.c", ""):
        refusal(SpaceApi(f"AccessToken {other}").get("/file-ops/usage/"), 401, "unauthorized")
    token = access_tokens.issue(key, paths=["*"], seconds=60)
    assert Client().get("/api/v1/files", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert Client().get("/api/v1/files", headers={"Authorization": f"AccessToken {token}"}).status_code == 401
    assert Api(token).get("/files").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"expires_in": 0}, {"expires_in": 601}, {"expires_in": "soon"}, {"expires_in": True}, {"paths": []},
        {"paths": "*"}, {"paths": [7]}, {"paths": [""]}, {"paths": ["a" * 1001, "b" * 1000]}, {"more": 1},
    ],
    ids=lambda body: str(body)[:30],
)  # fmt: skip
def test_tokens_that_are_not_made(api: SpaceApi, body: dict[str, Any]) -> None:
    assert next(iter(body)) in refusal(api.json(MINT, body), 400, "invalid_input")


def test_calls_of_a_token_count_for_its_key(api: SpaceApi, settings: Any) -> None:
    settings.RATE_LIMIT_KEY_PER_MINUTE = 3
    page = minted(api)
    assert page.get("/file-ops/usage/")["x-ratelimit-remaining"] == "1"
    assert api.get("/file-ops/usage/")["x-ratelimit-remaining"] == "0"
    refusal(page.get("/file-ops/usage/"), 429, "rate_limited")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/v3/file-ops/upload/", "/v3/files/a.jpg", "/v3/nothing/"])
def test_any_origin_may_ask_before_it_calls(client: Client, address: str) -> None:
    asked = client.options(
        address,
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "HEAD", "POST", "DELETE"} <= set(asked["Access-Control-Allow-Methods"].split(", "))
    assert {"Authorization", "Content-Type", "Range"} <= set(asked["Access-Control-Allow-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in asked
    assert asked["X-Request-Id"]
    assert asked["x-ratelimit-limit"]


def test_every_answer_can_be_read_by_any_origin(api: SpaceApi, client: Client, settings: Any) -> None:
    (path,) = api.upload()
    answers = [api.get(f"/files/{path}"), api.get("/files/no.jpg"), client.get("/v3/file-ops/usage/"),
               api.get(MINT), api.get("/nothing/"), api.json(MINT, {"more": 1})]  # fmt: skip
    settings.RATE_LIMIT_KEY_PER_MINUTE = 1
    answers.append(api.get("/file-ops/usage/"))
    assert [answer.status_code for answer in answers] == [200, 404, 401, 405, 404, 400, 429]
    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/files")
