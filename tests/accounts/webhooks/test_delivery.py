"""What a receiver gets, and which answers count: real requests to a real server, verified by an independent library."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from standardwebhooks import WebhookVerificationError

from accounts.actions.webhook_endpoints import (
    create_endpoint,
    send_test,
)
from accounts.actions.webhook_secrets import rotate_endpoint_secret
from accounts.models import AuditEntry, WebhookAttempt, WebhookEndpoint
from tests.support.cast import Cast
from tests.support.receiver import Receiver, deliver_due
from tests.support.webhook_deliveries import only

pytestmark = pytest.mark.django_db


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


def test_a_redirect_is_a_failure_and_not_followed(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str]
) -> None:
    there.answer(302, Location=there.url("/elsewhere"))
    send_test(cast.alice, endpoint_id=made[0].pk)
    deliver_due()
    assert [request.path for request in there.seen] == ["/hook"]
    assert only().status == "failed"
    assert "redirect" in WebhookAttempt.unscoped.get().error


def test_a_private_address_is_refused_at_delivery(
    cast: Cast, there: Receiver, made: tuple[WebhookEndpoint, str], settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    WebhookEndpoint.unscoped.update(url=f"http://localhost:{there.port}/")
    send_test(cast.alice, endpoint_id=made[0].pk)
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
