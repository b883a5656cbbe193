"""The verdicts of finished images follow what is found and waived later."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from processing.models import JobImage
from processing.queries.compliance import judged_by

_SETTLED = (JobImage.Verdict.PASS, JobImage.Verdict.WARN, JobImage.Verdict.FAIL)


def take_over(organization_id: uuid.UUID, report: Mapping[str, Any]) -> None:
    """A check has looked at these bytes: images that go by one of its profiles show what it has found."""
    of_bytes = JobImage.unscoped.filter(
        organization_id=organization_id,
        # Once more, for the index: hashes are looked up within an organization.
        output__blob__organization=organization_id,
        output__blob__sha256=report["sha256"],
        in_library=True,
    )
    for image in of_bytes.filter(judged_by__in=list(report["reports"])).only("judged_by"):
        found = judged_by(organization_id, image.judged_by, report)
        kept = {**report, "reports": {image.judged_by: report["reports"][image.judged_by]}}
        JobImage.unscoped.filter(pk=image.pk).update(
            verdict=found.verdict, judged_version=found.profile_version, report=kept, judge_lease_expires_at=None
        )


def count_again(organization_id: uuid.UUID, *, sha256: str, key: str) -> None:
    """A finding was marked as not applicable, or that was taken back."""
    of_bytes = JobImage.unscoped.filter(
        organization_id=organization_id,
        output__blob__organization=organization_id,
        output__blob__sha256=sha256,
        judged_by=key,
        verdict__in=_SETTLED,
    )
    for image in of_bytes.only("judged_by", "report"):
        if image.report:
            verdict = judged_by(organization_id, key, image.report).verdict
            JobImage.unscoped.filter(pk=image.pk, verdict__in=_SETTLED).update(verdict=verdict)
