from __future__ import annotations

from django.conf import settings

from accounts.access.actor import Actor
from accounts.models import Organization

UNLIMITED_BALANCE = 999_999


def balance(actor: Actor) -> int:
    """Credits that can still be spent; what running jobs have reserved is already taken off."""
    if settings.CREDITS_UNLIMITED:
        return UNLIMITED_BALANCE
    return Organization.objects.values_list("credit_balance", flat=True).get(pk=actor.organization.pk)


def balance_as_read(actor: Actor) -> int:
    """The balance as it was read together with the actor: for an answer that changes nothing."""
    return balance_of(actor.organization)


def balance_of(organization: Organization) -> int:
    """The balance as it was read with the organization's row."""
    return UNLIMITED_BALANCE if settings.CREDITS_UNLIMITED else organization.credit_balance
