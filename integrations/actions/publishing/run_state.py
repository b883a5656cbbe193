"""How a run stands, told by its publications: it waits for a look, stops by itself, ends.

Asked after each publication of it and by the sweeper; whoever asks gets the same answer.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.utils import timezone

from integrations.actions.publishing.queue import send_next
from integrations.actions.run_mail import tell_starter
from integrations.models import Publication, PublishRun

_Run = PublishRun.Status
_Status, _Task = Publication.Status, Publication.Task
_FAILED = (_Status.FAILED, _Status.REJECTED)
_ENDED = (_Status.CONFIRMED, _Status.REJECTED, _Status.FAILED)
# Of how many of the last ones the share of failures is taken, and from how many on it says something.
_WINDOW, _LEAST = 20, 5
_MOVING = (_Run.FIRST, _Run.RUNNING, _Run.REVERTING)


@transaction.atomic
def look(run_id: uuid.UUID) -> None:
    found = PublishRun.unscoped.select_for_update(of=("self",)).filter(pk=run_id, status__in=_MOVING)
    run = found.select_related("connection").first()
    if run is None:
        return
    if run.status == _Run.REVERTING:
        put_back(run)
        if not _of(run).filter(status__in=Publication.OPEN).exists():
            _end(run, _Run.REVERTED)
    elif reason := _why_stop(run):
        stop(run, reason)
        tell_starter(run)
    elif run.status == _Run.FIRST:
        if not _of(run).filter(status__in=(_Status.QUEUED, _Status.SENDING), held=False).exists():
            run.status = _Run.WAITING
            run.save(update_fields=["status"])
            tell_starter(run)
    elif not _of(run).filter(status__in=Publication.OPEN).exists():
        _end(run, _Run.FINISHED)


def sweep() -> None:
    """What a worker that died has not asked any more."""
    for run_id in list(PublishRun.unscoped.filter(status__in=_MOVING).values_list("pk", flat=True)[:200]):
        look(run_id)


def stop(run: PublishRun, reason: str) -> None:
    """The caller holds the run's lock. What is at the shop already ends there; the rest is held."""
    run.status, run.stopped_because = _Run.STOPPED, reason[:300]
    run.save(update_fields=["status", "stopped_because"])
    _locked(run, status=_Status.QUEUED, task=_Task.PUBLISH, lease_until=None).update(held=True)


def release(run: PublishRun) -> None:
    """The caller holds the run's lock: the rest goes out."""
    _locked(run, held=True).update(held=False, not_before=timezone.now())
    transaction.on_commit(lambda: send_next(run.connection_id))


def put_back(run: PublishRun) -> None:
    """The caller holds the run's lock. What was never sent is ended; what was sent is asked back, once."""
    now = timezone.now()
    asked: dict[str, Any] = {"reverted_by": run.reverted_by_id, "held": False, "issues": []}
    _locked(run, status=_Status.QUEUED, task=_Task.PUBLISH, lease_until=None, before__isnull=True).update(
        status=_Status.REVERTED, note="It was taken back before it was sent.", finished_at=now, reverted_at=now, **asked
    )
    there = _locked(run, lease_until=None, before__isnull=False).exclude(task=_Task.RESTORE)
    there = there.exclude(status__in=(_Status.REJECTED, _Status.REVERTED)).exclude(_occupied())
    if there.update(
        # One that waited for another try has failed, should the old image not come back.
        was=Case(When(status=_Status.QUEUED, then=Value(_Status.FAILED.value)), default=F("status")),
        status=_Status.QUEUED,
        task=_Task.RESTORE,
        failures=0,
        submitted_at=None,
        not_before=now,
        note="",
        **asked,
    ):
        transaction.on_commit(lambda: send_next(run.connection_id))


def _why_stop(run: PublishRun) -> str:
    if run.connection.broken:
        return f"{run.connection.name} does not let us in any more."
    ended = _of(run).filter(status__in=_ENDED, finished_at__gte=run.resumed_at).order_by("-finished_at")
    states = list(ended.values_list("status", flat=True)[:_WINDOW])
    failed = sum(state in _FAILED for state in states)
    if len(states) < min(_LEAST, run.size) or failed * 100 <= run.most_failures * len(states):
        return ""
    return f"Of the last {len(states)} images {failed} were refused or failed."


def _occupied() -> Exists:
    """Another image is on its way to the same place by now: that one is not to be overtaken."""
    other = Publication.unscoped.filter(
        connection=OuterRef("connection"), product=OuterRef("product"), variant=OuterRef("variant"),
        slot=OuterRef("slot"), status__in=Publication.OPEN, dry_run=False, sandbox=False,
    )  # fmt: skip
    return Exists(other.exclude(pk=OuterRef("pk")))


def _of(run: PublishRun) -> QuerySet[Publication]:
    return Publication.unscoped.filter(run=run)


def _locked(run: PublishRun, **which: object) -> QuerySet[Publication]:
    """In the order in which everybody locks them."""
    found = _of(run).filter(**which)
    return Publication.unscoped.filter(
        pk__in=list(found.select_for_update().order_by("pk").values_list("pk", flat=True))
    )


def _end(run: PublishRun, status: str) -> None:
    run.status, run.finished_at = _Run(status), timezone.now()
    run.save(update_fields=["status", "finished_at"])
