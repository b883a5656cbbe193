"""/catalog/ sorted by its columns, filtered by what images come to, and images checked from there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.kit.paging import COUNT_UP_TO
from integrations.models import CatalogProduct, ImageVerdict
from tests.support.cast import Cast
from tests.support.catalog import NINE, product, stocked

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
HTMX = {"HX-Request": "true", "HX-Target": "catalog-list"}


def titles(page: str) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)</a>', page)


def walked(client: Client, sort: str, words: str = "") -> tuple[str, list[str]]:
    """The first page, and what all pages after one another show of each row: its title and SKU."""
    first, found = "", []
    address: str | None = f"/catalog/?sort={sort}&q={words}"
    while address:
        page = client.get(address, headers=HTMX).content.decode()
        first = first or page
        skus = re.findall(r'catalog-sku" title="([^"]*)"', page)
        assert len(skus) <= 50
        found += [" ".join(pair) for pair in zip(titles(page), skus, strict=True)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else None
    return first, found


@pytest.mark.parametrize("words", ["", "s-"])
def test_every_column_both_ways_and_no_row_is_lost_where_many_tie(cast: Cast, as_: SignIn, words: str) -> None:
    stocked(
        cast.bob,
        *(
            product(number, f"S-{number * 7 % 64:03}", title="mug" if number % 2 else "Bowl", images=NINE[: number % 3])
            for number in range(64)
        ),
    )
    client = as_(cast.bob)
    for column in ("title", "sku", "images", "read"):
        up, there = walked(client, column, words)
        down, back = walked(client, f"-{column}", words)
        assert len(set(there)) == 64
        assert back == there[::-1]
        assert ('aria-sort="ascending"' in up, 'aria-sort="descending"' in down) == (True, True)
        if column == "title":
            assert [row.split()[0] for row in there] == ["Bowl"] * 32 + ["mug"] * 32
        if column == "sku":
            assert [row.split()[1] for row in there] == [f"S-{number:03}" for number in range(64)]


def test_a_page_goes_forth_and_back_with_its_figures_and_filters(cast: Cast, as_: SignIn) -> None:
    stocked(cast.bob, *(product(number, title=f"Plate {number:03}") for number in range(1, 131)))
    client = as_(cast.bob)
    first = client.get("/catalog/?sort=title&q=plate", headers=HTMX).content.decode()
    assert "Showing 1-50 of 130" in first
    address = re.search(r'href="([^"]*older=[^"]+)"', first)
    assert address
    second = client.get(address[1].replace("&amp;", "&"), headers=HTMX).content.decode()
    assert "Showing 51-100 of 130" in second
    assert "q=plate" in address[1]
    back = re.search(r'href="([^"]*newer=[^"]+)"', second)
    assert back
    assert titles(client.get(back[1].replace("&amp;", "&"), headers=HTMX).content.decode()) == titles(first)
    for wrong in (
        "sort=price",
        "sort=title&older=nonsense",
        "sort=title&older=WyJhIiwiYiJd",
        "sort=read&older=WzEsIjEiXQ",
    ):
        assert client.get(f"/catalog/?{wrong}").status_code == 400, wrong


def test_more_than_are_counted_stay_by_age_and_the_page_says_how_to_sort_them(cast: Cast, as_: SignIn) -> None:
    row = stocked(cast.bob, product(1, title="Aardvark mug"))
    CatalogProduct.unscoped.bulk_create(
        CatalogProduct(
            organization=row.organization, connection=row, remote_id=f"m{number}", title="Mug", words="mug",
            seen_in=row.pk, asked_at=row.created_at,
        )
        for number in range(COUNT_UP_TO)
    )  # fmt: skip
    client = as_(cast.bob)
    page = client.get("/catalog/?sort=title&q=mug").content.decode()
    assert "Aardvark mug" not in titles(page)
    assert "More than 10,000 products match" in page
    assert "aria-sort" not in page
    assert '<option value="title" selected>' in page, "what was asked for stays chosen"
    narrower = client.get("/catalog/?sort=title&q=mug+aardvark").content.decode()
    assert titles(narrower) == ["Aardvark mug"]
    assert "products match" not in narrower
    assert 'aria-sort="ascending"' in narrower
    assert titles(client.get("/catalog/?sort=title").content.decode())[0] == "Aardvark mug"
    assert client.get("/catalog/?sort=price&q=mug").status_code == 400


def test_what_images_come_to_is_shown_filtered_and_asked_for(cast: Cast, as_: SignIn) -> None:
    stocked(cast.bob, *(product(number, images=NINE[:1]) for number in (1, 2)), product(3))
    CatalogProduct.unscoped.filter(remote_id="1").update(verdict="fail")
    client = as_(cast.bob)

    def shows(state: str) -> list[str]:
        return titles(client.get("/catalog/", {"state": state}, headers=HTMX).content.decode())

    assert (shows("breaks"), shows("passes"), shows("unchecked")) == (["Product 1"], [], ["Product 2"])
    page = client.get("/catalog/").content.decode()
    assert "Rule broken" in page
    assert "Check the images of all shown" in page
    assert "Check the images of all shown" not in as_(cast.victor).get("/catalog/").content.decode()
    ids = [str(pk) for pk in CatalogProduct.unscoped.values_list("pk", flat=True)]
    for stranger, status in ((cast.victor, 403), (cast.charlie, 404)):
        assert as_(stranger).post("/catalog/check/", {"product": ids}).status_code == status
    assert client.post("/catalog/check/", {"product": ["nonsense"]}).status_code == 400
    assert not ImageVerdict.unscoped.exists()
    answer = client.post("/catalog/check/", {"product": ids, "next": "/catalog/?state=unchecked"})
    assert answer["Location"] == "/catalog/?state=unchecked"
    assert ImageVerdict.unscoped.count() == 1, "one address, one look"
    assert (
        client.post("/catalog/check/", {"product": ids, "next": "https://elsewhere.example"})["Location"] == "/catalog/"
    )
    own = client.get(f"/catalog/{CatalogProduct.unscoped.get(remote_id='1').pk}/").content.decode()
    assert "Is being checked" in own
    ImageVerdict.unscoped.update(
        asked_at=None,
        verdict="fail",
        findings=[{"title": "Size", "status": "fail", "detail": "Small.", "wanted": "500"}],
    )
    own = client.get(f"/catalog/{CatalogProduct.unscoped.get(remote_id='1').pk}/").content.decode()
    assert "Breaks a rule" in own
    assert "Wanted: 500" in own
