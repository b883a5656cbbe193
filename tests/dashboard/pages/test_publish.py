"""/publish/: image, shop, product and place are chosen, and the image goes out; nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from integrations.models import CatalogImage, CatalogProduct, Connection, Publication
from processing.models import Asset, JobImage
from tests.support.cast import Cast
from tests.support.listed import judge, output_of, product_of, shop_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def _shops_can_fetch_images(settings: Settings) -> None:
    settings.BASE_URL = "https://images.example.com"


@pytest.fixture
def row(cast: Cast) -> Connection:
    return shop_of(cast.bob)


@pytest.fixture
def product(row: Connection) -> CatalogProduct:
    return product_of(row, images=2, variants=2)


@pytest.fixture
def image(cast: Cast) -> Asset:
    return output_of(cast.bob)


def chosen(row: Connection, image: Asset, **other: str) -> dict[str, str]:
    fields = {"image": str(image.pk), "connection": str(row.pk), "product": "1", "variant": "", "slot": "main"}
    return fields | other


def shown(client: Client, data: dict[str, str], part: str = "") -> str:
    answer = client.get("/publish/", data, headers={"HX-Request": "true", "HX-Target": part} if part else {})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_an_output_is_selected_first(cast: Cast, as_: SignIn, image: Asset) -> None:
    client = as_(cast.bob)
    page = shown(client, {})
    assert "Select an output image to publish" in page
    assert f'href="/publish/?image={image.pk}"' in page
    assert "No shop is connected yet" in page
    assert "No image matches" in shown(client, {"q": "plate"}, "publish-images")
    assert "No shop is connected yet" in shown(client, {"image": str(image.pk)})


def test_each_choice_leads_to_the_next(
    cast: Cast, as_: SignIn, row: Connection, product: CatalogProduct, image: Asset
) -> None:
    product_of(row, "2", title="Plate")
    client = as_(cast.bob)
    page = shown(client, {"image": str(image.pk)})
    assert "Choose a product first." in page
    assert "Blue mug" in page
    found = shown(client, {"image": str(image.pk), "q": "plate"}, "publish-products")
    assert "Plate" in found
    assert "Blue mug" not in found
    assert "<h1>" not in found
    part = shown(client, {"image": str(image.pk), "product": "1"}, "publish")
    assert "<h1>" not in part
    assert re.findall(r'name="slot" value="(\w+)"( checked)?', part)[:3] == [("main", " checked"), ("2", ""), ("3", "")]
    assert "disabled" not in part[part.index("publish-go") :]
    of_variant = shown(client, {"image": str(image.pk), "product": "1", "variant": "1001", "slot": "2"}, "publish")
    assert re.findall(r'name="slot" value="(\w+)"( checked)?', of_variant)[0] == ("main", " checked")
    assert "Image of the variant" in of_variant


def test_the_product_whose_sku_names_the_image_comes_first(cast: Cast, as_: SignIn, row: Connection) -> None:
    product_of(row, "1")
    product_of(row, "2", title="Plate", sku="PLATE")
    for name in ("plate.jpg", "Plate_2.jpg"):
        page = shown(as_(cast.bob), {"image": str(output_of(cast.bob, name=name).pk)})
        assert "With the SKU that the image is named by:" in page
        assert "Blue mug" not in page


def test_a_file_that_other_products_show_is_warned_about(
    cast: Cast, as_: SignIn, row: Connection, product: CatalogProduct, image: Asset
) -> None:
    product_of(row, "2", title="Plate")
    assert "other product shows" not in shown(as_(cast.bob), chosen(row, image))
    CatalogImage.unscoped.filter(product__remote_id="2").update(remote_id="100")
    assert "1 other product shows the file that is there now" in shown(as_(cast.bob), chosen(row, image))


def test_publishing(cast: Cast, as_: SignIn, row: Connection, product: CatalogProduct, image: Asset) -> None:
    judge(image, "pass")
    answer = as_(cast.bob).post("/publish/", chosen(row, image, slot="2"))
    made = Publication.unscoped.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/publications/{made.pk}/")
    assert (made.image, made.product, made.slot, made.created_by) == (image, "1", "2", cast.bob.user)
    assert made.status == "queued"
    assert AuditEntry.unscoped.filter(action="publication.made").count() == 1
    again = as_(cast.bob).post("/publish/", chosen(row, image, slot="2"))
    assert again.status_code == 409
    assert "on its way to this place" in again.content.decode()
    assert Publication.unscoped.count() == 1


def test_a_failed_check_asks_for_a_reason_and_keeps_what_was_typed(
    cast: Cast, as_: SignIn, row: Connection, product: CatalogProduct, image: Asset
) -> None:
    judge(image, "fail")
    client = as_(cast.bob)
    assert "at least 800 px" in shown(client, chosen(row, image))
    refused = client.post("/publish/", chosen(row, image, override_reason="  "))
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "does not take this image as it is" in page
    assert not Publication.unscoped.exists()
    too_long = client.post("/publish/", chosen(row, image, override_reason="Because " * 70))
    assert too_long.status_code == 400
    assert "Because Because" in too_long.content.decode()
    assert not Publication.unscoped.exists()
    assert client.post("/publish/", chosen(row, image, override_reason="It is a stamp.")).status_code == 302
    assert Publication.unscoped.get().override_reason == "It is a stamp."
    assert AuditEntry.unscoped.filter(action="publication.overridden").count() == 1


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"product": "77"}, "Choose a product first."),
        ({"product": ""}, "Choose a product first."),
        ({"connection": "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"}, "Choose a shop first."),
        ({"variant": "9"}, "The variant is not there any more."),
        ({"slot": "9"}, "The place is not there any more."),
        ({"slot": "٢"}, "The place is not there any more."),
    ],
    ids=["gone", "none", "shop", "variant", "slot", "digits"],
)
def test_nothing_is_published_anywhere_else_than_was_shown(
    cast: Cast, as_: SignIn, row: Connection, product: CatalogProduct, image: Asset, other: dict[str, str], says: str
) -> None:
    answer = as_(cast.bob).post("/publish/", chosen(row, image, **other))
    assert answer.status_code in {400, 409}
    assert says in answer.content.decode()
    assert not Publication.unscoped.exists()


def test_who_publishes_what(cast: Cast, as_: SignIn, row: Connection, product: CatalogProduct, image: Asset) -> None:
    for actor, status in ((cast.victor, 403), (cast.charlie, 404)):
        assert as_(actor).get("/publish/", chosen(row, image)).status_code == status
        assert as_(actor).post("/publish/", chosen(row, image)).status_code == status
    theirs = output_of(cast.charlie)
    assert as_(cast.bob).post("/publish/", chosen(row, theirs)).status_code == 404
    own = output_of(cast.charlie, seed=1)
    refused = as_(cast.charlie).post("/publish/", chosen(row, own))
    assert refused.status_code == 400
    assert row.name not in refused.content.decode()
    Connection.unscoped.update(shared=False, maker=cast.alice.user)
    assert as_(cast.bob).post("/publish/", chosen(row, image)).status_code == 400
    assert not Publication.unscoped.exists()


def test_a_broken_shop_says_why_it_cannot_be_chosen(
    cast: Cast, as_: SignIn, row: Connection, product: CatalogProduct, image: Asset
) -> None:
    problem = {"code": "unauthorized", "detail": "The key was revoked.", "blame": "credentials"}
    Connection.unscoped.update(status="broken", problem=problem)
    page = shown(as_(cast.bob), chosen(row, image))
    assert "The key was revoked." in page
    assert "Choose a shop first." in page
    assert as_(cast.bob).post("/publish/", chosen(row, image)).status_code == 400
    assert not Publication.unscoped.exists()


def test_from_the_library(cast: Cast, as_: SignIn, row: Connection, image: Asset) -> None:
    shown_there = JobImage.unscoped.get(output=image)
    client = as_(cast.bob)
    answer = client.post("/library/publish/", {"image": str(shown_there.pk)})
    assert (answer.status_code, answer["Location"]) == (302, f"/publish/?image={image.pk}")
    for path in (f"/library/{shown_there.pk}/", f"/jobs/{shown_there.job_id}/"):
        assert f'href="/publish/?image={image.pk}"' in client.get(path).content.decode()
        assert f'href="/publish/?image={image.pk}"' not in as_(cast.victor).get(path).content.decode()
    second = JobImage.unscoped.get(output=output_of(cast.bob, seed=1))
    several = client.post("/library/publish/", {"image": [str(shown_there.pk), str(second.pk)]}, follow=True)
    assert several.redirect_chain == [("/catalog/match/", 307)]
    assert client.post("/library/publish/").status_code == 400
    assert as_(cast.victor).post("/library/publish/", {"image": str(shown_there.pk)}).status_code == 403
    assert as_(cast.charlie).post("/library/publish/", {"image": str(shown_there.pk)}).status_code == 404


def test_the_place_may_be_chosen_first(
    cast: Cast, as_: SignIn, row: Connection, product: CatalogProduct, image: Asset
) -> None:
    place = {"connection": str(row.pk), "product": "1", "slot": "2"}
    page = shown(as_(cast.bob), place)
    assert "Select an output image to publish to Blue mug" in page
    assert f"/publish/?image={image.pk}&amp;connection={row.pk}&amp;product=1&amp;slot=2" in page
    assert "Blue mug" not in shown(as_(cast.charlie), place)
