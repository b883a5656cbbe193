"""A worker's part of a compliance check: look once, judge by every profile that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from accounts.kit.errors import NotFound
from processing.actions import mask_shelf
from processing.compliance.fix import plan
from processing.compliance.judge import judge, look
from processing.compliance.picture import MeasuredPicture
from processing.compliance.profile import Profile
from processing.engines.base import Engine
from processing.imaging.arrays import RGB, Mask
from processing.models import Blob, JobImage
from processing.operations.base import Context
from processing.queries.compliance import profile_for


def report(source: bytes, image: JobImage, context: Context) -> dict[str, Any]:
    """JSON: `{"asOf", "sha256", "width", "height", "reports": {profile key: report with its plan}}`."""
    asked = image.job.parameters
    day = date.fromisoformat(asked["asOf"])
    with context.step("decode"):
        engine = WhenAsked(lambda: context.engine(None), image.source.blob if image.source else None)
        picture = look(source, context.limits, engine=engine, filename=asked.get("filename", ""))
    assert image.source is not None
    reports: dict[str, Any] = {}
    for key in asked["profiles"]:
        with context.step("segment"):
            try:
                profile = profile_for(image.organization_id, key, product_type=asked.get("productType") or None)
            except NotFound:
                continue  # deleted since the check was asked for
            reports[key] = _judged(picture, profile, day)
    return _reported(picture, reports, day, image.source.blob.sha256)


def reported(picture: MeasuredPicture, key: str, profile: Profile, day: date, sha256: str) -> dict[str, Any]:
    """The same of a picture that is judged by one profile."""
    return _reported(picture, {key: _judged(picture, profile, day)}, day, sha256)


def _reported(picture: MeasuredPicture, reports: dict[str, Any], day: date, sha256: str) -> dict[str, Any]:
    return {
        "asOf": day.isoformat(),
        "sha256": sha256,
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


class WhenAsked:
    """The default engine, loaded only where the picture itself does not tell product and background apart.

    `blob`: of the picture that is looked at; a mask that was made of it before is taken, and a new one is kept.
    """

    def __init__(self, load: Callable[[], Engine], blob: Blob | None = None) -> None:
        self._load = load
        self._blob = blob

    @property
    def _engine(self) -> Engine:
        return self._load()

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def runtime(self) -> str:
        return self._engine.runtime

    def mask(self, rgb: RGB) -> Mask:
        engine = self._engine
        return engine.mask(rgb) if self._blob is None else mask_shelf.mask_of(self._blob, engine, rgb)
