"""The end of a turn: the publication's state, its event and the catalog in one transaction, under the turn's fence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.actions import webhook_outbox
from accounts.kit import metrics, shared_clock
from integrations.actions import ours
from integrations.actions.catalog_rows import show_images
from integrations.actions.publishing.claim import lock
from integrations.actions.publishing.stored import issues_to_json
from integrations.actions.superseded.find import find
from integrations.models import Publication
from integrations.publishing import Issue, Outcome, Sent

_Status, _Task = Publication.Status, Publication.Task
# Amazon may take a day, and sometimes two.
_FOLLOWED_FOR = timedelta(hours=72)
_NOT_SHOWN = Issue("not_shown", "The shop has accepted the image, and still shows another one after three days.")
_LONGEST_PAUSE = 3600
_AFTER_RESTORE = timedelta(minutes=1)
_CHANGED = (
    "status", "task", "issues", "note", "remote_id", "remote_url", "finished_at", "reverted_at", "failures",
    "lease_until", "not_before", "sent_at", "submitted_at",
)  # fmt: skip


def settle(row: Publication, sent: Sent) -> None:
    """After an answer of the publisher. Raises Lost."""
    with transaction.atomic():
        lock(row)
        row.issues, row.failures = issues_to_json(sent.issues), 0
        if sent.note or sent.outcome != Outcome.SUBMITTED:
            row.note = sent.note[:500]
        row.remote_url = sent.url or row.remote_url
        restoring, ended = row.task == _Task.RESTORE, False
        if sent.image and not restoring:
            row.remote_id = sent.image.remote_id[:200]
        if sent.outcome == Outcome.SUBMITTED:
            _follow(row, sent)
        elif sent.outcome == Outcome.REJECTED:
            row.note = row.note or ("The old image was not put back." if restoring else "")
            _not_done(row, _Status.REJECTED)
        else:
            _end(row, _Status.REVERTED if restoring else _Status.CONFIRMED)
            if not row.dry_run and not row.sandbox:
                emptied = restoring and not (row.before or {}).get("image")
                show_images(row.connection_id, row.place, sent.image, sent.gallery, emptied=emptied)
                ended = True
        row.save(update_fields=_CHANGED)
        ours.refresh_after(row)
        if ended:
            find(row.connection, product=row.product)


def refuse(row: Publication, issues: Iterable[Issue], note: str) -> None:
    """By us: nothing was sent. Raises Lost."""
    settle(row, Sent(Outcome.REJECTED, issues=tuple(issues), note=note))


def fail(row: Publication, issue: Issue) -> None:
    """It will not work by itself. What asked for the old image leaves the publication as it was. Raises Lost."""
    with transaction.atomic():
        lock(row)
        row.issues = issues_to_json([issue])
        row.note = "The old image could not be put back." if row.task == _Task.RESTORE else ""
        _not_done(row, _Status.FAILED)
        row.save(update_fields=_CHANGED)
        ours.refresh_after(row)


def wait(row: Publication, pause: timedelta, issue: Issue | None = None) -> None:
    """Puts it back for a later turn; with an issue that is one failure more. Raises Lost."""
    if row.task == _Task.FOLLOW and row.submitted_at and shared_clock.now() - row.submitted_at >= _FOLLOWED_FOR:
        fail(row, issue or _NOT_SHOWN)
        return
    with transaction.atomic():
        lock(row)
        if issue is not None:
            row.issues = issues_to_json([issue])
            row.failures += 1
        if row.status == _Status.SENDING:
            row.status = _Status.QUEUED
        _put_back(row, pause)
        row.save(update_fields=_CHANGED)


def event_data(row: Publication) -> dict[str, Any]:
    """The data of `publication.confirmed`, `publication.rejected` and `publication.failed`."""
    return {
        "publicationId": row.pk,
        "status": row.status,
        "issues": row.issues,
        "remoteUrl": row.remote_url or None,
    }


def _follow(row: Publication, sent: Sent) -> None:
    now = shared_clock.now()
    if row.task == _Task.PUBLISH:
        row.task, row.finished_at = _Task.FOLLOW, None
    row.status = _Status.SUBMITTED
    row.submitted_at = row.submitted_at or now
    since = now - row.submitted_at
    if since >= _FOLLOWED_FOR:
        row.issues = issues_to_json([*sent.issues, _NOT_SHOWN])
        _not_done(row, _Status.FAILED)
        return
    _put_back(row, timedelta(seconds=max(sent.check_after, min(_LONGEST_PAUSE, since.total_seconds() / 4))))


def _not_done(row: Publication, status: str) -> None:
    """What asked for the old image in vain is what it was before; what was not shown yet is followed again."""
    if row.task != _Task.RESTORE:
        _end(row, status)
    elif row.was == _Status.SUBMITTED:
        row.status, row.task, row.submitted_at = _Status.SUBMITTED, _Task.FOLLOW, None
        _put_back(row, _AFTER_RESTORE)
    else:
        _end(row, row.was or _Status.CONFIRMED)


def _put_back(row: Publication, pause: timedelta) -> None:
    now = shared_clock.now()
    row.lease_until, row.not_before, row.sent_at = None, now + pause, now


def _end(row: Publication, status: str) -> None:
    row.status, row.lease_until, row.finished_at = Publication.Status(status), None, shared_clock.now()
    row.submitted_at = None
    transaction.on_commit(lambda: metrics.PUBLICATIONS.labels(row.connection.marketplace, status).inc())
    if row.task == _Task.RESTORE:
        if status == _Status.REVERTED:
            row.reverted_at = row.finished_at
        return
    if not row.dry_run and status in (_Status.CONFIRMED, _Status.REJECTED, _Status.FAILED):
        webhook_outbox.write(row.organization_id, f"publication.{status}", lambda: event_data(row))
