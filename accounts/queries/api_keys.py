from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from accounts.models import ApiKey


def api_keys(actor: Actor) -> QuerySet[ApiKey]:
    """The organization's keys, newest first."""
    actor.require(Permission.KEYS_READ)
    return ApiKey.objects.of(actor).select_related("maker", "replaced_by", "team").order_by("-id")


def api_key(actor: Actor, key_id: uuid.UUID) -> ApiKey:
    """One of them. Raises NotFound."""
    row = api_keys(actor).filter(pk=key_id).first()
    if row is None:
        raise NotFound(gettext("There is no such API key."))
    return row
