"""The few words and numbers of a preset's card."""

from __future__ import annotations

import pytest

from dashboard.preset_card import card
from processing.operations.presets import PRESETS, find
from processing.operations.process import merge


@pytest.mark.parametrize("slug", list(PRESETS))
def test_every_preset_has_a_card(slug: str) -> None:
    numbers = card(merge(PRESETS[slug].parameters, {}))
    assert len(numbers) == 4
    assert all(numbers)


def test_the_card_tells_the_numbers() -> None:
    amazon = merge(find("amazon-main").parameters, {})
    assert card(amazon) == ("2000 × 2000 px", "5 % margin", "White", "JPEG, quality 95")
    assert card(amazon, short=True)[-1] == "JPEG 95"
    cutout = merge(find("transparent-cutout").parameters, {})
    assert card(cutout) == ("Photo's size", "Photo's framing", "Transparent", "PNG")
    own = merge({}, {"height": 700, "marginTop": 0.2, "background": "#fff:#aaa", "shadow": "drop", "format": "webp"})
    assert card(own) == ("700 px high", "Own margins", "Gradient, drop shadow", "WebP, quality 92")
