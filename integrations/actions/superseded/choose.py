"""What a person decides about superseded images: remove these now, keep those."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.actions import audit
from accounts.kit.errors import Conflict, InvalidInput
from integrations import registry
from integrations.actions import sync
from integrations.actions.account import account_of
from integrations.actions.connections import own
from integrations.actions.superseded.claim import read_since
from integrations.actions.superseded.remove import send
from integrations.base import MarketplaceError
from integrations.models import Connection, SupersededImage

_Status = SupersededImage.Status
_STANDS = (_Status.WAITING, _Status.LEFT, _Status.KEPT)


def remove_now(actor: Actor, *, connection_id: uuid.UUID, chosen: Sequence[str]) -> int:
    """How many are removed as soon as a worker is free. The catalog is read first where it was not since they were
    found: another product may show them. Raises NotFound, NotPermitted, InvalidInput, Conflict."""
    row = own(actor, connection_id)
    refuse_without_the_means(row)
    with transaction.atomic():
        found = _chosen(actor, row, chosen)
        now = timezone.now()
        found.update(status=_Status.WAITING, note="", asked_at=now, asked_by=actor.user, not_before=now, failures=0)
        many = found.count()
        _audit(actor, "images_removal_asked", row, found)
        unread = [since for since in found.values_list("since", flat=True) if not read_since(row, since)]
        transaction.on_commit(lambda: send(row.pk))
    if unread:
        sync.start_by_itself(row, everything=False)
    return many


def keep(actor: Actor, *, connection_id: uuid.UUID, chosen: Sequence[str]) -> int:
    """How many stay in the shop for good. Raises NotFound, NotPermitted, InvalidInput."""
    row = own(actor, connection_id)
    with transaction.atomic():
        found = _chosen(actor, row, chosen)
        found.update(status=_Status.KEPT, note="", asked_at=None, asked_by=None)
        many = found.count()
        _audit(actor, "images_kept", row, found)
    return many


def refuse_without_the_means(row: Connection) -> None:
    """Raises Conflict that says what is needed."""
    publisher = registry.find(row.marketplace).publisher
    try:
        able = publisher.capabilities(account_of(row))
    except MarketplaceError as error:
        raise Conflict(error.detail) from None
    if not able.removes:
        raise Conflict(able.removal_needs or "Nothing is removed from this kind of shop.")


def _chosen(actor: Actor, row: Connection, chosen: Sequence[str]) -> QuerySet[SupersededImage]:
    try:
        ids = [uuid.UUID(text) for text in chosen]
    except ValueError:
        raise InvalidInput(gettext("Choose images of the list."), field="chosen") from None
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    standing = SupersededImage.objects.of(actor).filter(free, connection=row, pk__in=ids, status__in=_STANDS)
    found = list(standing.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not found:
        raise InvalidInput(gettext("Choose at least one image of the list."), field="chosen")
    return SupersededImage.objects.of(actor).filter(pk__in=found)


def _audit(actor: Actor, what: str, row: Connection, found: QuerySet[SupersededImage]) -> None:
    details = {"name": row.name, "images": list(found.values_list("remote_id", flat=True))}
    audit.record(actor, f"connection.{what}", target_kind="connection", target_id=row.pk, details=details)
