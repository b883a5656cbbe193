"""A marketplace's rules as data: each with its figures, how binding it is, who says so, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from processing.compliance.finding import Severity
from processing.compliance.rules.rule import Thresholds, Value


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One row of a profile.

    `rule`: the file in rules/ that judges it. `key`: unique in the profile. `source`: who says so; `checked_on`: the
    day somebody read it there. `effective_from`: before that day a broken rule only warns. `effective_until`: the last
    day on which the row holds. `product_types`: where not empty, the row holds for products of these types alone.
    """

    rule: str
    severity: Severity
    thresholds: Thresholds
    source: str
    checked_on: date | None
    effective_from: date | None = None
    effective_until: date | None = None
    key: str = ""
    product_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.rule)
        object.__setattr__(self, "thresholds", MappingProxyType(dict(self.thresholds)))

    def holds_on(self, day: date) -> bool:
        return self.effective_until is None or day <= self.effective_until


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules for one slot of one marketplace.

    `forbids_enlarging`: the marketplace takes no scaled-up images. `unchecked`: what it asks for and pixels cannot
    show, a sentence each.
    """

    marketplace: str
    slot: str
    title: str
    version: str
    rules: tuple[RuleSpec, ...]
    forbids_enlarging: bool = False
    unchecked: tuple[str, ...] = ()

    def rule(self, key: str) -> RuleSpec | None:
        return next((spec for spec in self.rules if spec.key == key), None)

    def rules_on(self, day: date) -> tuple[RuleSpec, ...]:
        return tuple(spec for spec in self.rules if spec.holds_on(day))

    def for_product(self, product_type: str | None) -> Profile:
        """The profile as it is for one product type; None leaves out what holds for some types only."""
        kept = (spec for spec in self.rules if not spec.product_types or product_type in spec.product_types)
        return replace(self, rules=tuple(kept))

    def with_changes(self, changes: Mapping[str, object], product_type: str | None = None) -> Profile:
        """An own profile: this one with figures replaced, rules dropped and added. See changes.py for their form.

        Raises InvalidInput with a FieldError for each thing that is wrong.
        """
        from processing.compliance.changes import apply

        return apply(self, changes, product_type)


def as_additional(profile: Profile, *, drop: tuple[str, ...], soften: tuple[str, ...] = ()) -> Profile:
    """The profile for further images: rules of the main image alone are dropped, or recommended only."""
    kept = (spec for spec in profile.rules if spec.rule not in drop)
    rules = tuple(replace(spec, severity="recommended") if spec.rule in soften else spec for spec in kept)
    return replace(profile, slot="additional", title=f"{profile.title}, further images", rules=rules)


__all__ = ["Profile", "RuleSpec", "Thresholds", "Value", "as_additional"]
