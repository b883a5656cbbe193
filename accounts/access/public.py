"""The actor of callers without a key: it may make and check images, in an organization that nobody can look into."""

from __future__ import annotations

from accounts.access.actor import Actor
from accounts.access.permissions import Permission, Role
from accounts.kit.public_organization import PUBLIC_ORGANIZATION_ID
from accounts.models import Organization


def public_actor(*, ip: str | None, request_id: str, endpoint: str) -> Actor:
    organization, _ = Organization.objects.get_or_create(
        pk=PUBLIC_ORGANIZATION_ID,
        # No name makes this slug: an organization called Public gets another.
        defaults={"name": "Callers without a key", "slug": "_public"},
    )
    return Actor(
        organization=organization,
        user=None,
        role=Role.VIEWER,
        permissions=frozenset({Permission.IMAGES_WRITE, Permission.COMPLIANCE_READ}),
        ip=ip,
        request_id=request_id,
        endpoint=endpoint,
    )
