"""What is known about an image under the rules of the place that it is meant for. Nothing is looked at here."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from integrations.base import Marketplace
from integrations.publishing import MAIN
from processing.compliance.profile import Profile
from processing.models import Asset, Job, JobImage, Status
from processing.queries.compliance import Judged, judged_by, key_of, profile_for

_SETTLED = (JobImage.Verdict.PASS, JobImage.Verdict.WARN, JobImage.Verdict.FAIL)
_LOOK_AT = 20


def rules_key(kind: Marketplace, slot: str) -> str:
    """The key of the compliance profile for a place; empty where the marketplace has no rules here."""
    key = key_of(kind.image_rules or kind.key, MAIN if slot == MAIN else "additional")
    try:
        profile_for(uuid.UUID(int=0), key, product_type=None)
    except NotFound:
        return ""
    return key


def verdict_before(actor: Actor, image: Asset, kind: Marketplace, slot: str) -> Judged | None:
    """The newest judgement of these bytes by the rules as they are today; None where nobody has judged them yet: then
    the worker does before it sends anything."""
    actor.require(Permission.PUBLISH_WRITE)
    return known(actor.organization.pk, image.blob.sha256, rules_key(kind, slot))


def known(organization_id: uuid.UUID, sha256: str, key: str) -> Judged | None:
    """The same for a worker."""
    if not key:
        return None
    profile, today = profile_for(organization_id, key, product_type=None), timezone.localdate()
    for report in _reports(organization_id, sha256, key):
        if _as_today(report, key, profile, today):
            return judged_by(organization_id, key, report)
    return None


def _reports(organization_id: uuid.UUID, sha256: str, key: str) -> Iterator[Mapping[str, Any]]:
    rows = JobImage.unscoped.filter(organization_id=organization_id).order_by("-pk")
    # The organization once more: hashes are indexed within it.
    outputs = rows.filter(output__blob__organization=organization_id, output__blob__sha256=sha256)
    outputs = outputs.filter(judged_by=key, verdict__in=_SETTLED)
    checks = rows.filter(source__blob__organization=organization_id, source__blob__sha256=sha256)
    checks = checks.filter(job__purpose=Job.Purpose.CHECK, status=Status.SUCCEEDED)
    for found in (outputs, checks):
        for report in found.values_list("report", flat=True)[:_LOOK_AT]:
            if report and key in report.get("reports", {}):
                yield report


def _as_today(report: Mapping[str, Any], key: str, profile: Profile, today: date) -> bool:
    """Whether the same rules, none of which has come into force since, would judge today."""
    day = date.fromisoformat(report["asOf"])
    if report["reports"][key]["profileVersion"] != profile.version or day > today:
        return False
    return not any(
        spec.holds_on(day) != spec.holds_on(today) or (spec.effective_from and day < spec.effective_from <= today)
        for spec in profile.rules
    )
