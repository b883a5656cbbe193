"""`{% if actor|may:"keys:write" %}`: buttons that would be refused are not shown."""

from __future__ import annotations

from django import template

from accounts.access.actor import Actor
from accounts.access.permissions import Permission

register = template.Library()


@register.filter
def may(actor: Actor | None, permission: str) -> bool:
    """Whether the actor holds the permission. Raises ValueError for a name that is none."""
    return actor is not None and actor.may(Permission(permission))
