"""Face-swap family: accounts over the API, to the letter."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, Membership
from processing.models import FaceSwapAccount
from tests.support.at_once import at_once
from tests.support.cast import Cast, make_cast

TOKEN = "MTI3NDU2Nzg5MDEyMzQ1Njc4.GaBcDe.0123456789abcdefghij"
BASE = "/v1/faceswap/account"


class Caller:
    """A useapi client: `Authorization: Bearer`, JSON bodies."""

    def __init__(self, key: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str = "") -> Any:
        return self.client.get(f"{BASE}{path}", headers=self.headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"{BASE}{path}", headers=self.headers)

    def post(self, channel: str, body: object, **headers: str) -> Any:
        text = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(
            f"{BASE}/{channel}", text, content_type="application/json", headers=self.headers | headers
        )

    def keep(self, channel: str, token: str = TOKEN, server: str = "77") -> Any:
        return self.post(channel, {"discord": token, "server": server, "channel": channel})


@pytest.fixture
def api(cast: Cast) -> Caller:
    return Caller(cast.key())


def refusal(answer: Any) -> tuple[int, str]:
    """Status and sentence, after a look at the shape."""
    body = answer.json()
    assert set(body) == {"error", "code"}
    assert body["code"] == answer.status_code
    return answer.status_code, body["error"]


def test_none_one_many_and_none_again(api: Caller) -> None:
    status, sentence = refusal(api.get())
    assert (status, "No face-swap account" in sentence) == (404, True)
    made = api.keep("11")
    assert (made.status_code, made.content) == (204, b"")
    one = {"server": "77", "channel": "11", "discord": TOKEN}
    assert api.get().json() == {"11": one}
    assert api.get("/11").json() == one
    assert api.keep("12", "another token").status_code == 204
    assert list(api.get().json()) == ["11", "12"]
    gone = api.delete("/11")
    assert (gone.status_code, gone.content) == (204, b"")
    assert refusal(api.delete("/11"))[0] == refusal(api.get("/11"))[0] == 404
    assert api.delete("/12").status_code == 204
    assert api.get().status_code == 404


def test_credits_once_known_with_their_moment_in_the_familys_form(api: Caller) -> None:
    api.keep("11")
    for moment, shown in (
        (datetime(2024, 2, 1, 2, 5, 24, 991000, tzinfo=UTC), "2024-02-01T02:05:24.991000+00:00"),
        (datetime(2024, 2, 1, 2, 5, 24, tzinfo=UTC), "2024-02-01T02:05:24.000000+00:00"),
    ):
        FaceSwapAccount.unscoped.update(credits_total=50, credits_used=18, credits_at=moment)
        assert api.get("/11").json()["credits"] == {"timestamp": shown, "total": 50, "used": 18}
    api.keep("11")
    assert "credits" in api.get("/11").json(), "the same token is the same person there"
    api.keep("11", "another token")
    assert "credits" not in api.get("/11").json()


def test_tokens_are_encrypted_masked_and_nowhere_else(api: Caller, cast: Cast, caplog: Any) -> None:
    api.keep("11")
    api.keep("11", TOKEN + "2", server="78")
    row = FaceSwapAccount.objects.of(cast.alice).get()
    assert row.readable_token() == TOKEN + "2"
    assert TOKEN not in row.token
    reader = Caller(cast.key(cast.alice, "providers:read"))
    assert reader.get("/11").json()["discord"] == "MTI…secured…ij2"
    assert reader.get().json()["11"]["discord"] == "MTI…secured…ij2"
    api.keep("12", "short")
    assert reader.get("/12").json()["discord"] == "…secured…"
    api.delete("/11")
    said = [refusal(api.keep("13", "short"))[1], caplog.text]
    for entry in AuditEntry.objects.of(cast.alice).filter(target_kind="face_swap_account"):
        said.append(json.dumps(entry.details))
    assert len(said) == 6
    assert not [text for text in said if TOKEN[:10] in text or row.digest in text]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"server": "77", "channel": "11"}, "discord is missing"),
        ({"discord": TOKEN, "channel": "11"}, "server is missing"),
        ({"discord": TOKEN, "server": "77"}, "channel is missing"),
        ({}, "discord is missing.*server is missing.*channel is missing"),
        ({"discord": "", "server": " ", "channel": "11"}, "discord is missing"),
        ({"discord": TOKEN, "server": " ", "channel": "11"}, "server is missing"),
        ({"discord": TOKEN, "server": "7" * 201, "channel": "11"}, "server must be text of at most 200"),
        ({"discord": 7, "server": "77", "channel": "11"}, "discord must be text"),
        ({"discord": "a\nb", "server": "77", "channel": "11"}, "discord holds characters"),
        ({"discord": TOKEN, "server": "77", "channel": "12"}, "channel does not match"),
        ({"discord": TOKEN, "server": "77", "channel": "11", "color": "red"}, "no field color"),
        ("[1]", "must be a JSON object"),
        ("nonsense", "not JSON"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(api: Caller, cast: Cast, body: object, named: str) -> None:
    status, sentence = refusal(api.post("11", body))
    assert status == 400
    assert re.search(named, sentence), sentence
    assert not FaceSwapAccount.objects.of(cast.alice).exists()


def test_one_token_one_account(api: Caller, cast: Cast) -> None:
    api.keep("11")
    assert refusal(api.keep("12")) == (
        400,
        "discord is already used by the account of the channel 11. Each account needs its own.",
    )
    assert api.keep("11", server="78").status_code == 204
    assert list(FaceSwapAccount.objects.of(cast.alice).values_list("channel", "server")) == [("11", "78")]
    assert Caller(cast.key(cast.charlie)).keep("11").status_code == 204, "another organization is another world"


def test_another_organizations_accounts_do_not_exist(api: Caller, cast: Cast) -> None:
    api.keep("11")
    stranger = Caller(cast.key(cast.charlie))
    assert stranger.get().status_code == stranger.get("/11").status_code == stranger.delete("/11").status_code == 404
    assert api.get("/11").status_code == 200


def test_every_refusal_has_the_familys_shape(api: Caller, cast: Cast, client: Client) -> None:
    nobody = client.get(BASE)
    assert nobody.json() == {"error": "Unauthorized", "code": 401}
    assert nobody["WWW-Authenticate"].startswith("Bearer")
    assert Caller("wrong").get().json() == {"error": "Unauthorized", "code": 401}
    reader = Caller(cast.key(cast.alice, "providers:read"))
    status, sentence = refusal(reader.keep("11"))
    assert (status, "providers:write" in sentence) == (403, True)
    assert refusal(client.put(BASE))[0] == 405
    for path in ("/v1/nothing", "/v1/faceswap/nothing", "/v1/faceswap/account/a/b"):
        assert refusal(client.get(path))[0] == 404
    assert refusal(api.client.get(f"{BASE}?x=1", headers=api.headers))[0] == 400
    form = api.client.post(f"{BASE}/11", "x", content_type="text/plain", headers=api.headers)
    assert refusal(form)[0] == 415
    Membership.unscoped.filter(user=cast.alice.user).update(role="editor")
    for answer in (api.get(), api.keep("11"), api.delete("/11")):
        assert refusal(answer)[0] == 403
    assert not FaceSwapAccount.objects.of(cast.alice).exists()


def test_the_same_call_twice_is_one(api: Caller, cast: Cast) -> None:
    body = {"discord": TOKEN, "server": "77", "channel": "11"}
    first, again = (api.post("11", body, **{"Idempotency-Key": "a"}) for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (204, 204, "true")
    assert AuditEntry.objects.of(cast.alice).filter(action="face_swap_account.added").count() == 1


def test_an_unreadable_token_is_said(api: Caller, cast: Cast, settings: Any) -> None:
    api.keep("11")
    settings.FIELD_ENCRYPTION_KEYS = ["1Nqk5Yx4mK0gXoDk8V5S2m3nN9oC7uR6yQ4wZ1bT8cE="]
    status, sentence = refusal(api.get("/11"))
    assert (status, "FIELD_ENCRYPTION_KEYS" in sentence) == (409, True)
    assert Caller(cast.key(cast.alice, "providers:read")).get("/11").json()["discord"] == "…unreadable…"
    assert api.keep("11").status_code == 204
    assert api.get("/11").json()["discord"] == TOKEN


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_with_one_token_only_the_first_gets_it() -> None:
    cast = make_cast()
    key = cast.key()
    answers = at_once(6, lambda number: Caller(key).keep(f"1{number}").status_code)
    assert sorted(answers, key=str) == [204, 400, 400, 400, 400, 400]
    assert FaceSwapAccount.objects.of(cast.alice).count() == 1
