"""A worker stands still longer than its lease and goes on as if nothing had been; messages come many times over."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.concurrency.faults.conftest import LEASE_SECONDS, Seller, Town
from tests.support.fleet import wait_for
from tests.support.load import load
from tests.support.photos import product_photo

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


def test_both_finish_and_one_counts(town: Town, seller: Seller) -> None:
    frozen = town.fleet.parts["images-1"].process
    assert frozen is not None
    taken = (
        "SELECT count(*) FROM processing_jobimage image JOIN accounts_organization owner"
        " ON owner.id = image.organization_id WHERE owner.slug = %s AND image.status = 'running'"
        " AND image.step <> '' AND image.worker LIKE %s"
    )
    of_it = (seller.slug, f"%:{frozen.pid}:%")
    large = lambda seed: product_photo(seed, size=(2400, 1800))  # noqa: E731
    with load(seller.client, 10, hook=seller.hooks.url(), photo=large) as work:
        try:
            while True:
                wait_for(lambda: town.rows(taken, *of_it)[0][0], "a photo in its hand", why=town.fleet.logs)
                os.killpg(frozen.pid, signal.SIGSTOP)
                if town.rows(taken, *of_it)[0][0]:
                    break
                os.killpg(frozen.pid, signal.SIGCONT)  # it had just ended
            time.sleep(LEASE_SECONDS + 2.5)
        finally:
            os.killpg(frozen.pid, signal.SIGCONT)
        town.fleet.beside("from processing.actions import wake\nfor _ in range(20): wake.now(16)")
    seller.accounted(work, "a worker frozen beyond its lease, 320 messages too many")
    (lost,) = town.rows(
        "SELECT sum(losses) FROM processing_jobimage image JOIN accounts_organization owner"
        " ON owner.id = image.organization_id WHERE owner.slug = %s",
        seller.slug,
    )
    assert lost[0], "another one took it over"
