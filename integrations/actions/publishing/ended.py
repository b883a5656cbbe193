"""Publications that end because their shop is not connected any more."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from integrations.models import Connection, Publication, PublishRun

_Status = Publication.Status


def end_all(row: Connection) -> None:
    """In the transaction that disconnects it. What is being sent at this moment ends by itself, at its next call."""
    waiting = Publication.unscoped.filter(connection=row, status__in=Publication.OPEN, lease_until=None)
    issue = {"code": "disconnected", "detail": "The shop was disconnected.", "severity": "error", "said": ""}
    ended = {"issues": [issue], "finished_at": timezone.now(), "held": False}
    waiting.filter(task=Publication.Task.RESTORE).exclude(was="").update(status=F("was"), **ended)
    waiting.update(status=_Status.FAILED, **ended)
    PublishRun.unscoped.filter(connection=row, finished_at=None).update(
        status=PublishRun.Status.STOPPED, stopped_because="The shop was disconnected.", finished_at=timezone.now()
    )
