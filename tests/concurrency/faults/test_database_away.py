"""PostgreSQL loses all connections again and again, is stopped as by a power cut, and comes back."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.concurrency.faults.conftest import Seller, Town
from tests.support.load import load

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]
AWAY_SECONDS, CUTS = 4.0, 12


def answer(address: str, **headers: str) -> tuple[int, Any, str]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as got:
            return got.status, got.headers, got.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def test_connections_are_cut_again_and_again(town: Town, seller: Seller) -> None:
    cut = 0
    with load(seller.client, 60, hook=seller.hooks.url()) as work:
        for number in range(1, CUTS + 1):
            # By what has been done meanwhile, not by the clock: on a slow machine nothing would ever come through.
            while work.accepted < 60 * number / (CUTS + 1):
                time.sleep(0.01)
            cut += town.postgres.cut_all()
    seller.accounted(work, f"all database connections cut {CUTS} times, {cut} in all")
    assert cut > CUTS


def test_stopped_without_warning_and_started(town: Town, seller: Seller) -> None:
    with load(seller.client, 60, hook=seller.hooks.url()) as work:
        while work.accepted < 20:
            time.sleep(0.02)
        town.postgres.stop("immediate")
        began = time.monotonic()
        try:
            status, headers, body = answer(f"{town.fleet.base}/api/v1/jobs?limit=1", **{"x-api-key": seller.client.key})
            assert (status, headers["Retry-After"]) == (503, "5"), body
            assert '"code": "unavailable"' in body
            status, _, body = answer(f"{town.fleet.base}/accounts/login/", Cookie="sessionid=" + "a" * 32)
            assert status in {200, 503}, body
            assert answer(f"{town.fleet.base}/healthz")[0] == 200
            status, _, body = answer(f"{town.fleet.base}/readyz")
            assert (status, '"database": "unreachable"' in body) == (503, True)
            time.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - began)))
        finally:
            away = time.monotonic() - began
            town.postgres.start()
    seller.accounted(work, f"PostgreSQL away for {away:.1f} s, {seller.client.tries} calls sent again")
