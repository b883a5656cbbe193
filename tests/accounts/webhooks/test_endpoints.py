"""Endpoints, secrets and the outbox without a receiver: who gets what, and who may change what."""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from accounts.actions import credits, webhook_outbox
from accounts.actions.webhook_deliveries import send_again
from accounts.actions.webhook_endpoints import create_endpoint, delete_endpoint, disable_endpoint, send_test, set_events
from accounts.actions.webhook_secrets import default_secret, rotate_default_secret, rotate_endpoint_secret
from accounts.kit.errors import Conflict, InvalidInput, NotFound, NotPermitted
from accounts.kit.ids import uuid7
from accounts.models import AuditEntry, WebhookDelivery, WebhookEndpoint, WebhookEvent
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db
URL = "https://example.com/hook"


def sent(event_type: str) -> list[str]:
    return sorted(WebhookDelivery.unscoped.filter(event__type=event_type).values_list("url", flat=True))


def test_an_event_goes_to_those_who_asked_for_it(cast: Cast) -> None:
    for name, events in {
        "all": ["*"],
        "failed": ["job.failed"],
        "both": ["job.failed", "job.succeeded"],
        "off": ["*"],
        "gone": ["*"],
    }.items():
        row, _ = create_endpoint(cast.alice, url=f"{URL}/{name}", events=events)
        if name == "off":
            disable_endpoint(cast.alice, endpoint_id=row.pk)
        if name == "gone":
            delete_endpoint(cast.alice, endpoint_id=row.pk)
    create_endpoint(cast.charlie, url=f"{URL}/charlie", events=["*"])
    organization = cast.alice.organization.pk
    webhook_outbox.write(organization, "job.failed", lambda: {}, job_url=f"{URL}/own")
    webhook_outbox.write(organization, "job.canceled", lambda: {})
    assert sent("job.failed") == [f"{URL}/{name}" for name in ("all", "both", "failed", "own")]
    assert sent("job.canceled") == [f"{URL}/all"]
    assert WebhookEvent.unscoped.count() == 2, "one event, however many addresses"


def test_where_nobody_asked_nothing_is_rendered(cast: Cast) -> None:
    def never() -> dict[str, object]:
        raise AssertionError("rendered for nobody")

    assert webhook_outbox.write(cast.alice.organization.pk, "job.failed", never) is None
    assert not WebhookEvent.unscoped.exists()


@pytest.mark.parametrize(
    ("url", "events", "field"),
    [
        ("", ["*"], "url"),
        ("example.com/hook", ["*"], "url"),
        ("ftp://example.com/", ["*"], "url"),
        ("http://127.0.0.1/hook", ["*"], "url"),
        ("http://[::1]/hook", ["*"], "url"),
        ("https://user:secret@example.com/", ["*"], "url"),
        (f"https://example.com/{'x' * 2000}", ["*"], "url"),
        (URL, [], "events"),
        (URL, ["job.exploded"], "events"),
    ],
)
def test_what_is_refused_is_named(cast: Cast, url: str, events: list[str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_endpoint(cast.alice, url=url, events=events)
    assert [item.field for item in refused.value.errors] == [field]
    assert not WebhookEndpoint.unscoped.exists()


def test_there_is_a_limit(cast: Cast, settings: Settings) -> None:
    settings.WEBHOOK_MAX_ENDPOINTS = 2
    first, _ = create_endpoint(cast.alice, url=URL, events=["*"])
    create_endpoint(cast.alice, url=URL, events=["*"])
    with pytest.raises(Conflict, match="at most 2"):
        create_endpoint(cast.alice, url=URL, events=["*"])
    delete_endpoint(cast.alice, endpoint_id=first.pk)
    create_endpoint(cast.alice, url=URL, events=["*"])


def test_roles_and_strangers(cast: Cast) -> None:
    row, _ = create_endpoint(cast.alice, url=URL, events=["job.failed"])
    delivery = send_test(cast.alice, endpoint_id=row.pk)
    before = (row.secret, row.events)
    for actor, refusal in ((cast.bob, NotPermitted), (cast.victor, NotPermitted), (cast.charlie, NotFound)):
        for attempt in (
            lambda who: set_events(who, endpoint_id=row.pk, events=["*"]),
            lambda who: rotate_endpoint_secret(who, endpoint_id=row.pk),
            lambda who: disable_endpoint(who, endpoint_id=row.pk),
            lambda who: delete_endpoint(who, endpoint_id=row.pk),
            lambda who: send_test(who, endpoint_id=row.pk),
            lambda who: send_again(who, delivery_id=delivery.pk),
        ):
            with pytest.raises(refusal):
                attempt(actor)
    row.refresh_from_db()
    assert (row.secret, row.events) == before
    assert row.active
    assert WebhookDelivery.unscoped.count() == 1


def test_the_default_secret_is_one_and_rotates(cast: Cast) -> None:
    first = default_secret(cast.alice).secrets_in_use()
    assert default_secret(cast.alice).secrets_in_use() == first
    assert default_secret(cast.charlie).secrets_in_use() != first
    new = rotate_default_secret(cast.alice, overlap_hours=24)
    assert default_secret(cast.alice).secrets_in_use() == [new, *first]
    newer = rotate_default_secret(cast.alice, overlap_hours=0)
    assert default_secret(cast.alice).secrets_in_use() == [newer]
    with pytest.raises(InvalidInput):
        rotate_default_secret(cast.alice, overlap_hours=5)
    with pytest.raises(NotPermitted):
        default_secret(cast.bob)
    written = str(list(AuditEntry.unscoped.values_list("action", "details")))
    assert written.count("webhook.default_secret_rotated") == 2
    assert "whsec_" not in written


def low_events() -> list[int]:
    bodies = WebhookEvent.unscoped.filter(type="credits.low").order_by("pk").values_list("body", flat=True)
    return [json.loads(body)["data"]["remaining"] for body in bodies]


def test_low_credits_are_told_once_until_they_were_above(cast: Cast, settings: Settings) -> None:
    settings.CREDITS_LOW_AT = 10
    create_endpoint(cast.alice, url=URL, events=["credits.low"])
    job = uuid7()
    credits.reserve(cast.alice, amount=90, job_id=job)
    assert low_events() == [], "10 is not below 10"
    credits.reserve(cast.alice, amount=1, job_id=uuid7())
    credits.reserve(cast.alice, amount=1, job_id=uuid7())
    assert low_events() == [9]
    credits.settle(cast.alice.organization.pk, job_id=job, reserved=90, charged=88)
    assert low_events() == [9]
    credits.reserve(cast.alice, amount=1, job_id=uuid7())
    assert low_events() == [9], "it was not above"
    credits.grant(cast.alice, amount=50, note="more")
    credits.reserve(cast.alice, amount=55, job_id=uuid7())
    assert low_events() == [9, 4]


def test_low_credits_of_a_rolled_back_job_are_not_told(cast: Cast) -> None:
    create_endpoint(cast.alice, url=URL, events=["*"])
    with transaction.atomic():
        credits.reserve(cast.alice, amount=95, job_id=uuid7())
        transaction.set_rollback(True)
    assert low_events() == []
    credits.reserve(cast.alice, amount=95, job_id=uuid7())
    assert low_events() == [5]
