"""Compliance: the profiles that an organization can judge by, its checks, and what it has waived."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.compliance import profiles as built_in
from processing.compliance.finding import Status as Verdict
from processing.compliance.finding import verdict_and_score
from processing.compliance.profile import Profile
from processing.models import ComplianceProfile, ComplianceWaiver, Job, JobImage, Status


def key_of(marketplace: str, slot: str) -> str:
    """How a built-in profile is named in checks and waivers; own ones go by their slug."""
    return f"{marketplace}/{slot}"


def find_key(actor: Actor, marketplace: str, slot: str) -> str:
    """The key behind the names of a call: a marketplace with its slot, or an own profile. Raises NotFound."""
    actor.require(Permission.COMPLIANCE_READ)
    if marketplace in built_in.MARKETPLACES:
        built_in.find(marketplace, slot)
        return key_of(marketplace, slot)
    own = ComplianceProfile.objects.of(actor)
    if marketplace.isprintable() and own.filter(slug=marketplace).exists():
        return marketplace
    known = [*built_in.MARKETPLACES, *own.order_by("slug").values_list("slug", flat=True)[:20]]
    raise NotFound(
        gettext("There is no profile {marketplace}. There are: {known}.").format(
            marketplace=marketplace[:80], known=", ".join(known)
        ),
        field="marketplace",
    )


def own_profiles(actor: Actor) -> list[ComplianceProfile]:
    actor.require(Permission.COMPLIANCE_READ)
    return list(ComplianceProfile.objects.of(actor).order_by("title", "pk"))


def own_profile(actor: Actor, profile_id: uuid.UUID) -> ComplianceProfile:
    """Raises NotFound."""
    actor.require(Permission.COMPLIANCE_READ)
    found = ComplianceProfile.objects.of(actor).filter(pk=profile_id).first()
    if found is None:
        raise NotFound(gettext("There is no such profile."))
    return found


def every_key(actor: Actor) -> list[str]:
    """All profiles that the actor can judge by: the built-in ones, then the own ones by title."""
    keys = [key_of(marketplace, slot) for marketplace, slot in built_in.PROFILES]
    return keys + [own.slug for own in own_profiles(actor)]


def forbidding_enlarging(actor: Actor) -> list[str]:
    """The titles of the profiles that take no scaled-up images: the built-in ones, then the own ones."""
    actor.require(Permission.IMAGES_READ)
    own = [rules_of(each) for each in own_profiles(actor)] if actor.may(Permission.COMPLIANCE_READ) else []
    return [profile.title for profile in (*built_in.PROFILES.values(), *own) if profile.forbids_enlarging]


def profile_for(organization_id: uuid.UUID, key: str, *, product_type: str | None) -> Profile:
    """For a worker: the rules behind a key as they are now. Raises NotFound."""
    marketplace, slash, slot = key.partition("/")
    if slash:
        return built_in.find(marketplace, slot).for_product(product_type)
    own = ComplianceProfile.unscoped.filter(organization_id=organization_id, slug=key).first()
    if own is None:
        raise NotFound(gettext("There is no such profile."))
    return rules_of(own, product_type=product_type)


def rules_of(own: ComplianceProfile, *, product_type: str | None = None) -> Profile:
    """The built-in profile with the organization's changes."""
    base = built_in.find(own.marketplace, own.slot)
    changes = {**own.changes, "title": own.title, "version": f"{base.version}+{own.slug}.{own.version}"}
    return base.with_changes(changes, product_type)


@dataclass(frozen=True, slots=True)
class Judged:
    """One profile's answer over one image, waived findings counted as in order.

    `findings`: as processing/actions/run_check.py writes them, with `waived`: the reason, or None.
    """

    key: str
    title: str
    marketplace: str
    slot: str
    profile_version: str
    verdict: Verdict
    score: int
    findings: list[dict[str, Any]]
    plan: dict[str, Any]
    unchecked: list[str]

    @property
    def failed(self) -> int:
        return sum(each["status"] == "fail" and not each["waived"] for each in self.findings)

    @property
    def warned(self) -> int:
        return sum(each["status"] == "warn" and not each["waived"] for each in self.findings)


def checks(actor: Actor) -> QuerySet[JobImage]:
    """The organization's compliance checks, newest first."""
    actor.require(Permission.COMPLIANCE_READ)
    found = JobImage.objects.of(actor).filter(job__purpose=Job.Purpose.CHECK)
    return found.select_related("source__blob", "job__created_by").order_by("-pk")


def check(actor: Actor, check_id: uuid.UUID) -> JobImage:
    """Raises NotFound."""
    found = checks(actor).filter(pk=check_id).first()
    if found is None:
        raise NotFound(gettext("There is no such check."))
    return found


def latest_check(actor: Actor, sha256: str) -> JobImage | None:
    """The newest finished check of these bytes."""
    # The organization once more: hashes are indexed within it.
    of_bytes = checks(actor).filter(source__blob__organization=actor.organization.pk, source__blob__sha256=sha256)
    return of_bytes.filter(status=Status.SUCCEEDED).first()


def judged(actor: Actor, image: JobImage) -> list[Judged]:
    """Every profile's answer of a finished check, in the order in which they were asked for."""
    actor.require(Permission.COMPLIANCE_READ)
    report = image.report or {}
    rows = ComplianceWaiver.objects.of(actor).filter(sha256=report.get("sha256", ""))
    waived = {(row.profile, row.rule): row.reason for row in rows}
    reports = report.get("reports", {})  # databases keep JSON objects in an order of their own
    return [_judged(key, reports[key], waived) for key in image.job.parameters["profiles"] if key in reports]


def judged_by(organization_id: uuid.UUID, key: str, report: Mapping[str, Any]) -> Judged:
    """For a worker: one profile's answer out of a report, with what the organization has waived."""
    rows = ComplianceWaiver.unscoped.filter(organization_id=organization_id, sha256=report["sha256"], profile=key)
    return _judged(key, report["reports"][key], {(row.profile, row.rule): row.reason for row in rows})


def verdict_of(actor: Actor, image: JobImage) -> Judged | None:
    """What stands behind the badge of a finished image; None where it has none."""
    actor.require(Permission.COMPLIANCE_READ)
    if image.verdict in ("", JobImage.Verdict.WAITING) or not image.report:
        return None
    return judged_by(actor.organization.pk, image.judged_by, image.report)


def current_version(actor: Actor, key: str) -> str:
    """The version of the profile behind a key as it is now; empty once it was deleted."""
    actor.require(Permission.COMPLIANCE_READ)
    try:
        return profile_for(actor.organization.pk, key, product_type=None).version
    except NotFound:
        return ""


def _judged(key: str, one: dict[str, Any], waived: dict[tuple[str, str], str]) -> Judged:
    findings = [each | {"waived": waived.get((key, each["key"]))} for each in one["findings"]]
    counted = [("pass" if each["waived"] else each["status"], each["severity"]) for each in findings]
    verdict, score = verdict_and_score(counted)
    return Judged(
        key=key,
        title=one["title"],
        marketplace=one["marketplace"],
        slot=one["slot"],
        profile_version=one["profileVersion"],
        verdict=verdict,
        score=score,
        findings=findings,
        plan=one["plan"],
        unchecked=one["unchecked"],
    )
