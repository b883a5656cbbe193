"""One turn of a worker with a publication: judge, read what is there, send or follow or put back, say how it went."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.kit.errors import PackshotError
from integrations import registry
from integrations.actions.account import account_of
from integrations.actions.health import note_broken
from integrations.actions.pace import Pace, quiet_ends
from integrations.actions.publishing import before, judging, settle
from integrations.actions.publishing.claim import Lost, RowMemory, claim, hold_on
from integrations.actions.publishing.picture import new_picture, old_picture
from integrations.actions.publishing.queue import send_next
from integrations.actions.publishing.run_state import look
from integrations.actions.publishing.stored import issue_of, shown_from_json
from integrations.actions.publishing.tries import Try
from integrations.base import Account, Blame, MarketplaceError
from integrations.models import Connection, Publication
from integrations.publishing import Issue, Outcome, Picture, Publisher, Sent, Shown

log = structlog.get_logger(__name__)

_Task = Publication.Task
_WAITS = (5, 15, 60, 120, 300, 600, 900)
SANDBOX_NOTE = "This was a test key: everything was checked, and nothing was sent to the shop."
DRY_NOTE = "A dry run: nothing was changed in the shop."


def work(publication_id: uuid.UUID) -> None:
    """Harmless where another one works on it, or nothing is due."""
    row = claim(publication_id)
    if row is None:
        return
    try:
        _turn(row)
    except Lost:
        log.info("publication_lost", publication=str(row.pk), attempt=row.attempt)
    if row.run_id is not None:
        look(row.run_id)
    send_next(row.connection_id)


def _turn(row: Publication) -> None:
    now = timezone.now()
    ends = quiet_ends(row.connection, now)
    if row.connection.disconnected_at is not None:
        settle.fail(row, Issue("disconnected", "The shop was disconnected."))
        return
    if row.failures > len(_WAITS) and row.task != _Task.FOLLOW:
        settle.fail(
            row, Issue("given_up", "It was begun again and again and never came to an end, so it was given up.")
        )
        return
    if ends is not None:
        settle.wait(row, ends - now)
        return
    one = Try(row)
    try:
        _step(row, one)
    except MarketplaceError as error:
        _stumble(row, error)
    except PackshotError as error:
        _stumble(row, MarketplaceError(error.code, error.detail, blame=Blame.US, permanent=not error.retryable))
    finally:
        one.end(row)


def _step(row: Publication, one: Try) -> None:
    picture = new_picture(row)
    if row.task == _Task.RESTORE:
        account = _account(row, one)
        settle.settle(row, _restore(row, _publisher(row), account))
        return
    if picture is None:
        settle.fail(row, Issue("image_gone", "The image is not kept here any more. Publish it anew."))
        return
    if row.task == _Task.FOLLOW:
        settle.settle(row, _publisher(row).follow(_account(row, one), row.place, picture, RowMemory(row)))
        return
    if not _allowed(row):
        return
    if row.sandbox:
        settle.settle(row, Sent(Outcome.CONFIRMED, note=SANDBOX_NOTE))
        return
    settle.settle(row, _publish(row, picture, _publisher(row), _account(row, one)))


def _allowed(row: Publication) -> bool:
    """Whether the check before lets it pass; otherwise the publication has ended."""
    if row.verdict in ("pass", "warn") or (row.verdict and row.override_reason):
        return True
    assert row.sent_image is not None
    found = judging.judge(row, row.sent_image)
    row.verdict = found.verdict
    hold_on(row)
    Publication.unscoped.filter(pk=row.pk, attempt=row.attempt).update(verdict=found.verdict)
    if found.verdict != "fail" or row.override_reason:
        return True
    settle.refuse(
        row,
        found.issues,
        "The image breaks a required rule of the marketplace, so it was not sent. Mend it, or try again with a reason.",
    )
    return False


def _publish(row: Publication, picture: Picture, publisher: Publisher, account: Account) -> Sent:
    if row.dry_run:
        return _dry_run(row, picture, publisher, account)
    if row.before is None:
        shown = publisher.shown(account, row.place)
        if _is_there(row, shown):
            assert shown.image is not None
            RowMemory(row).keep({"shows": shown.image.url})
            note = "The shop shows this very image already, so nothing was sent."
            return Sent(Outcome.CONFIRMED, image=shown.image, note=note)
        if publisher.capabilities(account).changes_files:
            shown = before.with_users(row, shown)
        before.remember(row, shown)
    assert row.before is not None
    sent = publisher.publish(account, row.place, picture, shown_from_json(row.before), RowMemory(row))
    return sent if sent.note or not row.note else replace(sent, note=row.note)


def _dry_run(row: Publication, picture: Picture, publisher: Publisher, account: Account) -> Sent:
    shown = publisher.shown(account, row.place)
    if not publisher.capabilities(account).dry_run:
        return Sent(Outcome.CONFIRMED, image=shown.image, note=f"{DRY_NOTE} The product and the place are there.")
    sent = publisher.preview(account, row.place, picture)
    outcome = Outcome.REJECTED if sent.outcome == Outcome.REJECTED else Outcome.CONFIRMED
    return replace(sent, outcome=outcome, note=sent.note or DRY_NOTE)


def _is_there(row: Publication, shown: Shown) -> bool:
    """Whether the last one that we put there is this image, and still there: a second click, hours later."""
    if shown.image is None:
        return False
    same = Publication.unscoped.filter(
        connection=row.connection_id, product=row.product, variant=row.variant, slot=row.slot, dry_run=False,
        sandbox=False, status=Publication.Status.CONFIRMED,
    )  # fmt: skip
    last = same.order_by("-finished_at").values_list("sha256", "remote_id", "memory").first()
    if last is None or last[:2] != (row.sha256, shown.image.remote_id):
        return False
    # Where a file keeps its id when its bytes change, its address tells whether somebody has changed them.
    return bool(last[2].get("shows", shown.image.url) == shown.image.url)


def _restore(row: Publication, publisher: Publisher, account: Account) -> Sent:
    assert row.before is not None
    return publisher.restore(account, row.place, shown_from_json(row.before), old_picture(row), RowMemory(row))


def _publisher(row: Publication) -> Publisher:
    return registry.find(row.connection.marketplace).publisher


def _account(row: Publication, one: Try) -> Account:
    pace = Pace(row.connection)

    def before_call() -> None:
        pace()
        hold_on(row)

    return replace(account_of(row.connection), before_call=before_call, after_call=one.note)


def _stumble(row: Publication, error: MarketplaceError) -> None:
    """What passes by itself is waited for, longer each time; the rest ends the publication. What the shop has taken
    already is asked about for as long as it may take to show it."""
    if not error.permanent and (row.failures < len(_WAITS) or row.task == _Task.FOLLOW):
        pause = _WAITS[min(row.failures, len(_WAITS) - 1)]
        settle.wait(row, timedelta(seconds=max(pause, error.retry_after or 0)), issue_of(error))
        return
    settle.fail(row, issue_of(error))
    if error.permanent and error.blame == Blame.CREDENTIALS:
        with transaction.atomic():
            note_broken(Connection.unscoped.select_for_update(no_key=True).get(pk=row.connection_id), error)
