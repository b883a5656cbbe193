"""The organization's accounts at the face-swap provider."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import FaceSwapAccount


def accounts(actor: Actor) -> QuerySet[FaceSwapAccount]:
    """The oldest first. Tokens are shown in full only to who may PROVIDERS_WRITE."""
    actor.require(Permission.PROVIDERS_READ)
    return FaceSwapAccount.objects.of(actor).order_by("pk")


def account(actor: Actor, channel: str) -> FaceSwapAccount:
    """Raises NotFound."""
    found = accounts(actor).filter(channel=channel).first()
    if found is None:
        raise NotFound(gettext("There is no face-swap account for this channel."))
    return found
