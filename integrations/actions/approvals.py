"""Deciding what waits for a second person, and setting in motion or ending what it was of, in one transaction."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.actions import approvals as ground
from accounts.actions import webhook_outbox
from accounts.models import Approval
from integrations.actions.publishing import settle
from integrations.actions.publishing.queue import send_after_commit, send_next
from integrations.models import Publication, PublishRun
from processing.actions.approve_job import refuse_job, release_job, waits

_Kind = Approval.Kind
_Status, _Run = Publication.Status, PublishRun.Status
WAITS = "It waits for a second person to approve it."


@transaction.atomic
def decide(actor: Actor, *, approval_id: uuid.UUID, approve: bool, comment: str = "") -> Approval:
    """Raises NotFound, NotPermitted, InvalidInput, Conflict."""
    row = ground.close(actor, approval_id=approval_id, approve=approve, comment=comment)
    if approve:
        _release(row)
    else:
        who = actor.user.display_name if actor.user else "Somebody"
        verb = "withdrawn" if row.status == Approval.Status.WITHDRAWN else "refused"
        _refuse(row, f"{who} has {verb} it" + (f": {row.comment}" if row.comment else "."))
    return row


def expire() -> None:
    """The keeper's part: what nobody has decided in time ends, and so does what waits no more."""
    now = timezone.now()
    pending = Approval.unscoped.filter(status=Approval.Status.PENDING).order_by("pk")
    for approval_id, expires_at, kind, target_id in pending.values_list("pk", "expires_at", "kind", "target_id")[:500]:
        if expires_at > now and _waits(_Kind(kind), target_id):
            continue
        with transaction.atomic():
            row = Approval.unscoped.select_for_update().filter(pk=approval_id, status=Approval.Status.PENDING).first()
            if row is not None:
                ground.expire(row)
                _refuse(row, "Nobody has approved it in time.")


def _waits(kind: Approval.Kind, target_id: uuid.UUID) -> bool:
    if kind == _Kind.JOB:
        return waits(target_id)
    if kind == _Kind.RUN:
        return PublishRun.unscoped.filter(pk=target_id, status=_Run.APPROVAL).exists()
    return Publication.unscoped.filter(pk=target_id, status=_Status.QUEUED, held=True).exists()


def _release(row: Approval) -> None:
    if row.kind == _Kind.JOB:
        release_job(row.target_id)
    elif row.kind == _Kind.RUN:
        _release_run(row.target_id)
    else:
        waiting = Publication.unscoped.select_for_update().filter(pk=row.target_id, status=_Status.QUEUED, held=True)
        for publication in waiting:
            publication.held, publication.note, publication.not_before = False, "", timezone.now()
            publication.save(update_fields=["held", "note", "not_before"])
            send_after_commit(publication)


def _release_run(run_id: uuid.UUID) -> None:
    run = PublishRun.unscoped.select_for_update().filter(pk=run_id, status=_Run.APPROVAL).first()
    if run is None:
        return
    run.status = _Run.FIRST if 0 < run.first < run.size else _Run.RUNNING
    run.resumed_at = timezone.now()
    run.save(update_fields=["status", "resumed_at"])
    waiting = Publication.unscoped.filter(run=run, status=_Status.QUEUED, held=True).order_by("pk")
    waiting.update(note="")
    going = waiting.values_list("pk", flat=True)[: run.first if run.status == _Run.FIRST else run.size]
    Publication.unscoped.filter(pk__in=list(going)).update(held=False, not_before=timezone.now())
    transaction.on_commit(lambda: send_next(run.connection_id))


def _refuse(row: Approval, why: str) -> None:
    if row.kind == _Kind.JOB:
        refuse_job(row.target_id, why=why)
        return
    if row.kind == _Kind.RUN:
        run = PublishRun.unscoped.select_for_update().filter(pk=row.target_id, status=_Run.APPROVAL).first()
        if run is None:
            return
        run.status, run.stopped_because, run.finished_at = _Run.STOPPED, why[:300], timezone.now()
        run.save(update_fields=["status", "stopped_because", "finished_at"])
        waiting = Publication.unscoped.filter(run=run)
    else:
        waiting = Publication.unscoped.filter(pk=row.target_id)
    issue = {"code": "not_approved", "detail": why, "severity": "error", "said": ""}
    for publication in waiting.select_for_update().filter(status=_Status.QUEUED, held=True).order_by("pk"):
        publication.status, publication.held, publication.note = _Status.REJECTED, False, ""
        publication.issues, publication.finished_at = [issue], timezone.now()
        publication.save(update_fields=["status", "held", "note", "issues", "finished_at"])
        data = settle.event_data(publication)
        webhook_outbox.write(publication.organization_id, "publication.rejected", partial(dict, data))
