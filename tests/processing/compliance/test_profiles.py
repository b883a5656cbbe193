"""The profiles hold the marketplaces' own figures, and say which of them bind."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from accounts.kit.errors import NotFound
from processing.compliance.profile import Profile
from processing.compliance.profiles import MARKETPLACES, PROFILES, find
from processing.compliance.rules.registry import RULES

REQUIRED = {
    ("amazon", "main"): {"size", "background", "fill", "format", "animated", "text", "watermark", "frame"},
    ("amazon", "additional"): {"size"},
    ("shopify", "main"): set(),
    ("woocommerce", "main"): set(),
    ("ebay", "main"): {"size", "frame", "watermark"},
    ("etsy", "main"): set(),
    ("walmart", "main"): {"background", "ratio", "weight", "format", "colour_mode"},
    ("google", "main"): {"size", "size_apparel", "size_2027", "weight", "format", "extension", "text", "watermark"},
}


@pytest.mark.parametrize(("slot", "keys"), REQUIRED.items(), ids=["-".join(slot) for slot in REQUIRED])
def test_what_binds(slot: tuple[str, str], keys: set[str]) -> None:
    assert {spec.key for spec in PROFILES[slot].rules if spec.severity == "required"} == keys


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.title)
def test_every_row_has_a_rule_figures_it_knows_a_source_and_a_day(profile: Profile) -> None:
    keys = [spec.key for spec in profile.rules]
    assert len(keys) == len(set(keys))
    assert profile.version
    for spec in profile.rules:
        known = {threshold.name for threshold in RULES[spec.rule].thresholds}
        assert set(spec.thresholds) <= known, spec.key
        assert spec.source
        assert spec.checked_on is not None
        if "Third parties" in spec.source:
            assert spec.severity == "recommended"


@pytest.mark.parametrize(
    ("marketplace", "key", "figures"),
    [
        ("amazon", "size", {"min_longest": 500}),
        ("amazon", "size_zoom", {"min_longest": 1000}),
        ("amazon", "size_max", {"max_longest": 10_000}),
        ("amazon", "fill", {"min": 85}),
        ("amazon", "weight", {"max_mb": 10}),
        ("amazon", "background", {"near": 2, "max_other": 0.1, "band": 8}),
        ("shopify", "size_best", {"min_shortest": 2048}),
        ("shopify", "size_max", {"max_longest": 5000, "max_megapixels": 25}),
        ("ebay", "jpeg_quality", {"min": 90}),
        ("ebay", "weight", {"max_mb": 12}),
        ("etsy", "size_best", {"min_longest": 2000}),
        ("walmart", "size_zoom", {"min_shortest": 1500}),
        ("walmart", "size_best", {"min_shortest": 2200}),
        ("walmart", "weight", {"max_mb": 5}),
        ("google", "size", {"min_shortest": 100}),
        ("google", "size_apparel", {"min_shortest": 250}),
        ("google", "size_2027", {"min_shortest": 500}),
        ("google", "size_max", {"max_megapixels": 64}),
        ("google", "weight", {"max_mb": 16}),
        ("google", "fill", {"min": 75, "max": 90}),
    ],
)
def test_figures(marketplace: str, key: str, figures: dict[str, float]) -> None:
    spec = find(marketplace).rule(key)
    assert spec is not None
    assert dict(spec.thresholds) == figures


def test_googles_size_changes_on_its_day() -> None:
    before = {spec.key for spec in find("google").rules_on(date(2027, 1, 30))}
    after = {spec.key for spec in find("google").rules_on(date(2027, 1, 31))}
    assert before - after == {"size", "size_apparel"}
    assert "size_2027" in before & after


def test_what_is_not_there_is_not_found() -> None:
    assert MARKETPLACES == ("amazon", "shopify", "woocommerce", "ebay", "etsy", "walmart", "google")
    with pytest.raises(NotFound, match="There are: amazon") as wrong:
        find("otto")
    assert wrong.value.field == "marketplace"
    with pytest.raises(NotFound) as wrong:
        find("amazon", "third")
    assert wrong.value.field == "slot"


def test_forms_and_the_api_read_profiles_without_loading_anything_heavy() -> None:
    code = (
        "import sys\n"
        "from processing.compliance import changes, facts, finding, fix, profiles\n"
        "print('loaded', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not {"numpy", "cv2", "PIL", "django"} & set(done.stdout.split())
