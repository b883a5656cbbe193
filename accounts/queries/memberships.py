"""Which organizations a person belongs to."""

from __future__ import annotations

import uuid

from accounts.models import Membership, User
from accounts.models.owned import Owned


def memberships_of(user: User) -> list[Membership]:
    """The person's memberships with their organizations, by name."""
    return list(
        Membership.unscoped.filter(user=user).select_related("organization").order_by("organization__name", "pk")
    )


def membership_in(user: User, organization_id: uuid.UUID | str | None) -> Membership | None:
    """The person's membership in that organization, else in their first one, else None."""
    own = Membership.unscoped.filter(user=user).select_related("organization", "user").order_by("pk")
    if organization_id and (wanted := own.filter(organization_id=organization_id).first()):
        return wanted
    return own.first()


def membership_with(user: User, model: type[Owned], row_id: object) -> Membership | None:
    """The person's membership in the organization that the row belongs to; None for a row of others, or none."""
    own = Membership.unscoped.filter(user=user).select_related("organization", "user")
    return own.filter(organization__in=model.unscoped.filter(pk=row_id).values("organization")).first()  # type: ignore[attr-defined]
