"""Submitting a compliance check: a job that makes no image and costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.limits import idempotency
from accounts.limits.idempotency import Claim
from processing.actions import wake
from processing.actions.assets import hold
from processing.models import Asset, Job, JobImage
from processing.models.priority import SINGLE

OPERATION = "compliance"


@transaction.atomic
def submit_check(
    actor: Actor,
    asset: Asset,
    *,
    profiles: Sequence[str],
    as_of: date,
    product_type: str = "",
    filename: str = "",
    claim: Claim | None = None,
) -> JobImage:
    """The job's only image; its `report` is there once it has succeeded.

    `profiles`: keys as processing.queries.compliance has them. `filename`: as the marketplace will see it, where it is
    to be judged.
    """
    actor.require(Permission.COMPLIANCE_READ)
    if asset.organization_id != actor.organization.pk:
        raise RuntimeError("an asset of another organization reached a check")
    hold([asset])
    job = Job.unscoped.create(
        organization=actor.organization,
        purpose=Job.Purpose.CHECK,
        operation=OPERATION,
        parameters={
            "profiles": list(profiles),
            "asOf": as_of.isoformat(),
            "productType": product_type,
            "filename": filename,
        },
        sandbox=actor.sandbox,
        created_by=actor.user,
        api_key=actor.api_key,
        endpoint=actor.endpoint[:100],
    )
    if claim:
        idempotency.attach(claim, job.pk)
    image = JobImage.unscoped.create(
        organization=actor.organization, job=job, index=0, name=asset.name, source=asset, priority=SINGLE
    )
    wake.after_commit(1)
    return image
