"""Who may call what: credentials, scopes, roles; and which shape a refusal has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from ninja import NinjaAPI

from accounts.access.permissions import Permission
from accounts.actions.api_keys import revoke_api_key
from accounts.models import ApiKey, Membership
from dashboard.access import Access, declared_routes, refuse_undeclared_routes
from dashboard.api.auth import Requires
from processing.models import Asset, Job
from tests.support.api import Api, photo
from tests.support.cast import Cast

ID = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"

forgetful = NinjaAPI(urls_namespace="forgetful", openapi_url=None, docs_url=None)


@forgetful.get("/open", auth=Requires(Permission.JOBS_READ))
def _declared(request: Any) -> str:
    return "fine"


@forgetful.post("/open")
def _forgotten(request: Any) -> str:
    return "secret"


urlpatterns = [
    path("forgetful/", ([item for item in forgetful.urls[0] if getattr(item, "name", "") != "api-root"], "ninja", "x"))
]


@override_settings(ROOT_URLCONF=__name__)
def test_a_call_that_forgot_its_scope_stops_the_start() -> None:
    assert [access for _, _, access in declared_routes()] == [Access("api", Permission.JOBS_READ), None]
    with pytest.raises(ImproperlyConfigured, match="forgetful/open"):
        refuse_undeclared_routes()


def test_a_job_needs_the_scope_of_its_operation_too(cast: Cast) -> None:
    answer = Api(cast.key(cast.alice, "jobs:write")).form("/jobs", {"image": photo()})
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert "images:write" in answer.json()["detail"]
    assert not Asset.unscoped.exists()
    assert not Job.unscoped.exists()
    assert Api(cast.key(cast.alice, "jobs:write", "images:write")).form("/jobs", {"image": photo()}).status_code == 202


def test_a_key_that_may_only_write_sees_what_it_has_made_or_canceled(cast: Cast) -> None:
    api = Api(cast.key(cast.alice, "images:write", "jobs:write"))
    made = api.form("/process", {"image": photo()}, prefer="respond-async")
    assert made.status_code == 202
    assert api.delete(f"/jobs/{made.json()['jobId']}").json()["status"] == "canceled"
    assert api.get(f"/jobs/{made.json()['jobId']}").status_code == 403


def test_the_ways_to_send_a_key(cast: Cast, client: Client) -> None:
    key, other = cast.key(), cast.key()

    def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get("/api/v1/user/credits", headers=named).status_code

    assert status(x_api_key=key) == 200
    assert status(authorization=f"Bearer {key}") == 200
    assert status(authorization=f"bearer  {key} ") == 200
    assert status(x_api_key=key, authorization=f"Bearer {key}") == 200
    assert status(x_api_key=key, authorization=f"Bearer {other}") == 401
    assert status(authorization=f"Token {key}") == 401
    assert status(authorization=key) == 401
    assert status(authorization="Bearer") == 401
    assert status(x_api_key=key[:-1] + ("0" if key[-1] != "0" else "1")) == 401
    assert client.get(f"/api/v1/user/credits?api_key={key}").status_code == 401


def test_keys_that_are_not_good_any_more(cast: Cast) -> None:
    api = Api(cast.key())
    assert api.get("/user/credits").status_code == 200
    row = ApiKey.objects.of(cast.alice).get()
    ApiKey.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api.get("/user/credits").status_code == 401
    ApiKey.unscoped.update(expires_at=None)
    assert api.get("/user/credits").status_code == 200
    revoke_api_key(cast.alice, key_id=row.pk)
    assert api.get("/user/credits").status_code == 401


def test_the_role_of_the_maker_is_the_second_gate(cast: Cast) -> None:
    api = Api(cast.key())
    Membership.unscoped.filter(user=cast.alice.user).update(role="viewer")
    answer = api.form("/files", {"image": photo()})
    assert answer.status_code == 403
    assert "images:write" in answer.json()["detail"]
    assert api.get("/files").status_code == 200
    Membership.unscoped.filter(user=cast.alice.user).delete()
    assert api.get("/files").status_code == 401


def test_a_browser_session_is_no_credential_here(cast: Cast, client: Client) -> None:
    assert cast.alice.user is not None
    client.force_login(cast.alice.user)
    assert client.get("/api/v1/jobs").status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/v1/process", 405, "method_not_allowed"),
        ("PUT", "/api/v1/jobs", 405, "method_not_allowed"),
        ("PATCH", f"/api/v1/files/{ID}", 405, "method_not_allowed"),
        ("OPTIONS", "/api/v1/jobs", 405, "method_not_allowed"),
        ("GET", "/api/v1/", 404, "not_found"),
        ("POST", "/api/v1/nothing", 404, "not_found"),
        ("POST", "/api/v1/process/", 404, "not_found"),
        ("DELETE", "/api/v2/jobs", 404, "not_found"),
        ("GET", "/api/v1/jobs/not-an-id", 404, "not_found"),
    ],
)
def test_addresses_and_methods_that_do_not_exist(
    client: Client, method: str, address: str, status: int, code: str
) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.generic(method, address, b"{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"], body["requestId"]) == (status, code, answer["X-Request-Id"])
    assert body["type"] == f"http://testserver/docs/errors/#{code}"
    assert set(body) == {"type", "title", "status", "detail", "code", "requestId"}
    if status == 405:
        assert method not in answer["Allow"]
        assert answer["Allow"]


def test_the_balance_and_its_errors_have_family_twos_shape(cast: Cast, client: Client) -> None:
    assert cast.alice.user is not None
    api = Api(cast.key())
    assert api.get("/user/credits").json() == {"success": True, "credits": 100, "user_id": cast.alice.user.pk}
    refused = client.get("/api/v1/user/credits")
    assert (refused.status_code, set(refused.json())) == (401, {"success", "message"})
    assert refused.json()["success"] is False
    assert client.post("/api/v1/user/credits").json()["success"] is False


def test_without_metering(cast: Cast, settings: Any) -> None:
    settings.CREDITS_UNLIMITED = True
    assert Api(cast.key()).get("/user/credits").json()["credits"] == 999_999


def test_head_is_get_without_a_body(cast: Cast, client: Client) -> None:
    headers = {"x-api-key": cast.key()}
    for address in ("/api/v1/openapi", "/api/v1/jobs", "/api/v1/user/credits", "/api/v1/nothing"):
        whole = client.get(address, headers=headers)
        head = client.head(address, headers=headers)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert head["Content-Type"] == whole["Content-Type"]
        # A refusal names its own request, whose id is as long.
        assert head["Content-Length"] == str(len(whole.content))
    assert client.head("/api/v1/process", headers=headers).status_code == 405
    assert client.head("/api/v1/jobs").status_code == 401


def test_a_field_in_the_address_is_not_ignored(cast: Cast) -> None:
    for address in ("/process?width=200&margin=0", "/jobs?width=200&margin=0", "/files?width=200&margin=0"):
        answer = Api(cast.key()).form(address, {"image": photo()})
        assert answer.status_code == 400
        assert {item["field"] for item in answer.json()["errors"]} == {"width", "margin"}
    assert not Asset.unscoped.exists()
