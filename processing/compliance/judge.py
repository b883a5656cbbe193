"""Judges a measured picture by a profile, as of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from processing.compliance.finding import Finding, Report, verdict_and_score
from processing.compliance.look import look
from processing.compliance.picture import MeasuredPicture
from processing.compliance.profile import Profile, RuleSpec
from processing.compliance.rules.registry import RULES

__all__ = ["MeasuredPicture", "judge", "look"]


def judge(picture: MeasuredPicture, profile: Profile, as_of: date, product_type: str | None = None) -> Report:
    """Every rule of the profile that holds on that day, for that type of product."""
    rules = profile.for_product(product_type).rules_on(as_of)
    findings = tuple(finding for spec in rules if (finding := _finding(picture, spec, as_of)) is not None)
    verdict, score = verdict_and_score([(finding.status, finding.severity) for finding in findings])
    return Report(
        marketplace=profile.marketplace,
        slot=profile.slot,
        title=profile.title,
        profile_version=profile.version,
        as_of=as_of,
        verdict=verdict,
        score=score,
        findings=findings,
    )


def _finding(picture: MeasuredPicture, spec: RuleSpec, as_of: date) -> Finding | None:
    rule = RULES[spec.rule]
    outcome = rule.check(picture, spec.thresholds)
    if outcome is None:
        return None
    finding = Finding(
        rule=spec.rule,
        key=spec.key,
        title=rule.title,
        status=outcome.status,
        severity=spec.severity,
        measured=outcome.measured,
        wanted=outcome.wanted,
        detail=outcome.detail,
        source=spec.source,
        checked_on=spec.checked_on,
        fix=outcome.fix,
        region=outcome.region,
        confidence=outcome.confidence,
        values=outcome.values,
    )
    if spec.effective_from and as_of < spec.effective_from:
        day = f"{spec.effective_from.day} {spec.effective_from:%B %Y}"
        finding = replace(finding, wanted=f"{finding.wanted}, from {day}", effective_from=spec.effective_from)
        if finding.status == "fail":
            return replace(finding, status="warn", detail=f"{finding.detail} From {day} it is refused.")
    if finding.status == "fail" and spec.severity == "recommended":
        return replace(finding, status="warn")
    return finding
