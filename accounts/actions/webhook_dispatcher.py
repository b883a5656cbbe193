"""Sends what is due, beside the photos and with threads of its own: a slow receiver delays nobody but itself."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterable
from functools import partial

import structlog
from django.db import connections
from django.db.models import Q, QuerySet

from accounts.actions import webhook_results
from accounts.actions.webhook_results import Claim
from accounts.actions.webhook_sending import send
from accounts.kit import shared_clock
from accounts.models import WebhookDelivery

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 0.25
_AT_ONCE = 32
# A receiver that hangs keeps this many of them busy, whatever else is due for it. Of its server, other addresses go on.
_PER_ADDRESS = 3
_PER_HOST = 8
_PER_ORGANIZATION = 12
_LOOK_AT = 64
_GRACE_SECONDS = 3.0


def due() -> QuerySet[WebhookDelivery]:
    """Committed, its time has come, and nobody has it; the oldest first."""
    now = shared_clock.now()
    return WebhookDelivery.unscoped.filter(
        Q(lease_until=None) | Q(lease_until__lte=now),
        next_try_at__lte=now,
        status__in=WebhookDelivery.OPEN,
    ).order_by("next_try_at")


class _Busy:
    """What is on its way, counted by what must not get everything."""

    def __init__(self, in_hand: Iterable[WebhookDelivery]) -> None:
        self.total = 0
        self._addresses: Counter[str] = Counter()
        self._hosts: Counter[str] = Counter()
        self._owners: Counter[uuid.UUID] = Counter()
        for delivery in in_hand:
            self.add(delivery)

    def add(self, delivery: WebhookDelivery) -> None:
        self.total += 1
        self._addresses[delivery.url] += 1
        self._hosts[delivery.host] += 1
        self._owners[delivery.organization_id] += 1

    def takes(self, delivery: WebhookDelivery) -> bool:
        return (
            self._addresses[delivery.url] < _PER_ADDRESS
            and self._hosts[delivery.host] < _PER_HOST
            and self._owners[delivery.organization_id] < _PER_ORGANIZATION
        )

    def full(self) -> Q:
        return (
            Q(url__in=[url for url, number in self._addresses.items() if number >= _PER_ADDRESS])
            | Q(host__in=[host for host, number in self._hosts.items() if number >= _PER_HOST])
            | Q(organization_id__in=[owner for owner, number in self._owners.items() if number >= _PER_ORGANIZATION])
        )


class WebhookDispatcher:
    """One thread that looks for due deliveries, and one for each that is on its way, until `stop`.

    The limits are those of one worker process; several of them may run.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._in_hand: dict[Claim, WebhookDelivery] = {}
        self._looker = threading.Thread(target=self._look, name="webhooks", daemon=True)

    def start(self) -> None:
        self._looker.start()

    def stop(self) -> None:
        """Waits a moment for what is on its way, and gives the rest back."""
        self._stopping.set()
        self._looker.join(timeout=5)
        with self._changed:
            self._changed.wait_for(lambda: not self._in_hand, timeout=_GRACE_SECONDS)
            left = list(self._in_hand)
        for held in left:
            webhook_results.give_back(held)

    def _look(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    self._send_what_is_due()
                except Exception:
                    log.exception("webhooks_interrupted")
                    connections.close_all()
                self._stopping.wait(_LOOK_SECONDS)
        finally:
            connections.close_all()

    def _send_what_is_due(self) -> None:
        """Every pass starts something or learns of a receiver that has to wait; then it looks past it."""
        while not self._stopping.is_set():
            with self._changed:
                busy = _Busy(self._in_hand.values())
            started = 0
            found = due().exclude(busy.full()).select_related("event", "endpoint")
            for delivery in found[:_LOOK_AT]:
                if busy.total >= _AT_ONCE:
                    return
                if not busy.takes(delivery):
                    continue
                held = webhook_results.claim(delivery)
                if held is None:
                    continue
                started += 1
                busy.add(delivery)
                self._start(held, delivery)
            if not started:
                return

    def _start(self, held: Claim, delivery: WebhookDelivery) -> None:
        with self._changed:
            self._in_hand[held] = delivery
        threading.Thread(target=partial(self._deliver, held, delivery), name="webhook", daemon=True).start()

    def _deliver(self, held: Claim, delivery: WebhookDelivery) -> None:
        try:
            webhook_results.record(held, send(delivery))
        except Exception:
            # Its lease ends, and it is tried anew.
            log.exception("webhook_interrupted", delivery=str(delivery.pk))
        finally:
            connections.close_all()
            with self._changed:
                del self._in_hand[held]
                self._changed.notify_all()
