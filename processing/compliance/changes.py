"""Own profiles: what an organization changes in a built-in one, kept as JSON.

    {"title": "Our Amazon", "version": "3",
     "rules": {"size": {"thresholds": {"min_longest": 1200}}, "sharpness": {"severity": "required"}, "ratio": null},
     "add": [{"rule": "weight", "key": "weight_own", "severity": "required", "thresholds": {"max_mb": 2}}],
     "productTypes": {"shoes": {"rules": {"fill": null}, "add": […]}}}

`rules`: by the row's key; null drops the row, what is not named stays. `productTypes`: the same again, on top, for
products of that type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, cast, get_args

from accounts.kit.errors import FieldError, InvalidInput
from processing.compliance.finding import Severity
from processing.compliance.rules.registry import RULES
from processing.compliance.rules.rule import Rule, Threshold, Value

if TYPE_CHECKING:
    from processing.compliance.profile import Profile, RuleSpec

OWN_SOURCE = "Your own profile"
_TOP = {"title", "version", "rules", "add", "productTypes"}
_BLOCK = {"rules", "add"}
_CHANGE = {"severity", "thresholds"}
_ADDED = {"rule", "key", "severity", "thresholds"}


def apply(base: Profile, changes: Mapping[str, object], product_type: str | None) -> Profile:
    """The changed profile. Every part is checked, that of other product types too. Raises InvalidInput."""
    errors: list[FieldError] = []
    _known(changes, _TOP, "", errors)
    title = _text(changes.get("title", base.title), "title", errors)
    version = _text(changes.get("version", f"{base.version}+own"), "version", errors)
    rules = _changed(base.rules, _picked(changes), "", errors)
    of_types = _mapping(changes.get("productTypes", {}), "productTypes", errors)
    for name, block in of_types.items():
        where = f"productTypes.{name}."
        inner = _mapping(block, where.rstrip("."), errors)
        _known(inner, _BLOCK, where, errors)
        typed = _changed(rules, inner, where, errors)
        if name == product_type:
            rules = typed
    if errors:
        raise InvalidInput(errors[0].detail, errors=tuple(errors))
    return replace(base, title=title, version=version, rules=rules).for_product(product_type)


def _picked(changes: Mapping[str, object]) -> dict[str, object]:
    return {name: changes[name] for name in _BLOCK if name in changes}


def _changed(
    rules: tuple[RuleSpec, ...], block: Mapping[str, object], where: str, errors: list[FieldError]
) -> tuple[RuleSpec, ...]:
    by_key = {spec.key: spec for spec in rules}
    for key, change in _mapping(block.get("rules", {}), f"{where}rules", errors).items():
        field = f"{where}rules.{key}"
        if key not in by_key:
            errors.append(FieldError(field, f"There is no rule {key} in this profile. There are: {', '.join(by_key)}."))
        elif change is None:
            del by_key[key]
        else:
            by_key[key] = _replaced(by_key[key], _mapping(change, field, errors), field, errors)
    added = block.get("add", [])
    if not isinstance(added, Sequence) or isinstance(added, str):
        errors.append(FieldError(f"{where}add", "add must be a list of rules."))
        added = []
    for index, row in enumerate(added):
        field = f"{where}add.{index}"
        spec = _added(_mapping(row, field, errors), field, errors)
        if spec is not None and spec.key in by_key:
            errors.append(FieldError(f"{field}.key", f"The profile has a rule {spec.key} already. Choose another key."))
        elif spec is not None:
            by_key[spec.key] = spec
    return tuple(by_key.values())


def _replaced(spec: RuleSpec, change: Mapping[str, object], field: str, errors: list[FieldError]) -> RuleSpec:
    _known(change, _CHANGE, f"{field}.", errors)
    severity = _severity(change.get("severity", spec.severity), field, errors)
    given = _thresholds(RULES[spec.rule], change.get("thresholds", {}), field, errors)
    if severity == spec.severity and not given:
        return spec
    return replace(
        spec,
        severity=severity,
        thresholds={**spec.thresholds, **given},
        source=OWN_SOURCE,
        checked_on=None,
        effective_from=None if given else spec.effective_from,
    )


def _added(row: Mapping[str, object], field: str, errors: list[FieldError]) -> RuleSpec | None:
    from processing.compliance.profile import RuleSpec

    _known(row, _ADDED, f"{field}.", errors)
    name = row.get("rule")
    rule = RULES.get(name) if isinstance(name, str) else None
    if rule is None:
        errors.append(FieldError(f"{field}.rule", f"rule must be one of {', '.join(sorted(RULES))}."))
        return None
    key = row.get("key", rule.name)
    if not isinstance(key, str) or not key.strip() or len(key) > 60:
        errors.append(FieldError(f"{field}.key", "key must be a short name of letters, at most 60 characters."))
        return None
    return RuleSpec(
        rule=rule.name,
        key=key,
        severity=_severity(row.get("severity", "recommended"), field, errors),
        thresholds=_thresholds(rule, row.get("thresholds", {}), field, errors),
        source=OWN_SOURCE,
        checked_on=None,
    )


def _thresholds(rule: Rule, given: object, field: str, errors: list[FieldError]) -> dict[str, Value]:
    known = {threshold.name: threshold for threshold in rule.thresholds}
    found: dict[str, Value] = {}
    for name, value in _mapping(given, f"{field}.thresholds", errors).items():
        at = f"{field}.thresholds.{name}"
        if name not in known:
            there = f"It takes {', '.join(known)}." if known else "It takes none."
            errors.append(FieldError(at, f"{rule.title} has no figure {name}. {there}"))
            continue
        taken = _value(known[name], value)
        if taken is None:
            errors.append(FieldError(at, f"{name} must be {_wanted(known[name])}."))
        else:
            found[name] = taken
    return found


def _value(threshold: Threshold, value: object) -> Value | None:
    if threshold.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            return None
        return value if threshold.lowest <= value <= threshold.highest else None
    if threshold.kind == "choice":
        return value if isinstance(value, str) and value in threshold.choices else None
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        return None
    return tuple(cast("Sequence[str]", value)) if all(word in threshold.choices for word in value) else None


def _wanted(threshold: Threshold) -> str:
    if threshold.kind == "number":
        unit = f" {threshold.unit}" if threshold.unit else ""
        return f"a number from {threshold.lowest:g} to {threshold.highest:g}{unit}"
    several = "one of" if threshold.kind == "choice" else "a list with some of"
    return f"{several} {', '.join(threshold.choices)}"


def _severity(value: object, field: str, errors: list[FieldError]) -> Severity:
    if value not in get_args(Severity):
        errors.append(FieldError(f"{field}.severity", "severity must be required or recommended."))
        return "recommended"
    return cast("Severity", value)


def _text(value: object, field: str, errors: list[FieldError]) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 120:
        errors.append(FieldError(field, f"{field} must be a text of 1 to 120 characters."))
        return ""
    return value.strip()


def _mapping(value: object, field: str, errors: list[FieldError]) -> Mapping[str, object]:
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return value
    errors.append(FieldError(field, f"{field} must be an object of names and values."))
    return {}


def _known(given: Mapping[str, object], known: set[str], where: str, errors: list[FieldError]) -> None:
    for name in given:
        if name not in known:
            wanted = ", ".join(sorted(known))
            errors.append(FieldError(f"{where}{name}", f"{name} is not known here. There are: {wanted}."))
