"""GET, POST and DELETE /api/v1/webhooks."""

from __future__ import annotations

import pytest

from accounts.actions.webhook_endpoints import create_endpoint, disable_endpoint
from accounts.models import WebhookEndpoint
from tests.support.api import Api, errors
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db
URL = "https://example.com/hooks/packshot"


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key(None, "webhooks:write"))


def test_made_read_listed_deleted(api: Api) -> None:
    made = api.json("/webhooks", {"url": URL, "events": ["job.failed", "job.succeeded"]})
    assert made.status_code == 201
    body = made.json()
    assert body["secret"].startswith("whsec_")
    assert (body["url"], body["events"], body["status"]) == (URL, ["job.succeeded", "job.failed"], "active")
    assert made["Location"].endswith(f"/api/v1/webhooks/{body['id']}")
    kept = {name: value for name, value in body.items() if name != "secret"}
    assert api.get(f"/webhooks/{body['id']}").json() == kept
    assert api.get("/webhooks").json() == {"webhooks": [kept]}
    gone = api.delete(f"/webhooks/{body['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert api.get("/webhooks").json() == {"webhooks": []}
    assert api.get(f"/webhooks/{body['id']}").status_code == 404
    assert api.delete(f"/webhooks/{body['id']}").status_code == 404


def test_every_event_is_the_default_and_a_form_does_too(api: Api) -> None:
    assert api.json("/webhooks", {"url": URL}).json()["events"] == ["*"]
    assert api.form("/webhooks", {"url": URL, "events": "job.failed"}).json()["events"] == ["job.failed"]
    assert api.form("/webhooks", {"url": URL, "events": ["job.failed", "credits.low"]}).json()["events"] == [
        "job.failed",
        "credits.low",
    ]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"url"}),
        ({"url": 7}, {"url"}),
        ({"url": "nonsense"}, {"url"}),
        ({"url": "http://192.168.1.1/"}, {"url"}),
        ({"url": URL, "events": []}, {"events"}),
        ({"url": URL, "events": {"a": 1}}, {"events"}),
        ({"url": URL, "events": [7]}, {"events"}),
        ({"url": URL, "events": ["job.exploded"]}, {"events"}),
        ({"url": URL, "secret": "mine"}, {"secret"}),
    ],
)
def test_what_is_wrong_is_named(api: Api, body: object, fields: set[str]) -> None:
    answer = api.json("/webhooks", body)
    assert answer.status_code == 400
    assert set(errors(answer)) == fields
    assert not WebhookEndpoint.unscoped.exists()


def test_sent_twice_with_an_idempotency_key_it_is_one(api: Api) -> None:
    first = api.json("/webhooks", {"url": URL}, Idempotency_Key="once")
    again = api.json("/webhooks", {"url": URL}, Idempotency_Key="once")
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert WebhookEndpoint.unscoped.count() == 1


def test_scope_role_and_strangers(cast: Cast, api: Api) -> None:
    row, _ = create_endpoint(cast.alice, url=URL, events=["*"])
    disable_endpoint(cast.alice, endpoint_id=row.pk)
    assert api.get(f"/webhooks/{row.pk}").json()["status"] == "disabled"
    for key in (cast.key(None, "jobs:read"),):
        refused = Api(key).get("/webhooks")
        assert (refused.status_code, "webhooks:write" in refused.json()["detail"]) == (403, True)
    stranger = Api(cast.key(cast.charlie))
    assert stranger.get("/webhooks").json() == {"webhooks": []}
    assert stranger.get(f"/webhooks/{row.pk}").status_code == 404
    assert stranger.delete(f"/webhooks/{row.pk}").status_code == 404
    row.refresh_from_db()
    assert row.deleted_at is None


def test_the_limit_is_a_conflict(api: Api, settings) -> None:  # type: ignore[no-untyped-def]
    settings.WEBHOOK_MAX_ENDPOINTS = 1
    assert api.json("/webhooks", {"url": URL}).status_code == 201
    answer = api.json("/webhooks", {"url": URL})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
