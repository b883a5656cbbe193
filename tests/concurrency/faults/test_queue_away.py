"""Redis (the queue, the cache, the rate limits) is killed and comes back: work is accepted meanwhile, and people stay
signed in."""

from __future__ import annotations

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request

import pytest

from tests.concurrency.faults.conftest import Seller, Town
from tests.support.load import load
from tests.support.server import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


def signed_in(town: Town, email: str) -> urllib.request.OpenerDirector:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"{town.fleet.base}/accounts/login/"
    form = browser.open(address, timeout=20).read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert found
    data = {"csrfmiddlewaretoken": found[1], "login": email, "password": PASSWORD}
    request = urllib.request.Request(address, urllib.parse.urlencode(data).encode(), {"Referer": address})
    with browser.open(request, timeout=20) as answer:
        assert not answer.url.startswith(address), "not signed in"
    return browser


def test_killed_and_started(town: Town, seller: Seller) -> None:
    browser = signed_in(town, seller.email)
    with load(seller.client, 60, hook=seller.hooks.url()) as work:
        while work.accepted < 15:
            time.sleep(0.02)
        town.fleet.parts["redis"].kill()
        began, before = time.monotonic(), work.accepted
        with browser.open(f"{town.fleet.base}/jobs/", timeout=20) as page:
            assert page.status == 200, "who is signed in goes on working"
        with browser.open(f"{town.fleet.base}/accounts/login/", timeout=20) as page:
            assert page.status == 200
        signed_in(town, seller.email)
        while time.monotonic() - began < 4:
            time.sleep(0.05)
        meanwhile = work.accepted - before
        town.fleet.redis()
    seller.accounted(work, f"Redis killed for 4 s, {meanwhile} jobs accepted meanwhile")
    assert meanwhile > 0, "nobody waits for the queue to be accepted"
