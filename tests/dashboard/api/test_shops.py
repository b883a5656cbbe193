"""GET /api/v1/connections and /catalog: what a key's maker sees, as publications want it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.access.permissions import Role
from integrations.actions.sync import start
from integrations.models import CatalogProduct, Connection
from tests.support.api import Api, errors
from tests.support.cast import Cast
from tests.support.shops import connection_to, synced_with, turns
from tests.support.woocommerce_peer import KEY, SECRET, Shop, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with shop() as running:
        running.add(1, title="Blue mug", sku="MUG-1", images=2, variants=2)
        running.variations[1][0]["sku"] = "Mug-1-S"
        running.add(2, title="Plate", sku="PLATE")
        yield running


def api_of(cast: Cast) -> Api:
    return Api(cast.key(cast.alice, "catalog:read"))


def synced(cast: Cast, peer: Shop, *, shared: bool = True, name: str = "Pottery") -> Connection:
    return synced_with(peer, cast.alice, shared=shared, name=name)


def test_the_shops_that_the_maker_of_the_key_sees(cast: Cast, peer: Shop) -> None:
    row = connection_to(peer, cast.alice, shared=False, name="Pottery")
    listed = api_of(cast).get("/connections")
    assert listed.status_code == 200
    (found,) = listed.json()["connections"]
    assert found == {
        "connectionId": str(row.pk), "marketplace": "woocommerce", "name": "Pottery", "address": peer.address,
        "status": "connected", "problem": None, "shared": False, "paused": False, "syncedAt": None,
    }  # fmt: skip
    assert not {KEY, SECRET} & set(json.dumps(listed.json()).split('"'))
    turns(start(cast.alice, connection_id=row.pk))
    assert api_of(cast).get("/connections").json()["connections"][0]["syncedAt"]
    for other in (cast.bob_as(Role.ADMIN), cast.charlie):
        assert Api(cast.key(other, "catalog:read")).get("/connections").json() == {"connections": []}
    problem = {"code": "unauthorized", "detail": "The key was revoked.", "blame": "credentials"}
    Connection.unscoped.update(status="broken", problem=problem)
    (found,) = api_of(cast).get("/connections").json()["connections"]
    assert (found["status"], found["problem"]) == ("broken", "The key was revoked.")


def test_a_product_has_the_ids_that_a_publication_wants(cast: Cast, peer: Shop) -> None:
    row = synced(cast, peer)
    api = api_of(cast)
    (found,) = api.get("/catalog?q=blue+mug").json()["products"]
    assert (found["productId"], found["connectionId"], found["title"]) == ("1", str(row.pk), "Blue mug")
    assert found["imageVerdict"] is None
    assert api.get("/catalog?imageVerdict=fail").json()["products"] == []
    CatalogProduct.unscoped.filter(remote_id="1").update(verdict="fail")
    assert [each["imageVerdict"] for each in api.get("/catalog?imageVerdict=fail").json()["products"]] == ["fail"]
    assert api.get("/catalog?imageVerdict=bad").status_code == 400
    assert [image["slot"] for image in found["images"]] == ["main", "2"]
    assert found["images"][0]["imageId"] == "100"
    assert found["images"][0]["alt"] == "View 0"
    assert [variant["variantId"] for variant in found["variants"]] == ["1000", "1001"]
    assert found["url"] == f"{peer.address}/product/1/"


def test_search_by_sku_shop_and_pages(cast: Cast, peer: Shop) -> None:
    row = synced(cast, peer)
    api = api_of(cast)

    def ids(query: str) -> list[str]:
        answer = api.get(f"/catalog{query}")
        assert answer.status_code == 200, answer.content
        return [product["productId"] for product in answer.json()["products"]]

    assert ids("?sku=mug-1") == ids("?sku=MUG-1-s") == ["1"]
    assert ids("?sku=mug") == ids("?q=nothing") == []
    assert ids(f"?connectionId={row.pk}&q=plate") == ["2"]
    assert ids("?connectionId=01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60") == []
    first = api.get("/catalog?limit=1").json()
    second = api.get(f"/catalog?limit=1&cursor={first['nextCursor']}").json()
    assert {first["products"][0]["productId"], second["products"][0]["productId"]} == {"1", "2"}
    assert second["nextCursor"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [("connectionId=shop", "connectionId"), ("limit=0", "limit"), ("cursor=x", "cursor"), ("colour=red", "colour")],
)
def test_what_is_wrong_is_named(cast: Cast, query: str, field: str) -> None:
    answer = api_of(cast).get(f"/catalog?{query}")
    assert answer.status_code == 400
    assert set(errors(answer)) == {field}


def test_somebody_elses_products_are_not_found(cast: Cast, peer: Shop) -> None:
    row = synced(cast, peer, shared=False)
    assert CatalogProduct.unscoped.count() == 2
    for other in (cast.bob_as(Role.ADMIN), cast.charlie):
        api = Api(cast.key(other, "catalog:read"))
        for query in ("", "?sku=PLATE", f"?connectionId={row.pk}"):
            assert api.get(f"/catalog{query}").json() == {"products": [], "nextCursor": None}
