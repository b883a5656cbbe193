"""/catalog/<id>/ and the filters of /catalog/: places, what is ours, what was published."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from integrations.actions import ours
from integrations.models import CatalogImage, CatalogProduct, Connection, Publication
from tests.support.cast import Cast
from tests.support.catalog import product, stocked, variant

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def published(row: Connection, product_id: str, *, slot: str = "main", **fields: object) -> Publication:
    values: dict[str, object] = {"status": "confirmed", "verdict": "pass", "filename": "mug.jpg", **fields}
    made = Publication.unscoped.create(
        organization=row.organization, connection=row, product=product_id, slot=slot, sha256="", **values
    )
    ours.refresh_after(made)
    return made


def shown(client: Client, **query: str) -> list[str]:
    page = client.get("/catalog/", query, headers={"HX-Request": "true", "HX-Target": "catalog-list"})
    assert page.status_code == 200
    return re.findall(r'class="row-link"[^>]*title="([^"]*)"', page.content.decode())


def test_a_product_with_all_its_places(cast: Cast, as_: SignIn) -> None:
    row = stocked(
        cast.bob,
        product(1, "MUG", variant(10, "MUG-red", "4006381333931", "http://x/v.jpg"), variant(11, "MUG-blue"),
                images=("http://x/1.jpg", "http://x/2.jpg"), title="Mug <b>", handle="mug"),
    )  # fmt: skip
    published(row, "1", remote_id="1-0", verdict="warn")
    published(row, "1", slot="2", remote_id="another", filename="second.jpg")
    published(row, "1", status="failed", filename="failed.jpg")
    published(row, "2", filename="elsewhere.jpg")
    own = f"/catalog/{CatalogProduct.unscoped.get().pk}/"
    page = as_(cast.victor).get(own).content.decode()
    assert "Mug &lt;b&gt;" in page
    for words in (
        "Main image",
        "Image 2",
        "Red 10",
        "MUG-blue",
        "4006381333931",
        "failed.jpg",
        "second.jpg",
        "Pottery",
    ):
        assert words in page
    for image in CatalogImage.unscoped.all():
        assert f"/catalog/pictures/{image.pk}.webp" in page
    assert page.count("Ours, has warnings") == 1
    # Somebody else's image is in the second place now, so nothing is claimed of it.
    assert "Ours, passes" not in page
    assert "elsewhere.jpg" not in page
    assert "http://x/" not in page
    assert as_(cast.charlie).get(own).status_code == 404
    Connection.unscoped.update(shared=False)
    assert as_(cast.victor).get(own).status_code == 404
    assert as_(cast.bob).get("/catalog/01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60/").status_code == 404


def test_the_list_is_filtered_by_shop_status_and_state_of_the_images(cast: Cast, as_: SignIn) -> None:
    many = ("http://x/1.jpg", "http://x/2.jpg", "http://x/3.jpg")
    row = stocked(
        cast.bob,
        product(1, "A", title="None"),
        product(2, "B", title="Few", images=many[:2]),
        product(3, "C", title="Ours", images=many, status="draft"),
        product(4, "D", title="Broken", images=many),
        product(5, "E", title="Mended", images=many, barcode="4006381333931"),
    )
    published(row, "3", remote_id="3-0")
    published(row, "4", verdict="fail")
    published(row, "5", verdict="fail")
    published(row, "5", verdict="pass")
    published(row, "2", verdict="fail", dry_run=True)
    published(row, "2", verdict="fail", status="reverted")
    client = as_(cast.victor)
    assert shown(client) == ["Mended", "Broken", "Ours", "Few", "None"]
    assert shown(client, state="none") == ["None"]
    assert shown(client, state="few") == ["Few"]
    assert shown(client, state="ours") == ["Mended", "Broken", "Ours"]
    assert shown(client, state="fail") == ["Broken"]
    assert shown(client, status="draft") == ["Ours"]
    assert shown(client, q="4006381333931") == ["Mended"]
    assert shown(client, connection=str(row.pk), state="few", q="few") == ["Few"]
    assert client.get("/catalog/", {"state": "odd"}).status_code == 400
    page = client.get("/catalog/").content.decode()
    assert page.count("Ours, passes") == 2
    assert page.count("Ours, breaks a rule") == 1
    assert page.count("Not checked yet") == 1
    assert "<option>draft</option>" in page
