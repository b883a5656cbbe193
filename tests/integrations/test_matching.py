"""What file names say, and tables: pure, without a catalog."""

from __future__ import annotations

import uuid

import pytest

from accounts.kit.errors import InvalidInput
from integrations.matching.keys import Kind, loose, plain
from integrations.matching.match import Matched, Target, Wish, match
from integrations.matching.slots import amazon_slot, slot_of
from integrations.matching.table import read_table
from integrations.matching.templates import TEMPLATES, readings, stem_of, template


def read(name: str, *templates: str) -> set[tuple[str, str, str | None]]:
    return {(each.kind.value, each.key, each.slot) for each in readings(name, templates or TEMPLATES)}


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("ABC-12.jpg", ("sku", "ABC-12", "main")),
        ("ABC-12_2.JPEG", ("sku", "ABC-12", "2")),
        ("ABC-12_01.png", ("sku", "ABC-12", "main")),
        ("photos/ABC-12-3.webp", ("sku", "ABC-12", "3")),
        ("ABC 12 (4).heic", ("sku", "ABC 12", "4")),
        ("photos\\ABC-12\\2.tif", ("sku", "ABC-12", "2")),
        ("B00EXAMPL1.MAIN.jpg", ("asin", "B00EXAMPL1", "main")),
        ("b00exampl1.pt03.jpg", ("asin", "b00exampl1", "4")),
        ("B00EXAMPL1.SWCH.jpg", ("asin", "B00EXAMPL1", "swatch")),
        ("4006381333931_2.jpg", ("barcode", "4006381333931", "2")),
        ("blue-mug-2.jpg", ("handle", "blue-mug", "2")),
        ("Möbel_2.jpg", ("sku", "Möbel", "2")),
        ("ＡＢＣ－１_2.jpg", ("sku", "ABC-1", "2")),
        ("ABC_0.jpg", ("sku", "ABC", None)),
        ("ABC.PT00.jpg", ("sku", "ABC", None)),
    ],
)
def test_names_are_read_in_the_usual_ways(name: str, reading: tuple[str, str, str | None]) -> None:
    assert reading in read(name)


def test_what_is_no_key_of_its_kind_is_not_looked_up() -> None:
    assert {kind for kind, _, _ in read("mug_2.jpg")} == {"sku", "handle"}
    assert read("._-.jpg") == set()
    assert read(".jpg") == set()
    assert stem_of("  ") == ""
    assert stem_of("a.b.jpg.png") == "a.b.jpg"
    assert stem_of("size.38") == "size.38"


def test_an_own_template_is_the_only_way() -> None:
    assert read("shot-ABC-7__2.jpg", "shot-{sku}__{n}") == {("sku", "ABC-7", "2")}
    assert read("ABC-7_2.jpg", "shot-{sku}__{n}") == set()


@pytest.mark.parametrize(
    "text",
    ["", "photo", "{n}", "{sku}{asin}", "{sku}_{n}_{slot}", "{sku", "{colour}", "a/b/{sku}", "{sku}" + "x" * 120],
)
def test_a_template_that_cannot_be_read_by_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        template(text)


def test_spellings_and_slots() -> None:
    assert loose("AB/12 Rot") == loose("ab-12_ROT") == "ab12rot"
    assert plain("AB  12") == plain("ab 12") != plain("ab-12")
    assert plain("Ａ\u200b1") == "a1"
    assert [slot_of(text) for text in ("1", "01", "2", "PT01", "MAIN", "SWCH", "0", "-1", "", "x y", "9" * 5000)] == [
        "main", "main", "2", "2", "main", "swatch", None, None, None, None, None,
    ]  # fmt: skip
    assert [amazon_slot(slot) for slot in ("main", "2", "9", "swatch")] == ["MAIN", "PT01", "PT08", "SWCH"]


def target(sku: str, *, variant: int | None = None, product: int = 0, images: int = 9) -> Target:
    number = uuid.UUID(int=product or hash(sku) % 10**9)
    return Target(number, sku, variant, str(variant or ""), f"Title {sku}", sku, sku, images)


def matched(names: list[str], *targets: Target, refuses: str = "") -> Matched:
    found: dict[tuple[Kind, str], list[Target]] = {}
    for each in targets:
        found.setdefault((Kind.SKU, loose(each.key)), []).append(each)
    wishes = [Wish(number, name, readings(name)) for number, name in enumerate(names, 1)]
    return match(wishes, found, lambda target, slot: refuses if slot == "9" else "")


def places(result: Matched) -> dict[str, str]:
    return {each.wish.name: f"{each.choice.target.key}@{each.choice.slot}" for each in result.matched}


def test_the_whole_name_goes_first_and_says_what_else_it_could_be() -> None:
    result = matched(["A_2.jpg", "A_3.jpg", "A_2_2.jpg"], target("A"), target("A_2"))
    assert places(result) == {"A_2.jpg": "A_2@main", "A_3.jpg": "A@3", "A_2_2.jpg": "A_2@2"}
    assert [(each.target.key, each.slot) for each in result.matched[0].also] == [("A", "2")]
    assert not result.matched[1].also


def test_separators_may_differ_but_are_not_guessed() -> None:
    assert places(matched(["ab-12-red_2.jpg"], target("AB/12 red"))) == {"ab-12-red_2.jpg": "AB/12 red@2"}
    # Exactly one product is called so; the other differs in its separators.
    assert places(matched(["A-12.jpg"], target("A-12"), target("A1-2"))) == {"A-12.jpg": "A-12@main"}
    several = matched(["A_12.jpg"], target("A-12"), target("A1-2"))
    assert {each.target.key for each in several.ambiguous[0].choices} == {"A-12", "A1-2"}
    # Either the product A2, or the second image of A.
    either = matched(["A_2.jpg"], target("A"), target("A2"))
    assert {f"{each.target.key}@{each.slot}" for each in either.ambiguous[0].choices} == {"A@2", "A2@main"}
    assert not either.matched


def test_one_key_of_two_products_is_ambiguous_and_a_passed_down_key_is_not() -> None:
    twice = matched(["A.jpg"], target("A", product=1), target("A", product=2))
    assert len(twice.ambiguous[0].choices) == 2
    passed_down = matched(["A.jpg"], target("A", product=1), target("A", product=1, variant=7))
    assert passed_down.matched[0].choice.target.variant_id is None
    variant = matched(["A-1.jpg"], target("A", product=1), target("A-1", product=1, variant=7))
    assert variant.matched[0].choice.target.variant_id == 7


def test_two_files_for_one_place_are_set_aside_and_what_has_no_place_says_why() -> None:
    result = matched(["A_1.jpg", "A.png", "A_2.jpg", "B.jpg", "A_9.jpg", "A_0.jpg"], target("A"), refuses="Full.")
    assert places(result) == {"A_2.jpg": "A@2"}
    assert [doubt.wish.name for doubt in result.ambiguous] == ["A_1.jpg", "A.png"]
    assert "2 files" in result.ambiguous[0].why
    assert [(miss.wish.name, miss.why) for miss in result.unmatched] == [
        ("B.jpg", "No product of this shop has it."),
        ("A_9.jpg", "Title A: Full."),
        ("A_0.jpg", "Title A: Numbers begin at 1."),
    ]


def test_a_table_is_read_with_its_errors_by_line() -> None:
    table = read_table(
        "\ufeffFile;SKU;ASIN;Slot;Note\r\n"
        "a.jpg;A-1;;2;x\r\n"
        "\r\n"
        ";A-1;;;\r\n"
        "b.jpg;A-1;B00EXAMPL1;;\r\n"
        "c.jpg;;B00EXAMPL1;PT01;\r\n"
        "d.jpg;A-1;;sixth one;\r\n"
        "e_2.jpg;;;;\r\n"
    )
    assert [(row.line, row.file, row.kind, row.key, row.slot) for row in table.rows] == [
        (2, "a.jpg", Kind.SKU, "A-1", "2"),
        (6, "c.jpg", Kind.ASIN, "B00EXAMPL1", "2"),
        (8, "e_2.jpg", None, "", None),
    ]
    assert [line for line, _ in table.problems] == [4, 5, 7]
    assert read_table("photo,sku\nx,y").problems[0][0] == 1
    assert "two columns" in read_table("file,sku,sku\n").problems[0][1]
    assert read_table("").problems
    assert "At most" in read_table("file\n" + "a.jpg\n" * 1100).problems[-1][1]
    assert not read_table('file,sku\n"a, b.jpg","A"\n').problems


def test_a_number_that_would_leave_a_gap_is_asked_about() -> None:
    empty = target("A", images=0)
    result = matched(["A_38.jpg", "A_2.jpg"], empty)
    assert not result.matched
    assert [doubt.why for doubt in result.ambiguous] == [
        "It would be image 38 of a product that has no image.",
        "It would be image 2 of a product that has no image.",
    ]
    assert places(matched(["A_3.jpg", "A_2.jpg", "A.jpg", "A_5.jpg"], empty)) == {
        "A_3.jpg": "A@3", "A_2.jpg": "A@2", "A.jpg": "A@main",
    }  # fmt: skip
    assert places(matched(["A_3.jpg"], target("A", images=2))) == {"A_3.jpg": "A@3"}
