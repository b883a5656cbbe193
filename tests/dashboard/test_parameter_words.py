from __future__ import annotations

import pytest

from dashboard.parameter_words import parameter_words
from processing.operations.presets import PRESETS
from processing.operations.process import merge


def words(**parameters: object) -> dict[str, str]:
    given = merge(parameters, {}).model_dump(mode="json", by_alias=True, exclude_none=True)
    return {fact.title: fact.words for fact in parameter_words("process", given)}


@pytest.mark.parametrize(
    ("parameters", "title", "expected"),
    [
        ({"width": 2000, "height": 1500}, "Size", "2000 × 1500 px"),
        ({"width": 800}, "Size", "800 px wide, height follows"),
        ({"height": 800}, "Size", "800 px high, width follows"),
        ({}, "Size", "As large as the photo"),
        ({}, "Margin", "None: the product keeps its place in the frame"),
        ({"margin": 0}, "Margin", "0 % on every side"),
        ({"margin": 0.055}, "Margin", "5.5 % on every side"),
        ({"margin": 0.1, "marginTop": 0.2}, "Margin", "Top 20 %, right 10 %, bottom 10 %, left 10 %"),
        ({}, "Background", "White"),
        ({"background": "#f2efe9"}, "Background", "#f2efe9"),
        ({"background": "transparent", "format": "png"}, "Background", "Transparent"),
        ({"background": "#ffffff:#e5e5e5"}, "Background", "#ffffff to #e5e5e5, top to bottom"),
        ({}, "Format", "JPEG, quality 92"),
        ({"format": "png"}, "Format", "PNG"),
        ({"format": "webp", "jpegQuality": 80}, "Format", "WebP, quality 80"),
        ({"shadow": "contact"}, "Shadow", "Contact"),
        ({"sameScale": True}, "Same scale for the group", "Yes"),
        ({"model": "isnet-general-use"}, "Model", "isnet-general-use"),
        ({"align": "bottom"}, "Align", "Bottom"),
    ],
)
def test_what_was_asked_in_words(parameters: dict[str, object], title: str, expected: str) -> None:
    assert words(**parameters)[title] == expected


def test_the_usual_is_left_out() -> None:
    assert list(words()) == ["Size", "Margin", "Background", "Format"]


def test_colors_come_as_swatches_and_an_own_image_as_itself() -> None:
    facts = parameter_words("process", {"background": "#ffffff:#e5e5e5", "gradientDirection": "horizontal"})
    assert next(fact.colors for fact in facts if fact.title == "Background") == ("#ffffff", "#e5e5e5")
    facts = parameter_words("process", {"background": "#ffffff"}, background_image=True)
    assert [(fact.words, fact.colors) for fact in facts if fact.title == "Background"] == [("Own image", ())]


def test_every_preset_and_an_operation_that_is_gone_can_be_told() -> None:
    for spec in PRESETS.values():
        assert parameter_words("process", spec.parameters)
    assert {fact.title for fact in parameter_words("long_gone", {"scale": 2})} >= {"scale"}
