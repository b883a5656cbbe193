"""Deliveries are taken from who can sign them, and from nobody else."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from integrations.actions import inbound_receive, subscriptions
from integrations.inbound import Change
from integrations.models import Connection, InboundDelivery
from integrations.registry import find
from tests.support.cast import Cast
from tests.support.deliveries import address, title
from tests.support.shops import connection_to
from tests.support.woocommerce_peer import Shop

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parents[2] / "support" / "contracts" / "woocommerce" / "webhooks"


@pytest.mark.parametrize("how", ["body", "secret", "none", "empty", "other connection"])
def test_a_bad_signature_is_refused_and_leaves_nothing(
    cast: Cast, peer: Shop, row: Connection, client: Client, how: str
) -> None:
    hook = next(each for each in peer.webhooks.rows.values() if each["topic"] == "product.updated")
    good: dict[str, Any] = {}

    def catch(address: str, headers: dict[str, str], body: bytes) -> int:
        good.update(address=address, headers=headers, body=body)
        return 200

    peer.webhooks.deliver = catch
    if how == "secret":
        peer.webhooks.secrets[hook["id"]] = "not it"
    peer.webhooks.emit("product.updated", peer.products[2])
    headers = {name: value for name, value in good["headers"].items() if name != "Content-Type"}
    body, path = good["body"], urlsplit(good["address"]).path
    if how == "body":
        body += b" "
    if how == "none":
        del headers["X-WC-Webhook-Signature"]
    if how == "empty":
        headers["X-WC-Webhook-Signature"] = ""
    if how == "other connection":
        other = connection_to(peer, cast.alice)
        subscriptions.keep(other, other.account())
        path = address(other)
    answer = client.post(path, body, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert not InboundDelivery.unscoped.exists()
    assert title(2) == "Product 2"


def test_unknown_addresses_other_methods_and_long_bodies(
    peer: Shop, row: Connection, client: Client, settings: Settings
) -> None:
    good = address(row)
    for path in ("/hooks/woocommerce/nobody/", "/hooks/nothing/x/", "/hooks/woocommerce/", good.replace("woo", "boo")):
        assert client.post(path, b"{}", content_type="application/json").status_code == 404, path
    assert client.get(good).status_code == 405
    long = client.post(good, b"x" * (inbound_receive.MOST_BYTES + 1), content_type="application/json")
    assert long.status_code == 413
    assert client.post(good, b"webhook_id=1", content_type="application/x-www-form-urlencoded").status_code == 200
    assert client.post(good, b"webhook_id=1&id=2", content_type="application/x-www-form-urlencoded").status_code == 401
    settings.FIELD_ENCRYPTION_KEYS = ["3b0T0i5jE4l9nV8n3o0bXoY0Yq6y3iQ5oYk0s3m8d5E="]
    assert client.post(good, b"{}", content_type="application/json").status_code == 503
    assert not InboundDelivery.unscoped.exists()


def test_the_door_needs_no_session_and_no_csrf_token(peer: Shop, row: Connection) -> None:
    strict = Client(enforce_csrf_checks=True)

    def deliver(address: str, headers: dict[str, str], body: bytes) -> int:
        kind = headers.pop("Content-Type")
        return strict.post(urlsplit(address).path, body, content_type=kind, headers=headers).status_code

    peer.webhooks.deliver = deliver
    assert peer.webhooks.emit("product.updated", peer.products[2]) == [200]
    assert not strict.cookies


@pytest.mark.parametrize("name", sorted(path.name for path in RECORDED.glob("*.json")))
def test_the_real_shops_deliveries_are_genuine(name: str) -> None:
    """As they were recorded, with the secret that the shop was given."""
    said = json.loads((RECORDED / name).read_text())
    inbound = find("woocommerce").inbound
    assert inbound is not None
    headers = {key.lower(): value for key, value in said["headers"]}
    raw = base64.b64decode(said["body_b64"])
    found = inbound.authenticate(raw, headers, ["other", "peer-webhook-secret"])
    if "ping" in name:
        assert (found.change, found.key) == (Change.NOTHING, "")
        return
    assert found.change == Change.PRODUCT
    assert found.remote_id == str(json.loads(raw)["id"])
    assert found.topic == headers["x-wc-webhook-topic"]
