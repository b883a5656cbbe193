""" "Fix all": what an operation can mend, as parameters for it, and what it cannot, in a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from processing.compliance.canvas import Fitted, Wanted, fit
from processing.compliance.facts import PictureFacts
from processing.compliance.finding import Finding, Report
from processing.compliance.profile import Profile, RuleSpec
from processing.compliance.rules.generated import MADE_BY_AI
from processing.compliance.rules.rule import number

QUALITY = 92

_CANNOT = {
    "cut_off": "The photo itself cuts the product off; take a photo that shows all of it.",
    "sharpness": "A blurred photo cannot be made sharp; take a sharper one.",
    "enlarged": "What a small picture does not show cannot be added; start from the original photo.",
    "generated": "A generated picture cannot be made a photo; use a photo of the item.",
    "placeholder": "There is no product to work on; send a photo of it.",
    "provenance": "Save the picture again in the program that made it, with its AI statement kept.",
}
_OVER_PRODUCT = "The watermark also lies over the product; use the photo without it."


@dataclass(frozen=True, slots=True)
class FixPlan:
    """`steps`: name of an operation and its parameters by their API names, one after the other. `cannot`: key of a rule
    and why it stays open. `notes`: what else will be different in the new image.
    """

    steps: tuple[tuple[str, Mapping[str, object]], ...] = ()
    cannot: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=())


def plan(report: Report, picture_facts: PictureFacts, profile: Profile) -> FixPlan:
    """What to do about the findings of `report` that are not in order.

    The plan's image is made from the photo by the `process` operation; whatever its segmentation engine makes of the
    product decides how well a text or a frame is left out.
    """
    hopeless = [_hopeless(finding, picture_facts) for finding in report.open]
    cannot = [found for found in hopeless if found is not None]
    mendable = [finding for finding, found in zip(report.open, hopeless, strict=True) if found is None]
    if not mendable or any(key == "placeholder" for key, _ in cannot):
        rest = [(finding.key, _CANNOT["placeholder"]) for finding in mendable]
        return FixPlan(cannot=(*cannot, *rest))
    rules = profile.rules_on(report.as_of)
    fitted = fit(_wanted(rules, profile, mendable), picture_facts)
    cannot += fitted.cannot
    if all(finding.key in dict(fitted.cannot) for finding in mendable):
        return FixPlan(cannot=tuple(cannot))
    return FixPlan((("process", _parameters(fitted)),), tuple(cannot), _notes(rules, picture_facts))


def _hopeless(finding: Finding, facts: PictureFacts) -> tuple[str, str] | None:
    if finding.rule in _CANNOT:
        return finding.key, _CANNOT[finding.rule]
    if finding.rule == "watermark" and facts.over_product:
        return finding.key, _OVER_PRODUCT
    return None


def _wanted(rules: tuple[RuleSpec, ...], profile: Profile, mendable: list[Finding]) -> Wanted:
    ratio = next((number(spec.thresholds, "ratio", 1) for spec in rules if spec.rule == "ratio"), None)
    fill = next((spec for spec in rules if spec.rule == "fill"), None)
    weights = [number(spec.thresholds, "max_mb", 10) for spec in rules if spec.rule == "weight"]
    broken = {finding.rule for finding in mendable}
    return Wanted(
        sizes=tuple(spec for spec in rules if spec.rule == "size"),
        ratio=ratio,
        fill=(number(fill.thresholds, "min", 0) / 100, number(fill.thresholds, "max", 100) / 100) if fill else None,
        fill_key=fill.key if fill else "",
        fill_required=bool(fill and fill.severity == "required"),
        reframe=bool(broken & {"ratio", "fill"}) or bool(fill),
        most_megabytes=min(weights, default=None),
        enlarging=1.0 if profile.forbids_enlarging else 2.0,
    )


def _parameters(fitted: Fitted) -> dict[str, object]:
    parameters: dict[str, object] = {
        "width": fitted.width,
        "height": fitted.height,
        "background": "#ffffff",
        "format": "jpg",
        "jpegQuality": QUALITY,
    }
    if fitted.margin is not None:
        parameters["margin"] = fitted.margin
    return parameters


def _notes(rules: tuple[RuleSpec, ...], facts: PictureFacts) -> tuple[str, ...]:
    notes = []
    if not any(spec.rule == "background" for spec in rules):
        notes.append("The product is cut out and put on white; the photo's own background goes.")
    if facts.source_type in MADE_BY_AI:
        notes.append("The picture was made with AI: see that the new file says so too.")
    return tuple(notes)
