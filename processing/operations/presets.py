"""The built-in presets as data. Sizes and margins follow the marketplaces' own figures."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.kit.errors import NotFound
from processing.imaging.colors import TRANSPARENT


@dataclass(frozen=True, slots=True)
class PresetSpec:
    """`marketplace`: key of a marketplace (amazon, shopify, …), or empty. `parameters`: API field names.
    `slot`: of the marketplace's listing, as in processing/compliance/profiles.
    """

    slug: str
    title: str
    marketplace: str
    description: str
    parameters: dict[str, object]
    slot: str = "main"


def _square(side: int, margin: float, quality: int, shadow: str = "none") -> dict[str, object]:
    return {
        "width": side,
        "height": side,
        "margin": margin,
        "background": "#ffffff",
        "shadow": shadow,
        "format": "jpg",
        "jpegQuality": quality,
    }


_BUILT_IN = (
    PresetSpec(
        "amazon-main",
        "Amazon main image",
        "amazon",
        "Pure white and large enough to zoom; the product spans 90 % of the frame, where 85 % is required.",
        _square(2000, 0.05, 95),
    ),
    PresetSpec(
        "amazon-additional",
        "Amazon additional image",
        "amazon",
        "For the other eight slots: the product with more air and a soft shadow where it stands.",
        _square(2000, 0.1, 95, "contact"),
        slot="additional",
    ),
    PresetSpec(
        "shopify-square",
        "Shopify square",
        "shopify",
        "Shopify's recommended square, so that every product of a collection page has the same shape.",
        _square(2048, 0.08, 92),
    ),
    PresetSpec(
        "woocommerce",
        "WooCommerce product",
        "woocommerce",
        "A square that the usual WooCommerce themes show sharp without slowing the shop down.",
        _square(1200, 0.08, 90),
    ),
    PresetSpec(
        "ebay",
        "eBay listing",
        "ebay",
        "eBay's recommended size, at a JPEG quality above the 90 under which eBay warns.",
        _square(1600, 0.06, 92),
    ),
    PresetSpec(
        "etsy",
        "Etsy listing",
        "etsy",
        "Large, with room around the product, because Etsy crops its thumbnails.",
        _square(2000, 0.12, 92),
    ),
    PresetSpec(
        "walmart",
        "Walmart main image",
        "walmart",
        "Seamless white, square, 2200 pixels, as Walmart asks for, and light enough for its 5 MB.",
        _square(2200, 0.05, 92),
    ),
    PresetSpec(
        "google-merchant",
        "Google Merchant Center",
        "google",
        "White, 1500 pixels; the product spans 84 % of the frame, inside the customary 75 to 90 %.",
        _square(1500, 0.08, 92),
    ),
    PresetSpec(
        "transparent-cutout",
        "Transparent cut-out",
        "",
        "The product alone at its own size and place, for designs of your own.",
        {"background": TRANSPARENT, "format": "png"},
    ),
)

PRESETS: dict[str, PresetSpec] = {preset.slug: preset for preset in _BUILT_IN}


def find(slug: str) -> PresetSpec:
    """Raises NotFound."""
    try:
        return PRESETS[slug]
    except KeyError:
        raise NotFound(f"There is no built-in preset {slug}.", field="preset") from None
