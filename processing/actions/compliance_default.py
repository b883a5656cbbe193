"""By which profile images are judged that no marketplace's preset has made."""

from __future__ import annotations

from django.db import transaction

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import FieldError, InvalidInput
from processing.models import ComplianceDefault
from processing.queries.compliance import every_key
from processing.queries.judging import default_profile


@transaction.atomic
def choose_default(actor: Actor, *, profile: str) -> None:
    """`profile`: a key, or empty for none. Images that are finished from now on go by it. Raises InvalidInput."""
    actor.require(Permission.PRESETS_WRITE)
    if profile and profile not in every_key(actor):
        sentence = "There is no such profile. Choose one of the list."
        raise InvalidInput(sentence, errors=(FieldError("profile", sentence),))
    if profile == default_profile(actor):
        return
    ComplianceDefault.objects.of(actor).update_or_create(
        defaults={"profile": profile}, create_defaults={"organization": actor.organization, "profile": profile}
    )
    audit.record(
        actor,
        "compliance.default_chosen",
        target_kind="organization",
        target_id=actor.organization.pk,
        details={"profile": profile},
    )
