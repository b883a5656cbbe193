"""Whether swaps of an organization must say that everybody in the pictures has agreed."""

from __future__ import annotations

from django.db import transaction

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.models import Organization
from processing.models import FaceSwapPolicy


@transaction.atomic
def set_consent_rule(actor: Actor, *, required: bool) -> None:
    actor.require(Permission.PROVIDERS_WRITE)
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    policies = FaceSwapPolicy.objects.of(actor)
    before = policies.filter(consent_required=True).exists()
    if before == required:
        return
    if not policies.update(consent_required=required):
        FaceSwapPolicy.unscoped.create(organization=actor.organization, consent_required=required)
    audit.record(
        actor,
        "face_swap.consent_rule_changed",
        target_kind="organization",
        target_id=actor.organization.pk,
        details={"required": required},
    )
