"""Publications: publish an image, try a failed one again, put the old image back. Workers do it, see publishing/."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import approvals, audit
from accounts.kit.errors import Conflict, NotFound
from accounts.models import Approval
from integrations.actions import ours
from integrations.actions.approvals import WAITS
from integrations.actions.publishing import kept
from integrations.actions.publishing.queue import send_after_commit
from integrations.actions.publishing.request import ComplianceFailed, Wanted, clean_reason, details, prepared, shop
from integrations.models import Publication
from integrations.queries import publications as queries

__all__ = ["ComplianceFailed", "Wanted", "again", "publish", "revert"]

_Status, _Task = Publication.Status, Publication.Task


def publish(actor: Actor, *, wanted: Wanted) -> Publication:
    """Queued; what the shop says to it is in the row later.

    An image that nobody has judged yet is judged by the worker, which refuses it before anything is sent. Raises
    NotFound, InvalidInput, ComplianceFailed, and Conflict while another publication for this place is open.
    """
    row = prepared(actor, shop(actor, wanted.connection_id), wanted)
    assert row.image is not None
    try:
        with transaction.atomic():
            row.sent_image = kept.hold(row.image)
            row.held = not row.dry_run and approvals.needed_to_publish(actor)
            row.note = WAITS if row.held else ""
            row.save(force_insert=True)
            _ask(actor, row)
            audit.record(actor, "publication.made", target_kind="publication", target_id=row.pk, details=details(row))
            _note_override(actor, row)
            send_after_commit(row)
    except IntegrityError:
        raise _occupied(row) from None
    return row


def again(actor: Actor, *, publication_id: uuid.UUID, override_reason: str = "") -> Publication:
    """A failed or rejected one once more, with the same image. Raises NotFound, InvalidInput, Conflict."""
    actor.require(Permission.PUBLISH_WRITE)
    reason = clean_reason(override_reason)
    seen = queries.publication(actor, publication_id, needs=Permission.PUBLISH_WRITE)
    shop(actor, seen.connection_id)
    try:
        with transaction.atomic():
            row = _locked(actor, publication_id)
            if row.status not in (_Status.FAILED, _Status.REJECTED):
                raise Conflict(gettext("Only a failed or rejected publication can be tried again."))
            if row.sent_image_id is None:
                raise Conflict(gettext("Its image is not kept any more. Publish the image anew."))
            if row.status == _Status.REJECTED or not row.memory:
                _forget(row)
            row.status, row.task, row.verdict = _Status.QUEUED, _Task.PUBLISH, ""
            row.override_reason = reason or row.override_reason
            row.held = not row.dry_run and approvals.needed_to_publish(actor)
            row.issues, row.note, row.finished_at = [], WAITS if row.held else "", None
            _ask(actor, row)
            _requeue(row, "task", "verdict", "override_reason", "issues", "note", "finished_at", "held")
            audit.record(
                actor, "publication.sent_again", target_kind="publication", target_id=row.pk, details=details(row)
            )
            if reason:
                _note_override(actor, row)
    except IntegrityError:
        raise _occupied(seen) from None
    return row


def revert(actor: Actor, *, publication_id: uuid.UUID) -> Publication:
    """Has the old image put back; one that was never sent is ended. Raises NotFound, Conflict."""
    actor.require(Permission.PUBLISH_WRITE)
    seen = queries.publication(actor, publication_id, needs=Permission.PUBLISH_WRITE)
    if seen.connection.disconnected_at is not None:
        raise Conflict(gettext("The shop was disconnected. Connect it again to change images in it."))
    try:
        with transaction.atomic():
            row = _locked(actor, publication_id)
            put_back(actor, row)
            audit.record(
                actor, "publication.reverted", target_kind="publication", target_id=row.pk, details=details(row)
            )
    except IntegrityError:
        raise _occupied(seen) from None
    return row


def put_back(actor: Actor, row: Publication) -> None:
    """The caller holds the row's lock and the transaction. Raises Conflict where there is nothing to put back."""
    if row.dry_run or row.sandbox:
        raise Conflict(gettext("Nothing was sent to the shop, so there is nothing to put back."))
    if row.status == _Status.REVERTED:
        raise Conflict(gettext("The old image was put back already."))
    if row.lease_until is not None:
        raise Conflict(gettext("It is being sent at this moment. Try again when that has ended."))
    if row.open and row.task == _Task.RESTORE:
        raise Conflict(gettext("The old image is being put back already."))
    row.reverted_by, row.reverted_key = actor.user, actor.api_key
    if row.before is None:
        if row.status != _Status.QUEUED:
            raise Conflict(gettext("Nothing was changed in the shop, so there is nothing to put back."))
        row.status, row.note, row.finished_at = (
            _Status.REVERTED,
            "It was taken back before it was sent.",
            timezone.now(),
        )
        row.reverted_at = row.finished_at
        row.save(update_fields=["status", "note", "finished_at", "reverted_at", "reverted_by", "reverted_key"])
        return
    if row.status == _Status.REJECTED:
        raise Conflict(gettext("The shop did not take the image, so the old one is still there."))
    # One that waited for another try has failed, should the old image not come back.
    row.was = _Status.FAILED if row.status == _Status.QUEUED else row.status
    row.status, row.task, row.held = _Status.QUEUED, _Task.RESTORE, False
    row.issues, row.note, row.submitted_at = [], "", None
    _requeue(row, "submitted_at", "was", "task", "held", "issues", "note", "reverted_by", "reverted_key")
    ours.refresh_after(row)


def _requeue(row: Publication, *changed: str) -> None:
    row.failures, row.not_before = 0, timezone.now()
    row.save(update_fields=["status", "failures", "not_before", *changed])
    send_after_commit(row)


def _forget(row: Publication) -> None:
    """Nothing of it is in the shop: the next try begins with what is there then."""
    kept.let_go(row.old_image)
    row.memory, row.before, row.old_image, row.remote_id = {}, None, None, ""
    row.save(update_fields=["memory", "before", "old_image", "remote_id"])


def _locked(actor: Actor, publication_id: uuid.UUID) -> Publication:
    found = Publication.objects.of(actor).select_for_update(of=("self",)).filter(pk=publication_id)
    row = found.select_related("old_image", "connection").first()
    if row is None:
        raise NotFound(gettext("There is no such publication."))
    return row


def _ask(actor: Actor, row: Publication) -> None:
    if row.held:
        into = f"{row.filename} to {row.title or row.product}, {row.slot}, in {row.connection.name}"
        approvals.ask(actor, kind=Approval.Kind.PUBLICATION, target_id=row.pk, title=into, images=1)


def _note_override(actor: Actor, row: Publication) -> None:
    if row.override_reason:
        told = {**details(row), "reason": row.override_reason, "verdict": row.verdict}
        audit.record(actor, "publication.overridden", target_kind="publication", target_id=row.pk, details=told)


def _occupied(row: Publication) -> Conflict:
    return Conflict(
        gettext("Another image is on its way to this place of {title}. Wait for it to end.").format(
            title=row.title or gettext("this product")
        ),
        field="slot",
    )
