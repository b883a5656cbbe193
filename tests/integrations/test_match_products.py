"""Names matched to a synced catalog: every kind of key, whose shop it is, and how many queries it takes."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput
from integrations.actions.catalog_rows import Reading, store
from integrations.matching.table import read_table
from integrations.models import CatalogProduct, CatalogSync, CatalogVariant, Connection
from integrations.publishing import Capabilities
from integrations.queries.match import match_products, wishes_of, wishes_of_table
from tests.support import catalog
from tests.support.cast import Cast
from tests.support.catalog import NINE, stocked, variant

pytestmark = pytest.mark.django_db
product = partial(catalog.product, images=NINE)


def found(actor: Actor, row: Connection, *names: str, able: Capabilities | None = None) -> dict[str, str]:
    result = match_products(actor, connection=row, wishes=wishes_of((name, None) for name in names), able=able)
    places = {
        m.wish.name: f"{m.choice.target.product}/{m.choice.target.variant}@{m.choice.slot}" for m in result.matched
    }
    return places | {d.wish.name: f"{len(d.choices)} choices" for d in result.ambiguous} | {
        m.wish.name: m.why for m in result.unmatched
    }  # fmt: skip


def test_every_kind_of_key(cast: Cast) -> None:
    row = stocked(
        cast.bob,
        product(1, "MUG-1", barcode="4006381333931", handle="blue-mug"),
        product(2, "SHIRT", variant(20, "SHIRT-S", "0036000291452"), variant(21, "SHIRT-M"), variant(22, "SHIRT")),
        product(3, "", variant(30, "LAMP/01 rot")),
        product(4, "", handle="B00EXAMPL1"),
        product(5, "", handle="Größe-l"),
    )
    names = ("mug-1_2.jpg", "4006381333931-2.jpg", "blue-mug-3.jpg", "SHIRT-S.jpg", "SHIRT.jpg", "036000291452.jpg",
             "LAMP-01_rot_2.jpg", "B00EXAMPL1.PT02.jpg", "größe-l-2.jpg", "shirt-s_2.jpg", "cup.jpg")  # fmt: skip
    alone = {name: found(cast.bob, row, name)[name] for name in names}
    assert alone == {
        "mug-1_2.jpg": "1/@2",
        "4006381333931-2.jpg": "1/@2",
        "blue-mug-3.jpg": "1/@3",
        "SHIRT-S.jpg": "2/20@main",
        "SHIRT.jpg": "2/@main",
        "036000291452.jpg": "2/20@main",
        "LAMP-01_rot_2.jpg": "3/@2",
        "B00EXAMPL1.PT02.jpg": "4/@3",
        "größe-l-2.jpg": "5/@2",
        "shirt-s_2.jpg": "Product 2 · Red 20: A variant has one image; further ones belong to its product.",
        "cup.jpg": "No product of this shop has it.",
    }
    together = found(cast.bob, row, *names)
    assert together["mug-1_2.jpg"] == together["4006381333931-2.jpg"] == "1 choices"
    assert together["blue-mug-3.jpg"] == "1/@3"


def test_what_the_marketplace_does_not_take(cast: Cast) -> None:
    row = stocked(cast.bob, product(1, "A", variant(10, "A-x"), variant(11, "A-y")))
    able = Capabilities(places=3, variant_images=False)
    assert found(cast.bob, row, "A_3.jpg", able=able) == {"A_3.jpg": "1/@3"}
    assert "at most 3" in found(cast.bob, row, "A_4.jpg", able=able)["A_4.jpg"]
    assert "Variants have no images" in found(cast.bob, row, "A-x.jpg", able=able)["A-x.jpg"]
    assert "swatch" in found(cast.bob, row, "A.SWCH.jpg", able=able)["A.SWCH.jpg"]
    swatches = Capabilities(places=3, variant_images=True, extra_slots=("swatch",))
    assert found(cast.bob, row, "A.SWCH.jpg", able=swatches) == {"A.SWCH.jpg": "1/@swatch"}


def test_other_shops_and_strangers_find_nothing(cast: Cast) -> None:
    row = stocked(cast.bob, product(1, "MUG-1"))
    other = stocked(cast.bob, product(1, "PLATE"))
    assert found(cast.bob, other, "MUG-1.jpg")["MUG-1.jpg"] == "No product of this shop has it."
    assert found(cast.charlie, row, "MUG-1.jpg")["MUG-1.jpg"] == "No product of this shop has it."
    with pytest.raises(InvalidInput):
        found(cast.bob, row, *(f"{number}.jpg" for number in range(1001)))


def test_a_table_with_keys_slots_and_file_names(cast: Cast) -> None:
    row = stocked(cast.bob, product(1, "MUG-1"), product(2, "", barcode="4006381333931"), product(3, "CUP"))
    table = read_table(
        "file,sku,barcode,slot\nx.jpg,mug 1,,2\ny.jpg,,4006381333931,\nCUP_3.jpg,,,\nCUP.jpg,,,2\nz.jpg,NONE,,\n"
    )
    assert not table.problems
    result = match_products(cast.bob, connection=row, wishes=wishes_of_table((each, None) for each in table.rows))
    assert [(m.wish.line, m.choice.target.product, m.choice.slot) for m in result.matched] == [
        (2, "1", "2"), (3, "2", "main"), (4, "3", "3"), (5, "3", "2"),
    ]  # fmt: skip
    assert [miss.wish.line for miss in result.unmatched] == [6]


def test_nine_hundred_names_take_five_queries(cast: Cast) -> None:
    row = stocked(cast.bob, *(product(n, f"SKU-{n:04}", handle=f"thing-{n}") for n in range(1, 301)))
    names = [f"SKU-{n:04}_{place}.jpg" for n in range(1, 301) for place in (1, 2, 3)]
    wishes = wishes_of((name, None) for name in [*names[:-1], "4006381333931.jpg"])
    with CaptureQueriesContext(database) as queries:
        result = match_products(cast.bob, connection=row, wishes=wishes)
    assert (len(result.matched), len(result.unmatched)) == (899, 1)
    assert len(queries) == 5


def test_a_later_sync_writes_the_keys_anew(cast: Cast) -> None:
    row = stocked(cast.bob, product(1, "OLD", variant(10, "OLD-1", "111"), handle="old", barcode="12345678"))
    sync = CatalogSync.unscoped.get(connection=row)
    store(Reading.of(sync), [product(1, "NEW", variant(10, "NEW-1", "222"), handle="new", barcode="87654321")])
    assert found(cast.bob, row, "OLD.jpg", "NEW_2.jpg", "new-3.jpg", "87654321_4.jpg") == {
        "OLD.jpg": "No product of this shop has it.",
        "NEW_2.jpg": "1/@2",
        "new-3.jpg": "1/@3",
        "87654321_4.jpg": "1/@4",
    }
    assert CatalogProduct.unscoped.get().words == "product 1 new 87654321 new new-1 222"
    assert CatalogVariant.unscoped.get().barcode == "222"
