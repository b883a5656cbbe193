"""An organization's own compliance profiles: clone a built-in one, change it, delete it. Every change is a version."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import FieldError, InvalidInput, NotFound
from processing.compliance import profiles as built_in
from processing.models import ComplianceProfile, ComplianceProfileVersion


def clone_profile(actor: Actor, *, title: str, marketplace: str, slot: str) -> ComplianceProfile:
    """A profile of one's own that still says what the built-in one says. Raises InvalidInput."""
    actor.require(Permission.PRESETS_WRITE)
    title, slug = _named(title)
    try:
        built_in.find(marketplace, slot)
    except NotFound as error:
        raise InvalidInput(error.detail, errors=(FieldError("base", error.detail),)) from None
    profile = ComplianceProfile(
        organization=actor.organization,
        slug=slug,
        title=title,
        marketplace=marketplace,
        slot=slot,
        created_by=actor.user,
    )
    try:
        with transaction.atomic():
            profile.save(force_insert=True)
            _keep_version(actor, profile)
            audit.record(
                actor,
                "compliance_profile.created",
                target_kind="compliance_profile",
                target_id=profile.pk,
                details={"title": title, "base": f"{marketplace}/{slot}"},
            )
    except IntegrityError:
        sentence = "There is a profile of this name already. Choose another one."
        raise InvalidInput(sentence, errors=(FieldError("title", sentence),)) from None
    return profile


@transaction.atomic
def change_profile(actor: Actor, *, profile_id: uuid.UUID, changes: Mapping[str, Any]) -> ComplianceProfile:
    """The same profile with other changes, as a new version; as it is when they are the same.

    `changes`: as processing/compliance/changes.py reads them. Raises InvalidInput with every wrong field; then nothing
    has changed.
    """
    actor.require(Permission.PRESETS_WRITE)
    profile = _locked(actor, profile_id)
    built_in.find(profile.marketplace, profile.slot).with_changes(changes)
    if dict(changes) == profile.changes:
        return profile
    profile.changes = dict(changes)
    profile.version += 1
    profile.save(update_fields=["changes", "version", "updated_at"])
    _keep_version(actor, profile)
    audit.record(
        actor,
        "compliance_profile.changed",
        target_kind="compliance_profile",
        target_id=profile.pk,
        details={"title": profile.title, "version": profile.version, "changes": profile.changes},
    )
    return profile


@transaction.atomic
def delete_profile(actor: Actor, *, profile_id: uuid.UUID) -> ComplianceProfile:
    """Deletes it. Checks that it made stay as they are."""
    actor.require(Permission.PRESETS_WRITE)
    profile = _locked(actor, profile_id)
    audit.record(
        actor,
        "compliance_profile.deleted",
        target_kind="compliance_profile",
        target_id=profile.pk,
        details={"title": profile.title},
    )
    profile.delete()
    return profile


def _named(title: str) -> tuple[str, str]:
    title = " ".join(title.split())
    slug = slugify(title)[:80]
    sentence = ""
    if not 1 <= len(title) <= 80 or not slug:
        sentence = "Give the profile a name of at most 80 characters, with a letter or digit in it."
    elif slug in built_in.MARKETPLACES:
        sentence = "A marketplace has this name. Choose another one."
    if sentence:
        raise InvalidInput(sentence, errors=(FieldError("title", sentence),))
    return title, slug


def _locked(actor: Actor, profile_id: uuid.UUID) -> ComplianceProfile:
    found = ComplianceProfile.objects.of(actor).select_for_update().filter(pk=profile_id).first()
    if found is None:
        raise NotFound(gettext("There is no such profile."))
    return found


def _keep_version(actor: Actor, profile: ComplianceProfile) -> None:
    ComplianceProfileVersion.unscoped.create(
        organization=profile.organization,
        profile=profile,
        version=profile.version,
        changes=profile.changes,
        created_by=actor.user,
    )
