"""By which profile a finished image is judged without being asked."""

from __future__ import annotations

import uuid

from django.conf import settings

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.public_organization import PUBLIC_ORGANIZATION_ID
from processing.models import ComplianceDefault, Job, JobImage
from processing.operations.presets import PRESETS
from processing.queries.compliance import key_of

# What a call of the compliance endpoint that names no marketplace is judged by, too.
USUAL = key_of("amazon", "main")


def default_profile(actor: Actor) -> str:
    """The key of the organization's default profile; empty where it wants none."""
    actor.require(Permission.COMPLIANCE_READ)
    return _default(actor.organization.pk)


def profile_of(image: JobImage) -> str:
    """For a worker: the key of the profile for an image that is about to be finished; empty where none applies.

    A preset that belongs to a marketplace decides, then the image that it was made of, else the organization's
    default. Not judged is what nobody can
    list: masks, backgrounds without a product, the sandbox's images with their watermark, work without a key.
    """
    job = image.job
    if not settings.COMPLIANCE_BADGES or job.purpose != Job.Purpose.WORK or job.sandbox or image.without_photo:
        return ""
    if image.organization_id == PUBLIC_ORGANIZATION_ID or job.parameters.get("output") == "mask":
        return ""
    preset = PRESETS.get(job.preset)
    if preset and preset.marketplace:
        return key_of(preset.marketplace, preset.slot)
    # What is made of an image for one marketplace is for that marketplace: mended, enlarged, with another shadow.
    if image.parent_id:
        earlier = JobImage.unscoped.filter(pk=image.parent_id).values_list("judged_by", flat=True).first()
        if earlier:
            return earlier
    return _default(image.organization_id)


def _default(organization_id: uuid.UUID) -> str:
    chosen = ComplianceDefault.unscoped.filter(organization_id=organization_id)
    profile = chosen.values_list("profile", flat=True).first()
    return USUAL if profile is None else profile
