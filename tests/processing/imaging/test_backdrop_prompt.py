"""Words of a prompt that choose among the built-in backdrops."""

from __future__ import annotations

import pytest

from processing.imaging.backdrops.prompt import match
from processing.imaging.backdrops.styles import STYLES


@pytest.mark.parametrize(
    ("prompt", "style"),
    [
        ("on a white marble countertop", "marble"),
        ("wooden planks", "oak"),
        ("sunny window", "window"),
        ("Morning light", "window"),
        ("dark", "gloss"),
        ("dark wood", "oak"),
        ("pastel pink", "sweep"),
        ("a pink gradient", "gradient"),
        ("industrial loft", "concrete"),
        ("linen tablecloth, cozy", "linen"),
        ("terracotta wall", "plaster"),
        ("black mirror", "gloss"),
        ("qwertz", "sweep"),
        ("", "sweep"),
    ],
)
def test_the_words_choose_a_style(prompt: str, style: str) -> None:
    assert match(prompt).style.name == style


def test_every_style_is_reached_by_each_of_its_words_and_by_its_name() -> None:
    for style in STYLES.values():
        for word in (*style.words, *style.moods, style.name):
            assert match(word).style is style, word


def test_the_words_choose_a_colour() -> None:
    pink, pastel, dark = match("pink").color, match("pastel pink").color, match("dark pink").color
    assert pink
    assert pastel
    assert dark
    assert sum(pastel) > sum(pink) > sum(dark)
    assert pastel[0] > pastel[1]
    assert match("sunny window").color is None
    assert match("dark").color is None  # the dark style is dark by itself
    darkened = match("dark wood").color
    assert darkened
    assert sum(darkened) < sum(STYLES["oak"].color) / 2


def test_a_named_style_is_kept_and_takes_the_colour() -> None:
    found = match("navy blue, wooden", "sweep")
    assert found.style.name == "sweep"
    assert found.color == (32, 44, 78)
    assert found.words == ("navy", "blue")


def test_what_was_not_understood_is_not_claimed() -> None:
    assert match("a spaceship on marble").words == ("marble",)
    assert match("spaceship").words == ()
