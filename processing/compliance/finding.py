"""What a judged picture is told: findings and their report. Light: pages and the API read it without numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Status = Literal["pass", "warn", "fail"]
Severity = Literal["required", "recommended"]
Region = tuple[int, int, int, int]
"""x, y, width, height in pixels of the upright picture."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer.

    `rule`: the name of its file in rules/. `key`: the rule's row in the profile, unique there (`size`, `size_zoom`).
    `measured`, `wanted`, `detail`, `fix`: words for a seller; `fix` is None where no operation can mend it.
    `region`: where to look. `confidence`: of a detector, 0 to 1. `values`: the raw figures behind the words.
    `effective_from`: the day from which a broken rule fails, where that is still to come.
    """

    rule: str
    key: str
    title: str
    status: Status
    severity: Severity
    measured: str
    wanted: str
    detail: str
    source: str
    checked_on: date | None
    fix: str | None = None
    region: Region | None = None
    confidence: float | None = None
    effective_from: date | None = None
    values: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """`verdict`: fail when a required rule is broken, warn when anything else is, else pass. `score`: 0 to 100."""

    marketplace: str
    slot: str
    title: str
    profile_version: str
    as_of: date
    verdict: Status
    score: int
    findings: tuple[Finding, ...]

    def of(self, key: str) -> Finding | None:
        """The finding of that row of the profile."""
        return next((finding for finding in self.findings if finding.key == key), None)

    @property
    def open(self) -> tuple[Finding, ...]:
        """What is not in order, the required first."""
        found = [finding for finding in self.findings if finding.status != "pass"]
        return tuple(sorted(found, key=lambda finding: (finding.status != "fail", finding.severity != "required")))


_WEIGHT: dict[str, int] = {"required": 3, "recommended": 1}
_WORTH: dict[str, float] = {"pass": 1.0, "warn": 0.5, "fail": 0.0}
_MOST: dict[Status, int] = {"fail": 49, "warn": 99, "pass": 100}


def verdict_and_score(findings: Sequence[tuple[str, str]]) -> tuple[Status, int]:
    """Of pairs of status and severity: the worst status, and the weighted share of what is in order, 0 to 100.

    A picture that fails gets less than half, a perfect one alone gets 100.
    """
    statuses = {status for status, _ in findings}
    verdict: Status = "fail" if "fail" in statuses else "warn" if "warn" in statuses else "pass"
    total = sum(_WEIGHT[severity] for _, severity in findings)
    reached = sum(_WEIGHT[severity] * _WORTH[status] for status, severity in findings)
    return verdict, min(_MOST[verdict], round(100 * reached / total) if total else 100)
