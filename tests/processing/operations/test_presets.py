"""The built-in presets meet the marketplaces' figures."""

from __future__ import annotations

import pytest

from accounts.kit.errors import NotFound
from processing.operations import registry
from processing.operations.presets import PRESETS, find
from processing.operations.process import merge

MARKETPLACES = {"amazon", "shopify", "woocommerce", "ebay", "etsy", "walmart", "google", ""}


@pytest.mark.parametrize("slug", list(PRESETS))
def test_every_preset_is_valid(slug: str) -> None:
    preset = PRESETS[slug]
    assert preset.slug == slug
    assert preset.marketplace in MARKETPLACES
    assert preset.title
    assert preset.description.endswith(".")
    assert merge(preset.parameters, {})


@pytest.mark.parametrize(
    ("slug", "side", "fill", "quality"),
    [
        ("amazon-main", 1600, 0.85, 90),
        ("amazon-additional", 1000, 0.0, 90),
        ("shopify-square", 2048, 0.0, 90),
        ("woocommerce", 800, 0.0, 90),
        ("ebay", 1600, 0.0, 90),
        ("etsy", 2000, 0.0, 90),
        ("walmart", 2200, 0.0, 90),
        ("google-merchant", 1500, 0.75, 90),
    ],
)
def test_size_fill_and_quality_are_what_the_marketplace_asks_for(
    slug: str, side: int, fill: float, quality: int
) -> None:
    parameters = merge(PRESETS[slug].parameters, {})
    assert parameters.width == parameters.height
    assert (parameters.width or 0) >= side
    assert parameters.margins is not None
    assert 1 - 2 * max(parameters.margins) >= fill
    assert parameters.jpeg_quality >= quality
    assert (parameters.background, parameters.format) == ("#ffffff", "jpg")


def test_main_images_of_amazon_and_walmart_have_no_shadow() -> None:
    for slug in ("amazon-main", "walmart"):
        assert merge(PRESETS[slug].parameters, {}).shadow == "none"


def test_google_gets_no_more_than_it_likes() -> None:
    margins = merge(PRESETS["google-merchant"].parameters, {}).margins
    assert margins is not None
    assert 1 - 2 * margins[0] <= 0.9


def test_what_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        find("amazon")
    with pytest.raises(NotFound, match="process"):
        registry.find("paint")
    assert registry.find("process").cost == 1
