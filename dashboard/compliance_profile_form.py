"""The rules of a profile as fields, and what was typed into them as changes of the built-in profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from processing.compliance.profile import Profile, RuleSpec
from processing.compliance.rules.registry import RULES
from processing.compliance.rules.rule import Threshold

OFF = "off"
SEVERITIES = (
    ("required", gettext_lazy("Required")),
    ("recommended", gettext_lazy("Recommended")),
    (OFF, gettext_lazy("Off")),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One field. `usual`: what the built-in profile says."""

    name: str
    threshold: Threshold
    value: str
    usual: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    title: str
    source: str
    severity: str
    usual: str
    changed: bool
    figures: list[Figure] = field(default_factory=list)
    error: str = ""


def rows(base: Profile, block: Mapping[str, Any], *, typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Row]:
    """`block`: the kept changes, `{"rules": …}`. `typed`: what a refused form has sent, which goes before them."""
    changes: Mapping[str, Any] = block.get("rules", {})
    return [_row(spec, changes, typed, errors) for spec in base.rules]


def _row(spec: RuleSpec, changes: Mapping[str, Any], typed: Mapping[str, str], errors: Mapping[str, str]) -> Row:
    changed = spec.key in changes
    change = changes.get(spec.key) or {}
    severity = OFF if changed and changes[spec.key] is None else change.get("severity", spec.severity)
    own = change.get("thresholds", {})
    figures = []
    for threshold in RULES[spec.rule].thresholds:
        if threshold.name not in spec.thresholds:
            continue
        name = f"{spec.key}.{threshold.name}"
        usual = _text(spec.thresholds[threshold.name])
        value = typed.get(name, _text(own[threshold.name]) if threshold.name in own else usual)
        figures.append(Figure(name, threshold, value, usual, errors.get(name, "")))
    return Row(
        key=spec.key,
        title=gettext(RULES[spec.rule].title),
        source=spec.source,
        severity=typed.get(spec.key, severity),
        usual=spec.severity,
        changed=changed,
        figures=figures,
        error=errors.get(spec.key, ""),
    )


def read(base: Profile, typed: Mapping[str, str]) -> dict[str, Any]:
    """`{"rules": …}`: only what differs from the built-in profile."""
    rules: dict[str, Any] = {}
    for spec in base.rules:
        severity = typed.get(spec.key, spec.severity)
        if severity == OFF:
            rules[spec.key] = None
            continue
        change: dict[str, Any] = {} if severity == spec.severity else {"severity": severity}
        thresholds = {}
        for threshold in RULES[spec.rule].thresholds:
            text = typed.get(f"{spec.key}.{threshold.name}")
            if (
                threshold.name in spec.thresholds
                and text is not None
                and text != _text(spec.thresholds[threshold.name])
            ):
                thresholds[threshold.name] = _value(threshold, text)
        if thresholds:
            change["thresholds"] = thresholds
        if change:
            rules[spec.key] = change
    return {"rules": rules} if rules else {}


def field_of(error: str) -> str:
    """The form's name of a field that changes.py names, such as `rules.size.thresholds.min_longest`."""
    _, _, rest = error.partition("rules.")
    return rest.replace(".thresholds.", ".").removesuffix(".severity")


def _text(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _value(threshold: Threshold, text: str) -> object:
    if threshold.kind == "words":
        return [word.strip().lower() for word in text.split(",") if word.strip()]
    if threshold.kind == "choice":
        return text
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text  # refused by its own name
