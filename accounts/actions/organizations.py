"""Making organizations, and what they are called."""

from __future__ import annotations

import re
import zoneinfo
from contextlib import suppress

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Permission, Role
from accounts.actions import audit, credits
from accounts.kit.errors import InvalidInput
from accounts.models import Membership, Organization, User


@transaction.atomic
def create_organization(owner: User, *, name: str, credit_grant: int | None = None, is_demo: bool = False) -> Actor:
    """A new organization with its owner and its first credits; answers with the owner as actor."""
    name = _name(name)
    organization = _create(name, is_demo=is_demo)
    Membership.unscoped.create(organization=organization, user=owner, role=Role.OWNER)
    actor = member_actor(owner, organization, Role.OWNER)
    grant = settings.CREDITS_FOR_NEW_ORGANIZATIONS if credit_grant is None else credit_grant
    if grant:
        credits.grant(actor, amount=grant, note="Welcome credits")
    audit.record(actor, "organization.created", target_kind="organization", target_id=organization.pk)
    return actor


@transaction.atomic
def edit_organization(actor: Actor, *, name: str, slug: str, time_zone: str | None = None) -> Organization:
    """`slug`: lower-case letters, digits and single hyphens, 2 to 60 characters, of no other organization.

    `time_zone`: a name such as Europe/Berlin; None leaves it. Raises InvalidInput.
    """
    actor.require(Permission.ORGANIZATION_WRITE)
    name, slug = _name(name), slug.strip().lower()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or not 2 <= len(slug) <= 60:
        raise InvalidInput(
            gettext("Use 2 to 60 lower-case letters, digits and single hyphens between them."), field="slug"
        )
    if time_zone is not None and time_zone not in zoneinfo.available_timezones():
        raise InvalidInput(gettext("Choose one of the time zones."), field="time_zone")
    organization = Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    before = {"name": organization.name, "slug": organization.slug, "time_zone": organization.time_zone}
    after = {"name": name, "slug": slug, "time_zone": time_zone or organization.time_zone}
    changed = [field for field in before if before[field] != after[field]]
    if not changed:
        return organization
    organization.name, organization.slug, organization.time_zone = name, slug, after["time_zone"]
    try:
        with transaction.atomic():
            organization.save(update_fields=changed)
    except IntegrityError:
        raise InvalidInput(
            gettext("Another organization has the short name {slug}. Choose another one.").format(slug=slug),
            field="slug",
        ) from None
    audit.record(
        actor,
        "organization.changed",
        target_kind="organization",
        target_id=organization.pk,
        details={
            "name": name,
            "before": {field: before[field] for field in changed},
            "after": {field: after[field] for field in changed},
        },
    )
    return organization


def _name(name: str) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not 1 <= len(name) <= 100:
        raise InvalidInput(gettext("Give the organization a name of at most 100 characters."), field="name")
    return name


def _create(name: str, *, is_demo: bool) -> Organization:
    slug = slugify(name)[:50] or "organization"
    if not Organization.objects.filter(slug=slug).exists():
        with suppress(IntegrityError), transaction.atomic():  # somebody may take the slug at this very moment
            return Organization.objects.create(name=name, slug=slug, is_demo=is_demo)
    slug = f"{slug}-{get_random_string(6, '23456789abcdefghjkmnpqrstuvwxyz')}"
    return Organization.objects.create(name=name, slug=slug, is_demo=is_demo)
