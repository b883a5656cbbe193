"""No address that somebody else chooses leads to the inside, through whatever door it comes."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.actions.webhook_sending import _exchange
from accounts.kit.outbound import AddressRefused, OutboundError, fetch
from accounts.models import WebhookEndpoint
from integrations.models import CatalogImage, CatalogPicture, Connection
from processing.actions.images_endpoint import ImagesEndpoint
from processing.engines.errors import ImageEngineFailed
from processing.models import Asset, Job
from tests.support.api import Api, photo
from tests.support.cast import Cast
from tests.support.catalog import product, stocked
from tests.support.hostile_addresses import addresses
from tests.support.photos import product_photo
from tests.support.remote import Remote, redirect, remote, says, whole

As = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def inside() -> Iterator[Remote]:
    """Would give a photo to anybody who asks, and must never be asked."""
    with remote(says(whole(product_photo(1)))) as running:
        yield running
        assert running.seen == []


@pytest.fixture
def api(cast: Cast, settings: Any) -> Api:
    settings.RATE_LIMIT_KEY_PER_MINUTE = settings.RATE_LIMIT_IP_PER_MINUTE = 100_000
    return Api(cast.key())


def spelled(hostile: list[str]) -> list[str]:
    """Without those that are names, which only a resolver knows."""
    return [url for url in hostile if "localhost" not in url.lower() and "metadata" not in url]


def refused(hostile: list[str], ask: Callable[[str], bool]) -> None:
    """`ask` answers whether the address was refused."""
    assert not [url for url in hostile if not ask(url)]


def test_addresses_of_photos(api: Api, inside: Remote) -> None:
    hostile = addresses(inside.port)
    refused(hostile, lambda url: _is_named(api, "/process", {"imageUrl": url}, "imageUrl"))
    refused(hostile, lambda url: _is_named(api, "/compliance", {"imageUrl": url}, "imageUrl"))
    # Names are looked up when the photo is there, which is missing here.
    refused(spelled(hostile), lambda url: _is_named(api, "/process", {"backgroundImageUrl": url}, "backgroundImageUrl"))
    assert not Job.unscoped.exists()
    assert not Asset.unscoped.exists()
    assert inside.seen == []


def _is_named(api: Api, path: str, body: dict[str, str], field: str) -> bool:
    answer = api.json(path, body)
    return answer.status_code in {400, 422} and field in str(answer.json())


def test_addresses_to_answer_to(api: Api, inside: Remote) -> None:
    """By their form alone; where a name leads is looked at whenever something is sent (below)."""
    literal = spelled(addresses(inside.port))
    refused(literal, lambda url: api.json("/webhooks", {"url": url, "events": ["*"]}).status_code == 400)
    assert not WebhookEndpoint.unscoped.exists()
    refused(literal, lambda url: api.form("/jobs", {"image": photo(), "webhookUrl": url}).status_code == 400)
    assert not Job.unscoped.exists()


def test_what_is_sent_to_an_endpoint(inside: Remote) -> None:
    refused(addresses(inside.port), lambda url: _exchange(url, {}, b"{}")[0] is None)
    assert inside.seen == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("marketplace", "keys"),
    [
        ("woocommerce", {"consumer_key": "ck_" + "a1" * 20, "consumer_secret": "cs_" + "a1" * 20}),
        ("amazon-bridge", {"token": "t" * 40}),
        ("shopify", {"token": "shpat_" + "a1" * 16}),
    ],
)
def test_addresses_of_shops(cast: Cast, as_: As, inside: Remote, marketplace: str, keys: dict[str, str]) -> None:
    client = as_(cast.alice)
    there = f"/integrations/connect/{marketplace}/"
    assert client.get(there).status_code == 200
    refused(addresses(inside.port), lambda url: client.post(there, {"address": url, **keys}).status_code == 400)
    assert not Connection.unscoped.exists()
    assert inside.seen == []


def test_addresses_of_pictures_that_a_shop_names(cast: Cast, as_: As, inside: Remote) -> None:
    stocked(cast.alice, product(1, "MUG", images=("http://127.0.0.1:9/a.jpg",)))
    image, client = CatalogImage.unscoped.get(), as_(cast.alice)

    def is_missing(url: str) -> bool:
        CatalogImage.unscoped.update(url=url)
        CatalogPicture.unscoped.all().delete()
        return client.get(f"/catalog/pictures/{image.pk}.webp").has_header("X-Picture-Problem")

    refused(addresses(inside.port), is_missing)
    assert inside.seen == []


def test_addresses_that_a_text_to_image_engine_answers_with(inside: Remote, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    engine = ImagesEndpoint("https://engine.example/v1", "", "", False, 1)

    def is_refused(url: str) -> bool:
        try:
            engine._found({"data": [{"url": url}]})
        except ImageEngineFailed:
            return True
        return False

    refused(addresses(inside.port), is_refused)
    assert inside.seen == []


def test_redirects_to_the_inside(api: Api, inside: Remote, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    for hostile in [url for url in addresses(inside.port) if "localhost" not in url.lower() and "\r" not in url]:
        # Header lines are Latin-1; what else there is in an address comes as a browser would send it.
        location = hostile.encode("utf-8").decode("latin-1")
        with remote(says(redirect(location).decode().encode("latin-1"))) as outside:
            try:
                got = fetch(outside.url("/start", host="localhost"), max_bytes=1_000_000, seconds=5)
            except OutboundError:
                continue
            raise AssertionError(f"{hostile} led to {got.url}")
    assert inside.seen == []


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch: pytest.MonkeyPatch, inside: Remote) -> None:
    """A public address when it is checked, ours when it is connected: the checked one is connected."""
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    asked: list[str] = []
    connected: list[str] = []

    def resolver(host: str, port: int, *rest: Any, **named: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *rest: Any, **named: Any) -> socket.socket:
        connected.append(address[0])
        raise OSError("nobody is there")

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OutboundError, match="could not be reached"):
        fetch(f"http://rebinding.example:{inside.port}/a.jpg", max_bytes=1000, seconds=5)
    assert (asked, connected) == (["rebinding.example"], ["93.184.216.34"])


def test_a_name_with_one_address_inside_is_refused_whole(monkeypatch: pytest.MonkeyPatch, inside: Remote) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, inside.port)) for each in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *rest, **named: both)
    with pytest.raises(AddressRefused):
        fetch(f"http://both.example:{inside.port}/a.jpg", max_bytes=1000, seconds=5)
    assert inside.seen == []
