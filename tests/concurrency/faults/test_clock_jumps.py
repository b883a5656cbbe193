"""A worker's clock jumps an hour ahead, then two hours back, while it works beside others."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.concurrency.faults.conftest import Seller, Town
from tests.support import reachable
from tests.support.fleet import wait_for
from tests.support.load import load

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis, pytest.mark.faketime]


def test_an_hour_ahead_and_an_hour_behind(town: Town, seller: Seller, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    wrong = town.fleet.part(
        "wrong-clock",
        "worker",
        LD_PRELOAD=reachable.faketime() or "",
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_CACHE_DURATION="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        DONT_FAKE_MONOTONIC="1",
    )
    assert wrong.process is not None
    try:
        known = ("SELECT count(*) FROM processing_worker WHERE engine <> '' AND pid = %s", wrong.process.pid)
        wait_for(lambda: town.rows(*known)[0][0], "the worker with the wrong clock", why=town.fleet.logs)
        with load(seller.client, 90, hook=seller.hooks.url()) as work:
            for number, jump in enumerate(("+3600", "-3600", "+3600"), 1):
                while work.accepted < 20 * number:
                    time.sleep(0.02)
                clock.write_text(f"{jump}\n")
                time.sleep(2)
        seller.accounted(work, "a worker's clock jumped +1 h, -2 h, +2 h")
        ((by_it, lost),) = town.rows(
            "SELECT count(*) FILTER (WHERE image.worker LIKE %s), sum(image.losses) FROM processing_jobimage image"
            " JOIN accounts_organization owner ON owner.id = image.organization_id WHERE owner.slug = %s",
            f"%:{wrong.process.pid}:%",
            seller.slug,
        )
        print(f"{by_it} of 90 photos were made by the worker whose clock jumped, {lost} were taken from their workers")
        assert by_it, "the worker with the wrong clock must have worked"
        # A machine that is busy with other things may let a lease of some seconds lapse; a wrong clock takes them all.
        assert int(str(lost)) < 10, "nobody loses a photo to a clock"
    finally:
        wrong.kill()
        del town.fleet.parts["wrong-clock"]
