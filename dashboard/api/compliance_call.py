"""A compliance call: keep the image for a while, check it, answer with what was found."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.limits.idempotency import StillRunning
from dashboard.api.answers import ComplianceAnswer, ComplianceFinding
from dashboard.api.compliance_request import Asked
from dashboard.api.errors import NotInTime
from dashboard.api.image_call import failure
from processing.actions.busy import refuse_if_too_long
from processing.actions.check import submit_check
from processing.actions.give_up import give_up
from processing.actions.new_photos import keep
from processing.actions.wait import wait_for
from processing.models import JobImage, Status
from processing.queries import compliance
from processing.queries.assets import source as find_source
from processing.queries.compliance import Judged

_KEPT = timedelta(hours=24)


def compliance_call(request: HttpRequest, actor: Actor, asked: Asked, *, kept: timedelta = _KEPT) -> ComplianceAnswer:
    """Raises whatever the image is refused for, TooBusy where the check could not be done in time, and NotInTime."""
    image = _submitted(actor, asked, kept)
    if not wait_for(image.job_id, seconds=settings.API_WAIT_SECONDS) and give_up(actor, job_id=image.job_id):
        if asked.claim:
            asked.claim.failed = True
        raise NotInTime("The check was not finished in time. Send it again.")
    image = compliance.check(actor, image.pk)
    if image.status != Status.SUCCEEDED:
        if asked.claim:
            asked.claim.failed = True
        raise failure(image.error)
    return _answer(next(iter(compliance.judged(actor, image))))


def _submitted(actor: Actor, asked: Asked, kept: timedelta) -> JobImage:
    if asked.claim and asked.claim.job_id:
        # An earlier call with this Idempotency-Key got as far as its job: that one answers this call too.
        image = compliance.checks(actor).get(job_id=asked.claim.job_id)
        if not image.ended:
            raise StillRunning("The check of the first call with this Idempotency-Key is still running.")
        return image
    refuse_if_too_long(actor, within=settings.API_WAIT_SECONDS)
    if isinstance(asked.source, uuid.UUID):
        asset = find_source(actor, asked.source, needs=Permission.COMPLIANCE_READ)
    else:
        until = timezone.now() + kept
        asset = keep(actor, asked.source, expires_at=until, needs=Permission.COMPLIANCE_READ)
    return submit_check(
        actor,
        asset,
        profiles=[asked.key],
        as_of=asked.as_of,
        product_type=asked.product_type,
        filename=asked.filename,
        claim=asked.claim,
    )


def _answer(found: Judged) -> ComplianceAnswer:
    return ComplianceAnswer(
        marketplace=found.key.partition("/")[0],
        slot=found.slot,
        profile_version=found.profile_version,
        verdict=found.verdict,
        score=found.score,
        findings=[
            ComplianceFinding(
                rule=each["key"],
                status="pass" if each["waived"] else each["status"],
                severity=each["severity"],
                measured=each["measured"],
                wanted=each["wanted"],
                detail=f"Marked as not applicable: {each['waived']}" if each["waived"] else each["detail"],
                source=each["source"],
                checked_on=each["checkedOn"],
                fix=each["fix"],
                region=each["region"],
            )
            for each in found.findings
        ],
    )
