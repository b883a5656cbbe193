"""The HeySwap family: tokens for keys, the background removed, and its own way to say no."""

from __future__ import annotations

from typing import Any
from typing import cast as cast_

import jwt
import pytest
from django.test import Client

from accounts.access import json_web_tokens
from accounts.actions.api_keys import revoke_api_key
from accounts.models import ApiKey, LedgerEntry, Organization
from processing.models import Asset, Job
from tests.support.api import Api, part, photo
from tests.support.cast import Cast
from tests.support.photos import opened, product_photo
from tests.support.remote import remote, says, whole

REMOVE = "/image/remove-background"


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


def token_of(client: Client, key: str) -> str:
    answer = client.post("/api/token", {"key": key}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("bearer", 3600)
    token: str = answer.json()["access_token"]
    return token


def refresh(client: Client, token: str, **more: Any) -> Any:
    return client.post("/api/refresh", headers={"Authorization": f"Bearer {token}"}, **more)


def balance(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alice.organization.pk).credit_balance


def failure(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    body: dict[str, Any] = answer.json()
    assert set(body) <= {"success", "message", "errors"}
    assert body["success"] is False
    assert body["message"]
    return body


def test_a_token_stands_for_its_key(cast: Cast, client: Client) -> None:
    token = token_of(client, cast.key(cast.alice, "credits:read"))
    bearer = {"Authorization": f"Bearer {token}"}
    assert cast.alice.user is not None
    read = client.get("/api/v1/user/credits", headers=bearer)
    assert read.json() == {"success": True, "credits": 100, "user_id": cast.alice.user.pk}
    assert client.get("/api/v1/jobs", headers=bearer).status_code == 403
    renewed = refresh(client, token, data="", content_type="application/json")
    assert renewed.status_code == 200
    other = renewed.json()["access_token"]
    assert other != token
    for each in (token, other):
        assert client.get("/api/v1/user/credits", headers={"Authorization": f"Bearer {each}"}).status_code == 200


def test_a_token_ends_with_its_key_and_with_its_time(cast: Cast, client: Client) -> None:
    token = token_of(client, cast.key())
    row = ApiKey.objects.of(cast.alice).get()
    for old in (json_web_tokens.issue(row.pk, at=0), jwt.encode({"sub": str(row.pk)}, "guessed" * 6)):
        assert failure(refresh(client, old), 401)
    revoke_api_key(cast.alice, key_id=row.pk)
    answer = refresh(client, token)
    assert "revoked" in failure(answer, 401)["message"]
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/api/v1/user/credits", headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.django_db
def test_tokens_are_not_given_for_anything_else(client: Client) -> None:
    def ask(body: object) -> Any:
        return client.post("/api/token", body, content_type="application/json")

    assert set(failure(ask({}), 400)["errors"]) == {"key"}
    assert set(failure(ask({"key": 7, "more": 1}), 400)["errors"]) == {"key", "more"}
    assert failure(ask([]), 400)
    for wrong in ("", "wrong", "ps_live_" + "a" * 38):
        answer = ask({"key": wrong})
        assert failure(answer, 401)
        assert answer["WWW-Authenticate"].startswith("Bearer")
    failure(client.post("/api/token", "key=1", content_type="text/plain"), 415)
    failure(client.get("/api/token"), 405)
    failure(client.post("/api/refresh"), 401)


def test_a_key_alone_is_no_token_to_renew(cast: Cast, client: Client) -> None:
    failure(refresh(client, cast.key()), 401)
    failure(client.post("/api/refresh", headers={"x-api-key": cast.key()}), 401)


def test_wrong_keys_are_counted(client: Client, cast: Cast, settings: Any) -> None:
    settings.RATE_LIMIT_FAILED_AUTH_PER_HOUR = 3
    for _ in range(3):
        failure(client.post("/api/token", {"key": "wrong"}, content_type="application/json"), 401)
    limited = client.post("/api/token", {"key": "wrong"}, content_type="application/json")
    failure(limited, 429)
    assert int(limited["Retry-After"]) > 0
    assert token_of(client, cast.key())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_background_goes_and_the_product_stays(cast: Cast, api: Api, client: Client, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with remote(says(whole(product_photo(3, size=(120, 100))))) as there:
        url = there.url("/mug.jpg")
        answer = api.json(REMOVE, {"input_image": url})
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert set(body) == {"success", "message", "data", "credits_remaining"}
    assert (body["success"], body["message"]) == (True, "Background removed successfully")
    assert body["data"]["input_image"] == url
    assert body["data"]["output_image"].startswith("http://testserver/i/")
    assert body["data"]["output_image"].endswith(".png")
    assert body["credits_remaining"] == 99 == balance(cast)
    assert (answer["X-Credits-Charged"], answer["X-Credits-Remaining"]) == ("1", "99")
    image = opened(client.get(body["data"]["output_image"].removeprefix("http://testserver")).content)
    assert (image.size, image.mode) == ((120, 100), "RGBA")
    alpha = image.getchannel("A")
    assert (alpha.getpixel((0, 0)), alpha.getpixel((60, 55))) == (0, 255)
    job = Job.objects.of(cast.alice).get()
    assert (job.operation, job.parameters["background"]) == ("remove_background", "transparent")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("field", ["input_image", "image"])
def test_a_file_works_as_well(cast: Cast, api: Api, client: Client, field: str) -> None:
    fields = {"output_format": "jpg", "bg_color": "ff0000", "bg_gradient": "#000000:#000000"}
    answer = api.form(REMOVE, {field: photo(), **fields})
    assert answer.status_code == 200, answer.content
    data = answer.json()["data"]
    picture = opened(client.get(data["output_image"].removeprefix("http://testserver")).content)
    red, green, blue = cast_("tuple[int, int, int]", picture.getpixel((0, 0)))
    assert (red > 240, green < 16, blue < 16) == (True, True, True)
    assert client.get(data["input_image"].removeprefix("http://testserver")).content == photo().read()


@pytest.mark.parametrize(
    ("fields", "background"),
    [
        ({}, "transparent"),
        ({"output_format": "webp"}, "transparent"),
        ({"output_format": "jpg"}, "#ffffff"),
        ({"bg_gradient": "#A855F7:#ec4899", "gradient_direction": "diagonal-bl-tr"}, "#a855f7:#ec4899"),
        ({"bg_gradient": "#a855f7:#ec4899", "bg_color": "#0f0"}, "#0f0"),
    ],
)
def test_the_background_that_is_asked_for(
    cast: Cast, api: Api, settings: Any, fields: dict[str, str], background: str
) -> None:
    settings.FAMILY_WAIT_SECONDS = 0
    failure(api.form(REMOVE, {"image": photo(), **fields}), 504)
    parameters = Job.objects.of(cast.alice).get().parameters
    assert parameters["background"] == background
    assert parameters["gradientDirection"] == fields.get("gradient_direction", "vertical")


def test_not_in_time(cast: Cast, api: Api, settings: Any) -> None:
    """Nothing is charged, nothing goes on, and the same Idempotency-Key may try again."""
    settings.FAMILY_WAIT_SECONDS = 0
    for _ in range(2):
        answer = api.form(REMOVE, {"image": photo()}, idempotency_key="once")
        failure(answer, 504)
        assert (answer["X-Credits-Charged"], balance(cast)) == ("0", 100)
    assert set(Job.objects.of(cast.alice).values_list("status", flat=True)) == {"canceled"}
    kinds = list(LedgerEntry.objects.of(cast.alice).exclude(kind="grant").values_list("kind", flat=True))
    assert sorted(kinds) == ["release", "release", "reserve", "reserve"]


def test_refusals_have_this_familys_shape(cast: Cast, api: Api, client: Client) -> None:
    assert set(failure(api.json(REMOVE, {}), 400)["errors"]) == {"input_image"}
    wrong = {"image": photo(), "output_format": "gif", "bg_color": "red", "bg_gradient": "#fff", "colour": "1"}
    assert set(failure(api.form(REMOVE, wrong), 400)["errors"]) == {
        "output_format",
        "bg_color",
        "bg_gradient",
        "colour",
    }
    both = api.form(REMOVE, {"image": photo(), "input_image": "https://example.com/a.jpg"})
    assert set(failure(both, 400)["errors"]) == {"input_image", "image"}
    assert failure(api.json(REMOVE, {"input_image": "http://127.0.0.1:1/a.jpg"}), 400)
    failure(api.form(REMOVE, {"image": part(b"no picture")}), 415)
    failure(api.raw(REMOVE, b"hello", "text/plain"), 415)
    failure(client.post(f"/api/v1{REMOVE}"), 401)
    refused = Api(cast.key(cast.alice, "credits:read")).form(REMOVE, {"image": photo()})
    assert "images:write" in failure(refused, 403)["message"]
    Organization.objects.filter(pk=cast.alice.organization.pk).update(credit_balance=0)
    failure(api.form(REMOVE, {"image": photo()}), 402)
    assert not Asset.unscoped.exists()
    assert not Job.unscoped.exists()


def test_as_a_job(cast: Cast, api: Api, run_all: Any) -> None:
    made = api.form("/jobs", {"image": photo(), "operation": "remove_background", "format": "webp"})
    assert made.status_code == 202, made.content
    run_all()
    job = api.get(f"/jobs/{made.json()['jobId']}").json()
    assert (job["status"], job["operation"]) == ("succeeded", "remove_background")
    assert (job["outputs"][0]["format"], job["outputs"][0]["width"]) == ("webp", 120)
    for field, value in (("width", "80"), ("preset", "amazon-main"), ("background", "transparent")):
        refused = api.form("/jobs", {"image": photo(), "operation": "remove_background", "format": "jpg", field: value})
        assert (refused.status_code, [item["field"] for item in refused.json()["errors"]]) == (400, [field])
