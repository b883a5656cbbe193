"""Own profiles: figures replaced, rows dropped and added, also per type of product."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.kit.errors import InvalidInput
from processing.compliance.profiles import find
from tests.support.listing_photos import TODAY, jpeg, listing

CHANGES = {
    "title": "Our Amazon",
    "version": "3",
    "rules": {"size": {"thresholds": {"min_longest": 1200}}, "ratio": {"severity": "required"}, "weight": None},
    "add": [{"rule": "weight", "key": "weight_own", "severity": "required", "thresholds": {"max_mb": 2}}],
    "productTypes": {"poster": {"rules": {"fill": None}, "add": [{"rule": "ratio", "key": "tall", "thresholds":
                     {"ratio": 0.7, "tolerance": 1}}]}},
}  # fmt: skip


def test_a_profile_is_changed_and_the_built_in_one_is_not() -> None:
    own = find("amazon").with_changes(json.loads(json.dumps(CHANGES)))
    assert (own.title, own.version, own.marketplace) == ("Our Amazon", "3", "amazon")
    size, ratio, added = own.rule("size"), own.rule("ratio"), own.rule("weight_own")
    assert size
    assert dict(size.thresholds) == {"min_longest": 1200}
    assert size.source == "Your own profile"
    assert ratio
    assert ratio.severity == "required"
    assert added
    assert own.rule("weight") is None
    assert own.rule("fill") is not None
    assert own.rule("background") == find("amazon").rule("background")
    assert find("amazon").rule("weight") is not None


def test_a_type_of_product_has_its_own_rules() -> None:
    poster = find("amazon").with_changes(CHANGES, "poster")
    assert poster.rule("fill") is None
    tall = poster.rule("tall")
    assert tall
    assert tall.thresholds["ratio"] == 0.7
    assert find("amazon").with_changes(CHANGES, "shoes").rule("fill") is not None


def test_googles_apparel_is_such_a_type() -> None:
    assert find("google").with_changes({}, "apparel").rule("size_apparel") is not None
    assert find("google").with_changes({}).rule("size_apparel") is None


def test_the_changed_figure_is_the_one_that_judges() -> None:
    from processing.compliance.judge import judge, look
    from processing.imaging.limits import Limits

    picture = look(jpeg(listing()), Limits())
    own = find("amazon").with_changes(CHANGES)
    report = judge(picture, own, TODAY)
    size = report.of("size")
    assert size
    assert (size.status, size.measured, report.profile_version) == ("fail", "700 × 700 px", "3")
    assert judge(picture, find("amazon"), TODAY).of("size").status == "pass"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"rule": {}}, "rule", "not known"),
        ({"title": ""}, "title", "1 to 120"),
        ({"rules": {"sizes": None}}, "rules.sizes", "There is no rule sizes"),
        ({"rules": {"size": {"min": 3}}}, "rules.size.min", "severity, thresholds"),
        ({"rules": {"size": {"thresholds": {"min": 3}}}}, "rules.size.thresholds.min", "min_longest"),
        ({"rules": {"size": {"thresholds": {"min_longest": "500"}}}}, "rules.size.thresholds.min_longest", "a number"),
        ({"rules": {"size": {"thresholds": {"min_longest": True}}}}, "rules.size.thresholds.min_longest", "a number"),
        ({"rules": {"size": {"thresholds": {"min_longest": float("nan")}}}}, "rules.size.thresholds.min_longest",
         "a number"),
        ({"rules": {"fill": {"thresholds": {"min": 101}}}}, "rules.fill.thresholds.min", "0 to 100 %"),
        ({"rules": {"format": {"thresholds": {"accepted": ["jpg"]}}}}, "rules.format.thresholds.accepted", "jpeg, png"),
        ({"rules": {"format": {"thresholds": {"accepted": []}}}}, "rules.format.thresholds.accepted", "a list"),
        ({"rules": {"background": {"thresholds": {"transparent": "yes"}}}},
         "rules.background.thresholds.transparent", "allowed, forbidden"),
        ({"rules": {"animated": {"thresholds": {"most": 1}}}}, "rules.animated.thresholds.most", "takes none"),
        ({"rules": {"size": {"severity": "must"}}}, "rules.size.severity", "required or recommended"),
        ({"rules": []}, "rules", "an object"),
        ({"add": {"rule": "size"}}, "add", "a list"),
        ({"add": [{"rule": "beauty"}]}, "add.0.rule", "one of"),
        ({"add": [{"rule": "size"}]}, "add.0.key", "already"),
        ({"productTypes": {"shoes": {"rules": {"sizes": None}}}}, "productTypes.shoes.rules.sizes", "no rule"),
        ({"productTypes": {"shoes": {"title": "x"}}}, "productTypes.shoes.title", "not known"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        find("amazon").with_changes(changes)
    named = {error.field: error.detail for error in refused.value.errors}
    assert field in named
    assert says in named[field]
