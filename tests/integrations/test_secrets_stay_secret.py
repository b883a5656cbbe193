"""Secrets are planted, everything goes wrong that can, and no page, answer, log, mail or row shows one of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from dashboard.encrypted_columns import COLUMNS
from integrations.actions.checks import check
from integrations.actions.inbound_work import work
from integrations.actions.sync import start, start_by_itself
from integrations.models import CatalogSync, Connection, InboundDelivery, InboundHook
from tests.support.api import Api
from tests.support.cast import Cast
from tests.support.serving import Said
from tests.support.shops import turns
from tests.support.woocommerce_peer import KEY, SECRET, Shop, page, shop

pytestmark = pytest.mark.django_db
CONNECT = "/integrations/connect/woocommerce/"
WRONG = "cs_" + "e5" * 20


@pytest.fixture
def peer(settings: Settings, client: Client) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    settings.BASE_URL = "https://packshot.example.com"
    with shop() as running:
        running.add(1)
        running.webhooks.deliver = lambda address, headers, body: (
            200  # a ping, in a thread of the peer's
            if body.startswith(b"webhook_id=")
            else client.post(
                urlsplit(address).path, body, content_type=headers.pop("Content-Type"), headers=headers
            ).status_code
        )
        yield running


def echo(code: str, status: int = 400) -> Said:
    """A shop that repeats in its error what it was sent."""
    words = f"Bad keys {KEY} and {SECRET}"
    return Said(status, json.dumps({"code": code, "message": words, "data": {"status": status}}).encode())


def test_nothing_shows_a_secret(
    cast: Cast,
    as_: Callable[[Actor], Client],
    peer: Shop,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client, api = as_(cast.bob), Api(cast.key())
    keys = {"address": peer.address, "consumer_key": KEY, "consumer_secret": SECRET}
    shown: list[str] = []
    with django_capture_on_commit_callbacks(execute=True):
        peer.faults = [echo("strange")]
        shown.append(
            client.post(CONNECT, keys).content.decode().replace(f'value="{KEY}"', "").replace(f'value="{SECRET}"', "")
        )  # the form gives back what was typed, to who typed it
        client.post(CONNECT, keys)
        row = Connection.unscoped.get()
        own = f"/integrations/{row.pk}/"
        check(row.pk)
        hook = InboundHook.unscoped.get().opened()
        sync = turns(start(cast.bob, connection_id=row.pk))
        peer.webhooks.emit("product.updated", peer.products[1])
        for fault in (echo("strange"), echo("woocommerce_rest_cannot_view", 401), page(500, f"<p>{SECRET}</p>"),
                      Said(302, b"", {"Location": f"http://localhost/?consumer_secret={SECRET}"})):  # fmt: skip
            peer.always = fault
            shown.append(client.post(f"{own}test/", follow=True).content.decode())
            check(row.pk)
            CatalogSync.unscoped.filter(status="queued").update(not_before=timezone.now())
            turns(start_by_itself(row, everything=True) or CatalogSync.unscoped.latest("pk"))
            InboundDelivery.unscoped.update(not_before=timezone.now())
            work(InboundDelivery.unscoped.get().pk)
        peer.always = None
        wrong = client.post(own, {"name": "x", "sharing": "me", "calls_per_minute": "60", "nightly_at": "03:00",
                                  "consumer_secret": WRONG}).content.decode()  # fmt: skip
        shown.append(wrong.replace(f'value="{WRONG}"', ""))
    assert sync.status == "succeeded"
    assert Connection.unscoped.get().broken
    for path in ("/integrations/", own, "/catalog/", "/jobs/"):
        shown.append(client.get(path).content.decode())
    for path in ("/audit/", "/audit/audit.csv", own, "/webhooks/"):
        answer = as_(cast.alice).get(path)
        streamed = b"".join(answer) if answer.streaming else answer.content
        shown.append(bytes(streamed).decode())
    shown += [json.dumps(api.get(path).json()) for path in ("/connections", "/catalog")]
    shown += [f"{message.subject}{message.body}" for message in mail.outbox]
    out, err = capfd.readouterr()
    shown += [out, err, caplog.text]
    encrypted = {(model, field) for model, field in COLUMNS}
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if (model, field.name) not in encrypted]
        shown.append(repr([tuple(map(_plain, values)) for values in model._base_manager.values_list(*names)]))
    everything = "\n".join(shown)
    assert len(mail.outbox) == 2
    basic = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
    for secret in (SECRET, WRONG, KEY, basic, hook):
        assert secret not in everything
    assert "ck_…a1a1" in everything


def _plain(value: object) -> object:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value
