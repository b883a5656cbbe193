"""What the answers of a receiver lead to: another try, an end, a disabled endpoint; and what a crash leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.core import mail
from django.utils import timezone

from accounts.actions.webhook_deliveries import remove_old, send_again
from accounts.actions.webhook_dispatcher import due
from accounts.actions.webhook_endpoints import (
    delete_endpoint,
    disable_endpoint,
    enable_endpoint,
    send_test,
)
from accounts.actions.webhook_results import RETRIES, claim, record, release_all
from accounts.actions.webhook_sending import send
from accounts.kit.errors import Conflict
from accounts.models import AuditEntry, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from tests.support.cast import Cast
from tests.support.receiver import Receiver, deliver_due
from tests.support.webhook_deliveries import make_due, only

pytestmark = pytest.mark.django_db


def test_failures_are_tried_again_by_the_schedule_with_the_same_id_and_body(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]
) -> None:
    endpoint, secret = made
    there.answer(500, b"out of order")
    send_test(cast.alice, endpoint_id=endpoint.pk)
    for number, pause in enumerate(RETRIES, start=1):
        before = timezone.now()
        assert deliver_due() == 1
        delivery = only()
        assert (delivery.status, delivery.tries) == ("failed", number)
        assert delivery.next_try_at is not None
        waits = (delivery.next_try_at - before).total_seconds()
        assert pause <= waits <= pause * 1.1 + 2, (number, waits)
        assert deliver_due() == 0, "not before its time"
        make_due()
    assert RETRIES == (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    deliver_due()
    delivery = only()
    assert (delivery.status, delivery.tries, delivery.next_try_at) == ("given_up", 10, None)
    assert len({request.message for request in there.seen}) == 1
    assert len({request.body for request in there.seen}) == 1
    for request in there.seen:
        request.verified(secret)
    assert WebhookAttempt.unscoped.filter(status_code=500, answer="out of order").count() == 10


def test_a_success_after_a_failure_ends_it(cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]) -> None:
    there.answers = [(503, {}, b""), (204, {}, b"")]
    send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    assert WebhookEndpoint.unscoped.get().failing_since is not None
    make_due()
    deliver_due()
    assert (only().status, only().tries) == ("succeeded", 2)
    assert WebhookEndpoint.unscoped.get().failing_since is None


@pytest.mark.parametrize("form", ["seconds", "date", "less than the schedule", "nonsense", "a year"])
def test_retry_after(cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str], form: str) -> None:
    value, least, most = {
        "seconds": ("120", 119, 122),
        "date": (format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True), 595, 602),
        "less than the schedule": ("1", 5, 8),
        "nonsense": ("soon, please ٣", 5, 8),
        "a year": ("31536000", 86_399, 86_402),
    }[form]
    there.answer(429, Retry_After=value.encode("ascii", "replace").decode())
    send_test(cast.alice, endpoint_id=made[0].pk)
    before = timezone.now()
    deliver_due()
    waits = only().next_try_at
    assert waits is not None
    assert least <= (waits - before).total_seconds() <= most


def test_410_disables_the_endpoint_and_tells_people(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str], django_capture_on_commit_callbacks: object
) -> None:
    there.answer(410)
    send_test(cast.alice, endpoint_id=made[0].pk)
    send_test(cast.alice, endpoint_id=made[0].pk)
    first = due().select_related("event", "endpoint").first()
    assert first is not None
    held = claim(first)
    assert held is not None
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        record(held, send(first))
    endpoint = WebhookEndpoint.unscoped.get()
    assert endpoint.status == "disabled"
    assert "410" in endpoint.disabled_reason
    assert set(WebhookDelivery.unscoped.values_list("status", "next_try_at")) == {("given_up", None)}
    assert [message.to for message in mail.outbox] == [["alice@example.com"]], "owner and admins, not editors"
    assert there.url() in mail.outbox[0].body
    assert f"/webhooks/{endpoint.pk}/" in mail.outbox[0].body
    assert AuditEntry.unscoped.filter(action="webhook.disabled", target_id=str(endpoint.pk)).count() == 1


def test_an_endpoint_that_fails_for_long_is_disabled(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str], django_capture_on_commit_callbacks: object
) -> None:
    there.answer(500)
    long_ago = timezone.now() - timedelta(days=6)
    WebhookEndpoint.unscoped.update(failing_since=long_ago)
    send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    assert WebhookEndpoint.unscoped.get().active, "its tries are not used up"
    WebhookDelivery.unscoped.update(tries=9)
    make_due()
    WebhookEndpoint.unscoped.update(failing_since=timezone.now() - timedelta(days=4))
    delivery = due().select_related("event", "endpoint").get()
    held = claim(delivery)
    assert held is not None
    record(held, send(delivery))
    assert WebhookEndpoint.unscoped.get().active, "not for long enough"
    WebhookEndpoint.unscoped.update(failing_since=long_ago)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        send_again(cast.alice, delivery_id=delivery.pk)
        deliver_due()
    assert WebhookEndpoint.unscoped.get().status == "disabled"
    assert len(mail.outbox) == 1


def test_a_dead_workers_delivery_goes_out_again_with_the_same_id(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]
) -> None:
    send_test(cast.alice, endpoint_id=made[0].pk)
    delivery = due().select_related("event", "endpoint").get()
    dead = claim(delivery)
    assert dead is not None
    outcome = send(delivery)  # it arrives, and the worker is killed before it can write that down
    assert deliver_due() == 0, "its lease still holds"
    assert claim(delivery) is None
    WebhookDelivery.unscoped.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 1
    assert len(there.seen) == 2
    assert there.seen[0].message == there.seen[1].message
    assert there.seen[0].body == there.seen[1].body
    assert not record(dead, outcome), "whoever was given up for dead changes nothing"
    assert only().tries == WebhookAttempt.unscoped.count() == 1


def test_a_restart_does_not_wait_for_the_lease(cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]) -> None:
    send_test(cast.alice, endpoint_id=made[0].pk)
    assert claim(only()) is not None
    release_all()
    assert deliver_due() == 1


def test_nothing_goes_to_a_disabled_or_deleted_endpoint(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]
) -> None:
    endpoint = made[0]
    delivery = send_test(cast.alice, endpoint_id=endpoint.pk)
    disable_endpoint(cast.alice, endpoint_id=endpoint.pk)
    assert deliver_due() == 0
    with pytest.raises(Conflict):
        send_test(cast.alice, endpoint_id=endpoint.pk)
    with pytest.raises(Conflict):
        send_again(cast.alice, delivery_id=delivery.pk)
    enable_endpoint(cast.alice, endpoint_id=endpoint.pk)
    send_again(cast.alice, delivery_id=delivery.pk)
    assert deliver_due() == 1
    send_test(cast.alice, endpoint_id=endpoint.pk)
    delete_endpoint(cast.alice, endpoint_id=endpoint.pk)
    assert deliver_due() == 0
    assert len(there.seen) == 1
    with pytest.raises(Conflict):
        send_again(cast.alice, delivery_id=delivery.pk)
    assert WebhookEndpoint.unscoped.get().secret == "", "nothing can be signed with it any more"


def test_sent_again_it_keeps_its_id(cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]) -> None:
    delivery = send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    send_again(cast.alice, delivery_id=delivery.pk)
    deliver_due()
    assert there.seen[0].message == there.seen[1].message
    assert (only().status, only().tries) == ("succeeded", 2)


def test_old_deliveries_are_removed(cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]) -> None:
    for _ in range(3):
        send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    recent, old, waiting = WebhookEvent.unscoped.order_by("pk")
    WebhookEvent.unscoped.exclude(pk=recent.pk).update(created_at=timezone.now() - timedelta(days=31))
    WebhookDelivery.unscoped.filter(event=waiting).update(status="failed", next_try_at=timezone.now())
    remove_old()
    assert set(WebhookEvent.unscoped.all()) == {recent, waiting}
    assert not WebhookAttempt.unscoped.filter(delivery__event=old.pk).exists()
    delete_endpoint(cast.alice, endpoint_id=made[0].pk)
    WebhookEndpoint.unscoped.update(deleted_at=timezone.now() - timedelta(days=2))
    remove_old()
    assert WebhookEndpoint.unscoped.count() == 1, "its history is still shown"
    WebhookEvent.unscoped.update(created_at=timezone.now() - timedelta(days=31))
    remove_old()
    remove_old()
    assert (WebhookEvent.unscoped.count(), WebhookEndpoint.unscoped.count()) == (0, 0)
