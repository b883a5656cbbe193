"""Images of an organization, as files: uploads and outputs."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import Asset

_NOBODYS = (Asset.Kind.PREVIEW, Asset.Kind.KEPT, Asset.Kind.LOGO)


def asset(actor: Actor, asset_id: uuid.UUID) -> Asset:
    """One image of the organization, upload or output. Raises NotFound."""
    actor.require(Permission.IMAGES_READ)
    return _one(actor, asset_id)


def source(actor: Actor, asset_id: uuid.UUID, *, needs: Permission = Permission.IMAGES_WRITE) -> Asset:
    """One image to be worked on: that needs no scope beyond the work's own. Raises NotFound."""
    actor.require(needs)
    return _one(actor, asset_id)


def files(actor: Actor) -> QuerySet[Asset]:
    """The organization's uploads and outputs with their blobs; previews, what publications keep and the logo are
    nobody's files."""
    actor.require(Permission.IMAGES_READ)
    return alive(Asset.objects.of(actor)).exclude(kind__in=_NOBODYS).select_related("blob")


def _one(actor: Actor, asset_id: uuid.UUID) -> Asset:
    rows = alive(Asset.objects.of(actor)).exclude(kind=Asset.Kind.LOGO)
    found = rows.select_related("blob").filter(pk=asset_id).first()
    if found is None:
        raise NotFound(gettext("There is no such file."))
    return found


def alive(found: QuerySet[Asset] | models.Manager[Asset]) -> QuerySet[Asset]:
    """Without those whose time is over and which the sweeper has not removed yet."""
    return found.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))
