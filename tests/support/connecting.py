"""A shop connected by the form."""

from __future__ import annotations

from django.test import Client

from integrations.models import Connection
from tests.support.woocommerce_peer import KEY, SECRET, Shop

CONNECT = "/integrations/connect/woocommerce/"


def typed(peer: Shop, **other: str) -> dict[str, str]:
    return {
        "name": "",
        "sharing": "me",
        "address": peer.address,
        "consumer_key": KEY,
        "consumer_secret": SECRET,
    } | other


def connected(client: Client, peer: Shop, **other: str) -> Connection:
    before = set(Connection.unscoped.values_list("pk", flat=True))
    answer = client.post(CONNECT, typed(peer, **other))
    assert answer.status_code == 302, answer.content.decode()
    row = Connection.unscoped.exclude(pk__in=before).get()
    assert answer["Location"] == f"/integrations/{row.pk}/"
    return row
