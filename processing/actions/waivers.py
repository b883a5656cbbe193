"""Marking a finding as not applicable, with a reason, and taking that back. It is kept with the image's hash."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import InvalidInput, NotFound
from processing.actions.verdicts import count_again
from processing.models import ComplianceWaiver, JobImage
from processing.queries.compliance import judged

MAX_REASON = 300


@transaction.atomic
def waive(actor: Actor, image: JobImage, *, key: str, rule: str, reason: str) -> ComplianceWaiver:
    """Raises InvalidInput without a reason, NotFound where the check has no such finding."""
    actor.require(Permission.IMAGES_WRITE)
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= MAX_REASON:
        raise InvalidInput(
            gettext("Say why it does not apply, in at most {max_reason} characters.").format(max_reason=MAX_REASON),
            field="reason",
        )
    found = next((each for each in judged(actor, image) if each.key == key), None)
    if found is None or not any(each["key"] == rule and each["status"] != "pass" for each in found.findings):
        raise NotFound(gettext("This check has no such finding."))
    sha256 = str((image.report or {})["sha256"])
    row, _ = ComplianceWaiver.objects.of(actor).update_or_create(
        sha256=sha256,
        profile=key,
        rule=rule,
        defaults={"reason": reason, "created_by": actor.user},
        create_defaults={"organization": actor.organization, "reason": reason, "created_by": actor.user},
    )
    audit.record(
        actor,
        "compliance.waived",
        target_kind="image",
        target_id=sha256[:16],
        details={"profile": key, "rule": rule, "reason": reason},
    )
    count_again(actor.organization.pk, sha256=sha256, key=key)
    return row


@transaction.atomic
def unwaive(actor: Actor, image: JobImage, *, key: str, rule: str) -> None:
    """The finding counts again. Raises NotFound."""
    actor.require(Permission.IMAGES_WRITE)
    sha256 = str((image.report or {}).get("sha256", ""))
    deleted, _ = ComplianceWaiver.objects.of(actor).filter(sha256=sha256, profile=key, rule=rule).delete()
    if not deleted:
        raise NotFound(gettext("This finding was not marked."))
    audit.record(
        actor,
        "compliance.waiver_removed",
        target_kind="image",
        target_id=sha256[:16],
        details={"profile": key, "rule": rule},
    )
    count_again(actor.organization.pk, sha256=sha256, key=key)
