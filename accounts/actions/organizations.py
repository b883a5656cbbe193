"""Making organizations."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.actions import audit, credits
from accounts.kit.errors import InvalidInput
from accounts.models import Membership, Organization, User


@transaction.atomic
def create_organization(owner: User, *, name: str, credit_grant: int | None = None, is_demo: bool = False) -> Actor:
    """A new organization with its owner and its first credits; answers with the owner as actor."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 100:
        raise InvalidInput("Give the organization a name of at most 100 characters.", field="name")
    organization = _create(name, is_demo=is_demo)
    Membership.unscoped.create(organization=organization, user=owner, role=Role.OWNER)
    actor = member_actor(owner, organization, Role.OWNER)
    grant = settings.CREDITS_FOR_NEW_ORGANIZATIONS if credit_grant is None else credit_grant
    if grant:
        credits.grant(actor, amount=grant, note="Welcome credits")
    audit.record(actor, "organization.created", target_kind="organization", target_id=organization.pk)
    return actor


def _create(name: str, *, is_demo: bool) -> Organization:
    slug = slugify(name)[:50] or "organization"
    if not Organization.objects.filter(slug=slug).exists():
        with suppress(IntegrityError), transaction.atomic():  # somebody may take the slug at this very moment
            return Organization.objects.create(name=name, slug=slug, is_demo=is_demo)
    slug = f"{slug}-{get_random_string(6, '23456789abcdefghjkmnpqrstuvwxyz')}"
    return Organization.objects.create(name=name, slug=slug, is_demo=is_demo)
