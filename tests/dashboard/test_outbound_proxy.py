"""Behind an operator's proxy, with an authority of their own: images, webhooks and shops get through, the inside stays
closed, and the proxy is not even asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.models import WebhookAttempt
from integrations.models import Connection
from processing.models import Asset, Job
from tests.support.api import Api, errors
from tests.support.cast import Cast
from tests.support.certificate import certificate
from tests.support.connect_proxy import ConnectProxy, connect_proxy
from tests.support.hostile_addresses import addresses
from tests.support.photos import product_photo
from tests.support.receiver import deliver_due
from tests.support.remote import Remote, redirect, remote, whole
from tests.support.woocommerce_peer import KEY, SECRET, Shop, shop

As = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db


class Outside:
    """Behind the proxy: photos.invalid with images and a receiver, shop.invalid with WooCommerce, both by https."""

    def __init__(self, photos: Remote, shop: Shop, proxy: ConnectProxy, authority: Path) -> None:
        self.photos, self.shop, self.proxy, self.authority = photos, shop, proxy, authority


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Outside]:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    settings.RATE_LIMIT_KEY_PER_MINUTE = 100_000
    context, authority = certificate(tmp_path, "photos.invalid", "shop.invalid")

    def answer(connection: Any, head: str) -> None:
        if " /inside " in head:
            connection.sendall(redirect("https://10.0.0.1/a.jpg"))
        elif head.startswith("POST"):
            connection.sendall(whole(b""))
        else:
            connection.sendall(whole(product_photo(1)))

    with (
        remote(answer, tls=context) as photos,
        shop(tls=context) as woocommerce,
        connect_proxy(photos=photos.port, shop=woocommerce.port) as proxy,
    ):
        woocommerce.add(1)
        for name in ("HTTPS_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy.address)
            monkeypatch.delenv(name.lower(), raising=False)
        for name in ("NO_PROXY", "no_proxy", "SSL_CERT_DIR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        yield Outside(photos, woocommerce, proxy, authority)


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


@pytest.fixture
def untrusted(outside: Outside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outside:
    """The operator trusts another authority than the one that signed."""
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path / "other")[1]))
    return outside


def test_an_image_by_its_address(api: Api, outside: Outside) -> None:
    made = api.json("/jobs", {"imageUrl": "https://photos.invalid/mug.jpg"})
    assert made.status_code == 202, made.content
    assert outside.proxy.asked == ["photos.invalid:443"]
    assert outside.proxy.credentials[0].startswith("Proxy-Authorization: Basic ")
    assert outside.photos.paths == ["/mug.jpg"]
    assert Asset.unscoped.get().name == "mug.jpg"


def test_an_image_behind_a_certificate_that_nobody_vouches_for(api: Api, untrusted: Outside) -> None:
    refused = api.json("/jobs", {"imageUrl": "https://photos.invalid/mug.jpg"})
    assert refused.status_code == 400
    assert "could not be reached" in errors(refused)["imageUrl"]
    assert untrusted.photos.seen == []
    assert not Job.unscoped.exists()


def test_the_proxy_is_not_asked_for_the_inside(api: Api, outside: Outside) -> None:
    for url in [*addresses(9, "https"), "https://printer.lan/a.jpg", "https://wiki/a.jpg", "https://db.internal:5432/"]:
        refused = api.json("/jobs", {"imageUrl": url})
        assert refused.status_code in {400, 422}, url
    assert outside.proxy.asked == []
    assert not Job.unscoped.exists()


def test_a_redirect_from_behind_the_proxy_to_the_inside(api: Api, outside: Outside) -> None:
    refused = api.json("/jobs", {"imageUrl": "https://photos.invalid/inside"})
    assert refused.status_code == 400
    assert "public internet" in errors(refused)["imageUrl"]
    assert outside.proxy.asked == ["photos.invalid:443"]


def test_a_name_that_the_proxy_does_not_know(api: Api, outside: Outside) -> None:
    refused = api.json("/jobs", {"imageUrl": "https://nobody.invalid/mug.jpg"})
    assert refused.status_code == 400
    assert outside.proxy.asked == ["nobody.invalid:443"]


def _sent_to(url: str, api: Api, client: Client) -> None:
    """A test message, by the button of the endpoint's page."""
    made = api.json("/webhooks", {"url": url, "events": ["*"]})
    assert made.status_code == 201, made.content
    assert client.post(f"/webhooks/{made.json()['id']}/test/").status_code == 302
    assert deliver_due() == 1


def test_a_webhook(api: Api, cast: Cast, as_: As, outside: Outside) -> None:
    _sent_to("https://photos.invalid/hook", api, as_(cast.alice))
    assert WebhookAttempt.unscoped.get().status_code == 200
    assert outside.proxy.asked == ["photos.invalid:443"]
    assert outside.photos.seen[0].startswith("POST /hook ")


def test_a_webhook_to_the_inside_by_name(api: Api, cast: Cast, as_: As, outside: Outside) -> None:
    _sent_to("https://localhost/hook", api, as_(cast.alice))
    attempt = WebhookAttempt.unscoped.get()
    assert (attempt.status_code, "public internet" in attempt.error) == (None, True)
    assert outside.proxy.asked == []


def test_a_shop(cast: Cast, as_: As, outside: Outside) -> None:
    answer = as_(cast.alice).post("/integrations/connect/woocommerce/", _typed("https://shop.invalid"))
    assert answer.status_code == 302, answer.content.decode()
    assert Connection.unscoped.get().address == "https://shop.invalid"
    assert set(outside.proxy.asked) == {"shop.invalid:443"}
    assert outside.shop.calls


def test_a_shop_behind_a_certificate_that_nobody_vouches_for(cast: Cast, as_: As, untrusted: Outside) -> None:
    answer = as_(cast.alice).post("/integrations/connect/woocommerce/", _typed("https://shop.invalid"))
    assert answer.status_code == 400
    assert not Connection.unscoped.exists()
    assert untrusted.shop.calls == []


def _typed(address: str) -> dict[str, str]:
    keys = {"consumer_key": KEY, "consumer_secret": SECRET}
    return {"name": "", "sharing": "me", "address": address, **keys}
