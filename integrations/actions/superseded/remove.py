"""A worker's turn with the superseded images of a shop: ask whether anything shows them, remove them, say so."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.kit import tasks
from accounts.models import AuditEntry
from integrations import registry
from integrations.actions.account import account_of
from integrations.actions.pace import Pace, quiet_ends
from integrations.actions.publishing.stored import exchange_to_json
from integrations.actions.superseded.claim import Lost, claim, due, fenced, hold_on
from integrations.base import Account, Exchange, MarketplaceError
from integrations.models import Connection, PublicationAttempt, SupersededImage
from integrations.publishing import Removal
from integrations.queries.able import able

_TURN_SECONDS = 20.0
_WAITS = (60, 300, 900, 3600, 6 * 3600)
_Status = SupersededImage.Status


def sweep() -> None:
    """Sends the shops that have something due to the queue."""
    now = timezone.now()
    waiting = SupersededImage.unscoped.filter(status=_Status.WAITING, not_before__lte=now)
    rows = Connection.unscoped.filter(disconnected_at=None, pk__in=waiting.values("connection"))
    for connection in rows.select_related("organization").order_by("pk"):
        if not quiet_ends(connection, now) and due(connection, now).exists() and _may_remove(connection):
            send(connection.pk)


def send(connection_id: uuid.UUID) -> None:
    tasks.send("integrations.remove_superseded", str(connection_id), queue="io")


def work(connection_id: uuid.UUID) -> None:
    """Harmless where another one works on them, or nothing is due."""
    end = time.monotonic() + _TURN_SECONDS
    connection = Connection.unscoped.select_related("organization").filter(pk=connection_id).first()
    if connection is None or not _may_remove(connection):
        return
    while not quiet_ends(connection, timezone.now()):
        row = claim(connection)
        if row is None:
            return
        try:
            _turn(row)
        except Lost:
            return
        if time.monotonic() > end:
            send(connection_id)
            return


def _may_remove(connection: Connection) -> bool:
    """Whether its keys allow it; until they do everything waits."""
    takes = able(connection)
    return takes is not None and takes.removes


def _turn(row: SupersededImage) -> None:
    exchanges: list[dict[str, Any]] = []
    began = time.monotonic()
    tried = _begun(row)
    outcome, issue = "lost", ""
    try:
        outcome, issue = _settled(row, _removed(row, exchanges))
    except MarketplaceError as error:
        outcome, issue = _stumbled(row, error)
    finally:
        tried.exchanges, tried.outcome, tried.problem = exchanges, outcome, issue[:500]
        tried.issues = [{"code": "left", "detail": issue, "severity": "error", "said": ""}] if issue else []
        tried.milliseconds = round((time.monotonic() - began) * 1000)
        tried.save(update_fields=["exchanges", "issues", "outcome", "problem", "milliseconds"])


def _removed(row: SupersededImage, exchanges: list[dict[str, Any]]) -> Removal:
    publisher = registry.find(row.connection.marketplace).publisher
    return publisher.remove(_account(row, exchanges), row.remote_id, row.product, row.publication.memory)


def _account(row: SupersededImage, exchanges: list[dict[str, Any]]) -> Account:
    pace = Pace(row.connection)

    def before_call() -> None:
        pace()
        hold_on(row)

    def after_call(exchange: Exchange) -> None:
        exchanges.append(exchange_to_json(exchange))

    return replace(account_of(row.connection), before_call=before_call, after_call=after_call)


def _begun(row: SupersededImage) -> PublicationAttempt:
    """The entry of the activity; there from the beginning, so that a try that never ended is seen too."""
    tries = PublicationAttempt.unscoped.filter(publication=row.publication_id, task="remove")
    tries.filter(outcome="").update(outcome="lost", problem="The worker ended before this try did.")
    return PublicationAttempt.unscoped.create(
        organization_id=row.organization_id,
        publication_id=row.publication_id,
        task="remove",
        number=row.attempt,
        actor_id=row.asked_by_id,
    )


@transaction.atomic
def _settled(row: SupersededImage, removal: Removal) -> tuple[str, str]:
    """Outcome and remark of the try. Raises Lost."""
    if removal.why_left:
        _end(row, status=_Status.LEFT, note=removal.why_left[:500])
        return _Status.LEFT.value, removal.why_left
    _end(row, status=_Status.REMOVED, note="", removed_at=timezone.now())
    AuditEntry.unscoped.create(
        organization_id=row.organization_id,
        action="connection.image_removed",
        target_kind="connection",
        target_id=str(row.connection_id),
        details={
            "name": row.connection.name, "image": row.remote_id, "product": row.product,
            "publication": str(row.publication_id),
        },
        user_id=row.asked_by_id,
        credential="check",
    )  # fmt: skip
    return _Status.REMOVED.value, ""


def _stumbled(row: SupersededImage, error: MarketplaceError) -> tuple[str, str]:
    """What passes by itself is waited for, longer each time. Raises Lost."""
    if error.permanent or row.failures >= len(_WAITS):
        _end(row, status=_Status.LEFT, note=error.detail[:500])
        return _Status.LEFT.value, error.detail
    pause = timedelta(seconds=max(_WAITS[row.failures], error.retry_after or 0))
    _end(row, note=error.detail[:500], failures=row.failures + 1, not_before=timezone.now() + pause)
    return "queued", error.detail


def _end(row: SupersededImage, **changes: object) -> None:
    if not fenced(row).update(lease_until=None, **changes):
        raise Lost
