"""One try of a delivery over HTTP: signed, to a checked address, without redirects, within its time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from django.conf import settings
from django.utils import timezone

from accounts.actions.webhook_secrets import organization_secret
from accounts.kit import webhook_signatures
from accounts.kit.encryption import Undecipherable
from accounts.kit.outbound import OutboundError, check_url, client
from accounts.models import WebhookDelivery

_ANSWER_KEPT = 2048
# What a receiver may ask us to wait at most: the longest pause of the schedule.
_LONGEST_WAIT = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`retry_after`: seconds the receiver asked for. `error`: one sentence, empty for a success."""

    at: datetime
    ms: int
    signature: str = ""
    status_code: int | None = None
    answer: str = ""
    error: str = ""
    retry_after: float = 0.0

    @property
    def succeeded(self) -> bool:
        return not self.error

    @property
    def gone(self) -> bool:
        return self.status_code == 410


def send(delivery: WebhookDelivery) -> Outcome:
    """Whatever the other side does becomes an outcome; nothing is raised for it. No database while it lasts."""
    at = timezone.now()
    body = delivery.event.body.encode()
    timestamp = int(at.timestamp())
    try:
        signer = delivery.endpoint or organization_secret(delivery.organization_id)
        signed = webhook_signatures.signature(
            signer.secrets_in_use(), message=delivery.event.message_id, timestamp=timestamp, body=body
        )
    except Undecipherable:
        return Outcome(at=at, ms=0, error="The secret cannot be read: FIELD_ENCRYPTION_KEYS has changed. Rotate it.")
    headers = request_headers(delivery.event.message_id, timestamp, signed)
    began = time.monotonic()
    status, answer, error, retry_after = _exchange(delivery.url, headers, body)
    return Outcome(
        at=at,
        ms=round(1000 * (time.monotonic() - began)),
        signature=signed,
        status_code=status,
        answer=answer,
        error=error[:300],
        retry_after=retry_after,
    )


def request_headers(message: str, timestamp: int, signed: str) -> dict[str, str]:
    """Those that are ours; the page of a delivery shows them too."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Packshot-Webhooks/1.0",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }


def _exchange(url: str, headers: dict[str, str], body: bytes) -> tuple[int | None, str, str, float]:
    """Status, the beginning of the answer, what went wrong, Retry-After."""
    seconds = settings.WEBHOOK_TIMEOUT_SECONDS
    host = "The receiver"
    try:
        address = check_url(url)
        host = address.host
        with (
            client(seconds=seconds) as opened,
            opened.stream("POST", address, headers=headers | {"Accept-Encoding": "identity"}, content=body) as response,
        ):
            answer = _beginning(response)
            status = response.status_code
            wait = _retry_after(response.headers.get("retry-after", ""))
    except httpx2.TimeoutException:
        return None, "", f"{host} did not answer within {seconds} seconds.", 0.0
    except httpx2.ConnectError:
        return None, "", f"{host} could not be reached.", 0.0
    except httpx2.HTTPError:
        return None, "", f"{host} broke off or does not speak HTTP.", 0.0
    except OutboundError as refused:
        return None, "", refused.detail, 0.0
    except (httpx2.InvalidURL, ValueError):
        return None, "", "This is not an address that can be called.", 0.0
    return status, answer, _judged(status), wait


def _judged(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"The receiver answered with a redirect ({status}). Redirects are not followed."
    if status == 410:
        return "The receiver answered 410 Gone: it does not want these any more."
    return f"The receiver answered with status {status}."


def _beginning(response: httpx2.Response) -> str:
    """The status has decided already: an answer that breaks off or never ends changes nothing any more."""
    data = b""
    try:
        for part in response.iter_raw():
            data += part
            if len(data) >= _ANSWER_KEPT:
                break
    except httpx2.HTTPError:
        pass
    # PostgreSQL takes no NUL in text.
    return data[:_ANSWER_KEPT].decode("utf-8", "replace").replace("\0", "\ufffd")


def _retry_after(value: str) -> float:
    """Seconds, or an HTTP date; anything else is no wish."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - timezone.now()).total_seconds(), 0.0), _LONGEST_WAIT)
