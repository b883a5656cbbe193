"""The check before: an image that nobody has judged by the rules of its place is judged by the worker that sends it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from integrations import registry
from integrations.models import Publication
from integrations.publishing import Issue
from integrations.queries.verdicts import known, rules_key
from processing.actions import blobs, engine_shelf, verdicts
from processing.actions.assets import limits
from processing.models import Asset
from processing.queries.compliance import Judged, judged_by, profile_for


@dataclass(frozen=True, slots=True)
class Verdict:
    """`verdict`: pass, warn or fail; empty where the marketplace has no rules here. `issues`: what is against it."""

    verdict: str
    issues: tuple[Issue, ...] = ()


def judge(row: Publication, image: Asset) -> Verdict:
    """Raises PackshotError where the image cannot be looked at."""
    key = rules_key(registry.find(row.connection.marketplace), row.slot)
    if not key:
        return Verdict("")
    judged = known(row.organization_id, row.sha256, key) or _look(row, image, key)
    failed = [each for each in judged.findings if each["status"] == "fail" and not each["waived"]]
    issues = (Issue(each["key"], f"{each['title']}: {each['detail']}", said=each["wanted"]) for each in failed)
    return Verdict(judged.verdict, tuple(issues))


def _look(row: Publication, image: Asset, key: str) -> Judged:
    # OpenCV: only workers come here, and the web process imports this module's neighbours.
    from processing.actions import run_check
    from processing.compliance.judge import look

    profile = profile_for(row.organization_id, key, product_type=None)
    picture = look(blobs.read(image.blob), limits(), engine=run_check.WhenAsked(engine_shelf.engine))
    report = run_check.reported(picture, key, profile, timezone.localdate(), row.sha256)
    verdicts.take_over(row.organization_id, report)
    return judged_by(row.organization_id, key, report)
