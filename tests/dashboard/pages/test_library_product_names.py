"""Downloads of the library named after products: Amazon's names without a connection, and by a shop's catalog."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from tests.support.cast import Cast
from tests.support.catalog import NINE, product, stocked, variant
from tests.support.finished import Photo, job_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def names(client: Client, images: list[str], template: str, shop: str = "") -> list[str]:
    answer = client.post("/library/download/", {"image": images, "names": template, "shop": shop})
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        return sorted(archive.namelist())


def test_amazon_names_need_no_connection(cast: Cast, as_: SignIn) -> None:
    photos = ("b00exampl1.jpg", "B00EXAMPL1_3.jpg", "B00EXAMPL1.SWCH.png", "mug.jpg", "b00exampl2-2.heic")
    job = job_of(cast.bob, *(Photo(name, seed) for seed, name in enumerate(photos)))
    images = [str(image.pk) for image in job.images.all()]
    assert names(as_(cast.victor), images, "{asin}.{slot}") == [
        "B00EXAMPL1.MAIN.jpg",
        "B00EXAMPL1.PT02.jpg",
        "B00EXAMPL1.SWCH.jpg",
        "B00EXAMPL2.PT01.jpg",
        "not matched/mug.jpg",
    ]


def test_a_shop_tells_what_the_names_do_not(cast: Cast, as_: SignIn) -> None:
    row = stocked(
        cast.bob,
        product(1, "MUG/1", handle="B00EXAMPL1", images=NINE),
        product(2, "SHIRT", variant(20, "SHIRT-S", "4006381333931"), variant(21, "SHIRT-M"), images=NINE),
        marketplace="amazon-bridge",
    )
    job = job_of(cast.bob, *(Photo(name, seed) for seed, name in enumerate(("mug-1_2.jpg", "SHIRT-S.jpg"))))
    images = [str(image.pk) for image in job.images.all()]
    client = as_(cast.bob)
    assert names(client, images, "{asin}.{slot}", str(row.pk)) == ["B00EXAMPL1.PT01.jpg", "not matched/SHIRT-S.jpg"]
    assert names(client, images, "{sku}_{n}", str(row.pk)) == ["MUG-1_2.jpg", "SHIRT-S_1.jpg"]
    # Another organization's shop tells nothing.
    stranger = stocked(cast.charlie, product(1, "mug-1", handle="B00EXAMPL9"), marketplace="amazon-bridge")
    assert names(client, images, "{asin}.{slot}", str(stranger.pk)) == [
        "not matched/SHIRT-S.jpg",
        "not matched/mug-1_2.jpg",
    ]


def test_the_dialog_offers_both_and_refuses_what_it_does_not_know(cast: Cast, as_: SignIn) -> None:
    row = stocked(cast.bob, product(1, "MUG-1"), name="Pottery")
    job = job_of(cast.bob, Photo("a.jpg", 1), Photo("b.jpg", 2))
    images = [str(image.pk) for image in job.images.all()]
    client = as_(cast.bob)
    page = client.post("/library/download/", {"image": images, "ask": "1"}).content.decode()
    assert "{asin}.{slot}" in page
    assert f'value="{row.pk}"' in page
    refused = client.post("/library/download/", {"image": images, "names": "{asin}{colour}"})
    assert refused.status_code == 400
    assert "There is no {colour}" in refused.content.decode()
