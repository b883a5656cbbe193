"""/catalog/ and the sync on the pages of integrations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from integrations.models import CatalogSync, Connection
from tests.support.cast import Cast
from tests.support.shops import connection_to, turns
from tests.support.woocommerce_peer import Shop, recorded, shop

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with shop() as running:
        yield running


def test_empty(cast: Cast, as_: SignIn) -> None:
    for path in ("/catalog/", "/integrations/"):
        page = as_(cast.victor).get(path).content.decode()
        assert "Run sync on any connected integration to load catalog items." in page
    assert "Synced Catalog Preview" in page


def test_a_sync_from_the_page_to_the_catalog(cast: Cast, as_: SignIn, peer: Shop) -> None:
    peer.add(1, title="Blue <b>mug</b>", sku="MUG-1", variants=1)
    peer.products[1]["permalink"] = "javascript:alert(1)"
    peer.variations[1][0]["sku"] = "VARIANT-77"
    for number in range(2, 62):
        peer.add(number, title=f"Plate {number}")
    row = connection_to(peer, cast.bob, name="Pottery")
    client = as_(cast.bob)
    own = f"/integrations/{row.pk}/"
    assert "Not synced yet" in client.get(own).content.decode()
    page = client.post(f"{own}sync/", follow=True).content.decode()
    assert "Reading products" in page
    assert 'hx-trigger="every 2s"' in page
    assert "running already" in client.post(f"{own}sync/", follow=True).content.decode()
    turns(CatalogSync.unscoped.get())
    part = client.get(f"{own}progress/").content.decode()
    assert "61 read" in part
    assert "hx-trigger" not in part
    assert "Plate 61" in client.get("/integrations/").content.decode()

    def shows(**query: str) -> str:
        page = client.get("/catalog/", query, headers={"HX-Request": "true", "HX-Target": "catalog-list"})
        assert page.status_code == 200
        found = re.search(r"Showing ([^<]+)<", page.content.decode())
        return found[1] if found else page.content.decode()

    assert shows() == "1-50 of 61"
    assert shows(q="plate") == "1-50 of 60"
    assert shows(q="MUG blue") == "1-1 of 1"
    assert shows(q="variant-77", connection=str(row.pk)) == "1-1 of 1"
    assert "No product matches" in shows(q="100%")
    assert "No product matches" in shows(connection="01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60")
    assert client.get("/catalog/", {"connection": "nonsense"}).status_code == 400
    found = client.get("/catalog/", {"q": "mug"}).content.decode()
    assert "&lt;b&gt;mug" in found
    assert "javascript:alert" not in found
    assert "Plate" in as_(cast.victor).get("/catalog/").content.decode()
    assert "Plate" not in as_(cast.charlie).get("/catalog/").content.decode()
    Connection.unscoped.update(shared=False)
    assert "Plate" not in as_(cast.victor).get("/catalog/").content.decode()
    assert as_(cast.victor).get(f"{own}progress/").status_code == 404
    Connection.unscoped.update(shared=True)
    assert as_(cast.victor).post(f"{own}sync/").status_code == 403
    assert as_(cast.charlie).post(f"{own}sync/").status_code == 404
    assert CatalogSync.unscoped.count() == 1


def test_a_failed_sync_says_why(cast: Cast, as_: SignIn, peer: Shop) -> None:
    row = connection_to(peer, cast.bob)
    client = as_(cast.bob)
    peer.always = recorded("route_missing")
    client.post(f"/integrations/{row.pk}/sync/")
    turns(CatalogSync.unscoped.get())
    page = client.get(f"/integrations/{row.pk}/").content.decode()
    assert "The last sync failed" in page
    assert "Activate the WooCommerce plugin" in page
    assert "Last sync failed" not in client.get("/catalog/").content.decode()
