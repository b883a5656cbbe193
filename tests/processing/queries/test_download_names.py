from __future__ import annotations

import pytest

from accounts.kit.errors import InvalidInput
from processing.queries.download_names import Download, check_template, download_names


def names(template: str, *downloads: Download) -> list[str]:
    return download_names(template, downloads)


def test_placeholders_are_filled_in() -> None:
    cup = Download("cup", "jpg", label="Autumn", preset="amazon-main")
    assert names("{label}_{name}-{preset}-{n}", cup) == ["Autumn_cup-amazon-main-1.jpg"]


def test_an_empty_template_is_the_photos_own_name() -> None:
    assert names("  ", Download("cup", "png")) == ["cup.png"]


def test_numbers_have_as_many_digits_as_the_last_one() -> None:
    found = download_names("{n}", [Download("cup", "jpg")] * 100)
    assert (found[0], found[98], found[99]) == ("001.jpg", "099.jpg", "100.jpg")


def test_what_is_empty_leaves_no_separator_behind() -> None:
    cup = Download("cup", "jpg", preset="ebay")
    assert names("{label}-{name}-{label}-{preset}-{label}", cup) == ["cup-ebay.jpg"]
    assert names("{name} {label} - {n}", cup) == ["cup 1.jpg"]
    assert names("{name}{label}{n}", cup) == ["cup1.jpg"]
    assert names("{name}-{label}", Download("a--b", "jpg")) == ["a--b.jpg"]


def test_no_two_names_are_alike_whatever_their_case() -> None:
    found = names("{name}", *(Download(name, "jpg") for name in ("cup", "Cup", "cup-2", "cup", "CUP")))
    assert found == ["cup.jpg", "Cup-2.jpg", "cup-2-2.jpg", "cup-3.jpg", "CUP-4.jpg"]
    assert len({name.casefold() for name in found}) == 5


def test_the_same_name_with_another_extension_is_another_name() -> None:
    assert names("{name}", Download("cup", "jpg"), Download("cup", "png")) == ["cup.jpg", "cup.png"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.jpg"),
        ("../../etc/passwd", "-..-etc-passwd.jpg"),
        ("nul", "_nul.jpg"),
        ("COM1.backup", "_COM1.backup.jpg"),
        ("cup. .", "cup.jpg"),
        ("...", "image.jpg"),
        ("line\nbreak\x00", "line-break.jpg"),
        ("right‮to left", "rightto left.jpg"),
        ("Tasse für Espresso ☕", "Tasse für Espresso ☕.jpg"),
        ("{n}", "{n}.jpg"),
    ],
)
def test_names_are_safe_on_every_system(name: str, expected: str) -> None:
    assert names("{name}", Download(name, "jpg")) == [expected]


def test_a_long_name_is_cut_between_characters() -> None:
    (found,) = names("{name}", Download("ü" * 300, "webp"))
    assert found == "ü" * 100 + ".webp"


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{name}-{sku}", "There is no {sku}. Use {name}, {label}, {preset} or {n}."),
        ("{}", "There is no {}. Use"),
        ("{name", "A brace stands alone."),
        ("name}", "A brace stands alone."),
        ("{{name}}", "A brace stands alone."),
        ("{label}/{name}", "Not every system allows / in file names."),
        ("{name.__class__}", "There is no {name.__class__}."),
        ("x" * 121, "Use at most 120 characters."),
    ],
)
def test_a_template_that_cannot_be_followed_says_why(template: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_template(template)
    assert sentence in refusal.value.detail
    assert refusal.value.field == "names"
