"""A worker's part of a compliance check: look once, judge by every profile that was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.kit.errors import NotFound
from processing.compliance.fix import plan
from processing.compliance.judge import judge, look
from processing.compliance.picture import MeasuredPicture
from processing.compliance.profile import Profile
from processing.engines.base import Engine
from processing.imaging.arrays import RGB, Mask
from processing.models import JobImage
from processing.operations.base import Context
from processing.queries.compliance import profile_for


def report(source: bytes, image: JobImage, context: Context) -> dict[str, Any]:
    """JSON: `{"asOf", "sha256", "width", "height", "reports": {profile key: report with its plan}}`."""
    asked = image.job.parameters
    day = date.fromisoformat(asked["asOf"])
    with context.step("decode"):
        picture = look(source, context.limits, engine=_WhenAsked(context), filename=asked.get("filename", ""))
    assert image.source is not None
    reports: dict[str, Any] = {}
    for key in asked["profiles"]:
        with context.step("segment"):
            try:
                profile = profile_for(image.organization_id, key, product_type=asked.get("productType") or None)
            except NotFound:
                continue  # deleted since the check was asked for
            reports[key] = _judged(picture, profile, day)
    return {
        "asOf": asked["asOf"],
        "sha256": image.source.blob.sha256,
        "width": picture.width,
        "height": picture.height,
        "reports": reports,
    }


def _judged(picture: MeasuredPicture, profile: Profile, day: date) -> dict[str, Any]:
    found = judge(picture, profile, day)
    mending = plan(found, picture.facts, profile)
    return {
        "title": profile.title,
        "marketplace": found.marketplace,
        "slot": found.slot,
        "profileVersion": found.profile_version,
        "findings": [
            {
                "rule": each.rule,
                "key": each.key,
                "title": each.title,
                "status": each.status,
                "severity": each.severity,
                "measured": each.measured,
                "wanted": each.wanted,
                "detail": each.detail,
                "source": each.source,
                "checkedOn": each.checked_on.isoformat() if each.checked_on else None,
                "fix": each.fix,
                "region": list(each.region) if each.region else None,
                "confidence": each.confidence,
                "values": dict(each.values),
            }
            for each in found.findings
        ],
        "plan": {
            "steps": [{"operation": name, "parameters": dict(parameters)} for name, parameters in mending.steps],
            "cannot": [{"key": key, "why": why} for key, why in mending.cannot],
            "notes": list(mending.notes),
        },
        "unchecked": list(profile.unchecked),
    }


class _WhenAsked:
    """The default engine, loaded only where the picture itself does not tell product and background apart."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def _engine(self) -> Engine:
        return self._context.engine(None)

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def runtime(self) -> str:
        return self._engine.runtime

    def mask(self, rgb: RGB) -> Mask:
        return self._engine.mask(rgb)
