"""What a receiver gets, and what its answers lead to: real requests to a real server, verified by an independent
library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings
from standardwebhooks import WebhookVerificationError

from accounts.actions.webhook_deliveries import remove_old, send_again
from accounts.actions.webhook_dispatcher import due
from accounts.actions.webhook_endpoints import (
    create_endpoint,
    delete_endpoint,
    disable_endpoint,
    enable_endpoint,
    send_test,
)
from accounts.actions.webhook_results import RETRIES, claim, record, release_all
from accounts.actions.webhook_secrets import rotate_endpoint_secret
from accounts.actions.webhook_sending import send
from accounts.kit.errors import Conflict
from accounts.models import AuditEntry, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from tests.support.cast import Cast
from tests.support.receiver import Receiver, deliver_due, receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _local(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def made(cast: Cast, there: Receiver) -> tuple[WebhookEndpoint, str]:
    return create_endpoint(cast.alice, url=there.url(), events=["*"])


def only() -> WebhookDelivery:
    return WebhookDelivery.unscoped.get()


def make_due() -> None:
    WebhookDelivery.unscoped.filter(next_try_at__isnull=False).update(next_try_at=timezone.now())


def test_a_test_arrives_signed(cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]) -> None:
    endpoint, secret = made
    delivery = send_test(cast.alice, endpoint_id=endpoint.pk)
    assert deliver_due() == 1
    got = there.seen[0]
    body = got.verified(secret)
    assert (body["type"], body["data"]) == ("webhook.test", {"message": "This is a test. Your endpoint answers."})
    assert datetime.fromisoformat(body["timestamp"]).tzinfo is not None
    assert (got.path, got.headers["content-type"]) == ("/hook", "application/json")
    assert got.message == delivery.event.message_id
    assert got.message.startswith("msg_")
    assert json.loads(got.body)["type"] == "webhook.test"
    with pytest.raises(WebhookVerificationError):
        got.verified(create_endpoint(cast.alice, url=there.url(), events=["*"])[1])
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries, delivery.next_try_at) == ("succeeded", 1, None)
    attempt = WebhookAttempt.unscoped.get()
    assert (attempt.status_code, attempt.answer, attempt.error) == (200, "thank you", "")
    assert attempt.signature == got.headers["webhook-signature"]
    assert deliver_due() == 0


def test_both_secrets_sign_until_the_old_one_ends(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]
) -> None:
    endpoint, old = made
    _, new = rotate_endpoint_secret(cast.alice, endpoint_id=endpoint.pk, overlap_hours=24)
    send_test(cast.alice, endpoint_id=endpoint.pk)
    deliver_due()
    assert len(there.seen[0].headers["webhook-signature"].split()) == 2
    there.seen[0].verified(old)
    there.seen[0].verified(new)
    WebhookEndpoint.unscoped.update(previous_secret_until=timezone.now())
    send_test(cast.alice, endpoint_id=endpoint.pk)
    deliver_due()
    there.seen[1].verified(new)
    with pytest.raises(WebhookVerificationError):
        there.seen[1].verified(old)


def test_a_rotation_without_overlap_ends_the_old_secret_at_once(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]
) -> None:
    endpoint, old = made
    _, new = rotate_endpoint_secret(cast.alice, endpoint_id=endpoint.pk, overlap_hours=0)
    send_test(cast.alice, endpoint_id=endpoint.pk)
    deliver_due()
    there.seen[0].verified(new)
    with pytest.raises(WebhookVerificationError):
        there.seen[0].verified(old)


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


def test_a_redirect_is_a_failure_and_not_followed(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]
) -> None:
    there.answer(302, Location=there.url("/elsewhere"))
    send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    assert [request.path for request in there.seen] == ["/hook"]
    assert only().status == "failed"
    assert "redirect" in WebhookAttempt.unscoped.get().error


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


def test_a_private_address_is_refused_at_delivery(cast: Cast, settings: Settings) -> None:
    with receiver() as there:
        endpoint, _ = create_endpoint(cast.alice, url=there.url(), events=["*"])
        settings.OUTBOUND_ALLOWED_HOSTS = []
        WebhookEndpoint.unscoped.update(url=f"http://localhost:{there.port}/")
        send_test(cast.alice, endpoint_id=endpoint.pk)
        deliver_due()
        assert there.seen == []
    attempt = WebhookAttempt.unscoped.get()
    assert attempt.status_code is None
    assert "public internet" in attempt.error


def test_a_receiver_that_cannot_be_reached(cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]) -> None:
    WebhookEndpoint.unscoped.update(url="http://127.0.0.1:9/")
    send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    assert "could not be reached" in WebhookAttempt.unscoped.get().error
    assert only().status == "failed"


def test_a_receiver_that_hangs_is_left_in_time(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str], settings: Settings
) -> None:
    settings.WEBHOOK_TIMEOUT_SECONDS = 1
    there.gate.clear()
    send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    attempt = WebhookAttempt.unscoped.get()
    assert "did not answer within 1 seconds" in attempt.error
    assert 900 <= attempt.ms < 5000


def test_a_long_answer_is_cut_and_one_that_is_no_text_is_kept_readable(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]
) -> None:
    there.answer(200, b"\0\xff" + b"x" * 1_000_000)
    send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    answer = WebhookAttempt.unscoped.get().answer
    assert answer.startswith("��xx")
    assert len(answer) == 2048
    assert only().status == "succeeded"


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


def test_no_secret_is_stored_readable_or_audited(cast: Cast, made: tuple[WebhookEndpoint, str]) -> None:
    endpoint, secret = made
    _, second = rotate_endpoint_secret(cast.alice, endpoint_id=endpoint.pk)
    endpoint.refresh_from_db()
    stored = f"{endpoint.secret} {endpoint.previous_secret}"
    written = str(list(AuditEntry.unscoped.values_list("action", "details")))
    assert "webhook.created" in written
    assert "webhook.secret_rotated" in written
    for text in (secret, second):
        assert text.startswith("whsec_")
        assert text not in stored
        assert text.removeprefix("whsec_") not in written
