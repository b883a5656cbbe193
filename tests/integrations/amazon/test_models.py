"""The same calls against Prism, which serves Amazon's models: somebody else's reading of what a request may be."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pytest_django.fixtures import Settings

from integrations.base import Account, MarketplaceError
from integrations.publishing import Outcome, Place
from integrations.registry import find
from tests.integrations.publishing_contract import Remembered
from tests.support import reachable
from tests.support.amazon_model import CONTRACTS
from tests.support.amazon_peer import CLIENT, REFRESH, SECRET
from tests.support.picture_host import PictureHost
from tests.support.serving import Said, serving

pytestmark = [pytest.mark.slow, pytest.mark.prism]
AMAZON = find("amazon")
MODELS = {
    "/listings/": "listingsItems_2021-08-01",
    "/catalog/": "catalogItems_2022-04-01",
    "/sellers/": "sellers",
    "/definitions/": "definitionsProductTypes_2020-09-01",
}
_STARTS_WITHIN = 60


class Relay:
    """Amazon's one address in front of a mock for each model. `prefer`: what is asked of the next answer."""

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self.prefer = ""
        self.refused: list[str] = []

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        if target == "/auth/o2/token":
            return Said(200, json.dumps({"access_token": "Atza|1", "expires_in": 3600}).encode())
        path = target.removeprefix("/na")
        port = next(port for prefix, port in self.ports.items() if path.startswith(prefix))
        passed = {"Content-Type": "application/json", "x-amz-access-token": headers.get("x-amz-access-token", "")}
        if self.prefer:
            passed["Prefer"], self.prefer = self.prefer, ""
        request = Request(f"http://127.0.0.1:{port}{path}", body or None, passed, method=method)
        try:
            with urlopen(request, timeout=20) as answer:
                status, data, violations = answer.status, answer.read(), answer.headers.get("sl-violations")
        except HTTPError as error:
            status, data, violations = error.code, error.read(), error.headers.get("sl-violations")
        # What Amazon's own examples break in its models is none of ours.
        ours = [each for each in json.loads(violations or "[]") if each["location"][0] == "request"]
        if ours or status in {404, 415, 422}:
            self.refused.append(f"{method} {path}: {status} {ours} {data[:300]!r}")
        return Said(status, data)


@contextmanager
def _mock(model: str) -> Iterator[int]:
    prism = reachable.prism()
    assert prism is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [prism, "mock", "-h", "127.0.0.1", "-p", str(port), str(CONTRACTS / f"{model}.json")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            _wait_for(port)
            yield port
        finally:
            running.terminate()


def _wait_for(port: int) -> None:
    end = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "Prism does not start"
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="module")
def _relay() -> Iterator[tuple[Relay, int]]:
    with ExitStack() as open_:
        relay = Relay()
        relay.ports = {prefix: open_.enter_context(_mock(model)) for prefix, model in MODELS.items()}
        yield relay, open_.enter_context(serving(relay.answer))


@pytest.fixture
def relay(_relay: tuple[Relay, int], settings: Settings) -> Iterator[Relay]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    settings.AMAZON_SPAPI_ENDPOINT = f"http://localhost:{_relay[1]}/{{region}}"
    settings.AMAZON_LWA_ENDPOINT = f"http://localhost:{_relay[1]}/auth/o2/token"
    _relay[0].refused.clear()
    yield _relay[0]
    assert _relay[0].refused == []


def account(seller: str) -> Account:
    keys = {"seller_id": seller, "client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH}
    return AMAZON.account("amazon.com", keys)


def test_reading(relay: Relay) -> None:
    keys = account("APRISM0000001")
    assert AMAZON.check(keys).products == 3
    first = AMAZON.catalog(keys, since=None, cursor="")
    assert first.products[0].handle == "B071VG5N9D"
    assert first.cursor is not None
    assert AMAZON.catalog(keys, since=None, cursor=first.cursor).products
    assert "GM-ZDPI-9B4E" in AMAZON.existing(keys, ["GM-ZDPI-9B4E", "A/B C"])
    assert AMAZON.one(keys, "A/B C")


@pytest.mark.parametrize("slot", ["main", "2", "swatch", "offer-3"])
def test_publishing(relay: Relay, pictures: PictureHost, slot: str) -> None:
    keys, place, memory = account("APRISM0000002"), Place("A/B C", slot=slot), Remembered()
    picture, publisher = pictures.picture(1), AMAZON.publisher
    assert publisher.preview(keys, place, picture).outcome == Outcome.CONFIRMED
    before = publisher.shown(keys, place)
    assert publisher.publish(keys, place, picture, before, memory).outcome == Outcome.SUBMITTED
    publisher.follow(keys, place, picture, memory)
    assert publisher.restore(keys, place, before, None, memory).outcome == Outcome.SUBMITTED


@pytest.mark.parametrize(("code", "permanent"), [(429, False), (500, False), (503, False), (400, True), (403, True)])
def test_refusals(relay: Relay, code: int, permanent: bool) -> None:
    keys = account("APRISM0000003")
    relay.prefer = f"code={code}"
    with pytest.raises(MarketplaceError) as refused:
        AMAZON.catalog(keys, since=None, cursor="")
    assert refused.value.permanent == permanent
