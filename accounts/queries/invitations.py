"""Invitations: the organization's own, and the one behind a token."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit import api_keys
from accounts.kit.errors import NotFound
from accounts.models import Invitation

GONE = "This invitation is not good any more. Ask whoever invited you to send it again."


def invitations(actor: Actor) -> QuerySet[Invitation]:
    """Those that wait to be accepted, expired ones among them, the newest first."""
    actor.require(Permission.MEMBERS_WRITE)
    waiting = Invitation.objects.of(actor).filter(accepted_at=None, revoked_at=None)
    return waiting.select_related("invited_by").prefetch_related("teams").order_by("-pk")


def invitation(actor: Actor, invitation_id: uuid.UUID) -> Invitation:
    """Raises NotFound, also for one that was accepted or revoked."""
    found = invitations(actor).filter(pk=invitation_id).first()
    if found is None:
        raise NotFound(gettext("There is no such invitation, or it was accepted or revoked."))
    return found


def invitation_behind(token: str) -> Invitation:
    """With its organization. Raises NotFound for a token that was never one, and for one that has ended."""
    rows = Invitation.unscoped.select_related("organization", "invited_by")
    found = rows.filter(digest=token_digest(token)).first()
    if found is None or not found.usable():
        raise NotFound(GONE)
    return found


def token_digest(token: str) -> str:
    return api_keys.digest(token, pepper=settings.API_KEY_PEPPER)
