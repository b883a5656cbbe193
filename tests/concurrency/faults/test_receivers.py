"""Receivers of webhooks that hang, refuse, or are gone for a while: jobs go on, and each is told once it can be."""

from __future__ import annotations

import time

import pytest

from tests.concurrency.faults.conftest import Seller, Town
from tests.support.fleet import wait_for
from tests.support.load import load
from tests.support.receiver import Receiver, receiver

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


def test_hanging_refusing_and_gone(town: Town, seller: Seller) -> None:
    with receiver() as slow:
        slow.gate.clear()
        refusal: tuple[int, dict[str, str], bytes] = (500, {}, b"not now")
        seller.hooks.answers = [refusal] * 5 + seller.hooks.answers
        began = time.monotonic()
        with (
            load(seller.client, 6, hook=slow.url()) as unlucky,
            load(seller.client, 24, hook=seller.hooks.url()) as work,
        ):
            work.jobs()
        while len({each.message for each in seller.hooks.seen}) < 24:
            assert time.monotonic() - began < 60, f"{len(seller.hooks.seen)} were told, behind one that hangs"
            time.sleep(0.05)
        behind = time.monotonic() - began
        town.kill("shops")  # with what hangs in its hands
        slow.gate.set()
        sent = unlucky.jobs()
        wait_for(lambda: _heard(town, slow, len(sent)), "the receiver that hung", why=town.fleet.logs)
        seller.hooks.seen += slow.seen
        fault = f"one receiver hangs, one refuses 5 times; the others heard within {behind:.1f} s"
        seller.accounted(sent + work.jobs(), fault)


def _heard(town: Town, slow: Receiver, count: int) -> bool:
    # The pause after the second failed try is five minutes: it is made to be over.
    town.rows("UPDATE accounts_webhookdelivery SET next_try_at = now() WHERE next_try_at > now() RETURNING 1")
    return len({each.message for each in slow.seen}) == count
