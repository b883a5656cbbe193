"""One publication: where it stands, before and after, every try; put the old image back, try again."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.publication_words import outcome_of, shop_kind, slot_words, state_of, task_words
from integrations.actions import publish as actions
from integrations.models import Publication
from integrations.queries import publications as queries
from processing.queries.library import library_images

_TRIES = 50
# Seconds until the page asks again: what waits for a marketplace, or for somebody's look, is not watched so closely.
_SOON, _LATER = 2, 15
_Status, _Task = Publication.Status, Publication.Task
_ARRIVED = (_Status.SUBMITTED, _Status.CONFIRMED, _Status.REVERTED)


@require_GET
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor, publication_id: uuid.UUID) -> HttpResponse:
    """The page; with htmx what changes while it is on its way."""
    row = queries.publication(actor, publication_id)
    part = "#live" if request.headers.get("HX-Target") == "publication" else ""
    return render(request, f"pages/publication.html{part}", _context(actor, row))


@require_POST
@member(Permission.PUBLISH_WRITE)
def revert(request: HttpRequest, actor: Actor, publication_id: uuid.UUID) -> HttpResponse:
    try:
        row = actions.revert(actor, publication_id=publication_id)
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        if row.status == _Status.REVERTED:
            messages.success(request, gettext("It was taken back before it was sent."))
    return redirect("publication", publication_id)


@require_POST
@member(Permission.PUBLISH_WRITE)
def again(request: HttpRequest, actor: Actor, publication_id: uuid.UUID) -> HttpResponse:
    reason = request.POST.get("override_reason", "")
    try:
        actions.again(actor, publication_id=publication_id, override_reason=reason)
    except (Conflict, InvalidInput) as error:
        row = queries.publication(actor, publication_id)
        context = _context(actor, row) | {"problem": error.detail, "reason": reason}
        return render(request, "pages/publication.html", context, status=error.status)
    return redirect("publication", publication_id)


def _context(actor: Actor, row: Publication) -> dict[str, Any]:
    tries = list(row.attempts.select_related("actor", "api_key").order_by("-pk")[:_TRIES])
    shown = row.before or {}
    sent = row.sent_image or row.image
    in_library = library_images(actor).filter(output_id=row.image_id).first() if row.image_id else None
    return {
        "row": row,
        "state": state_of(row),
        "place": slot_words(row.slot, row.variant),
        "kind": shop_kind(row),
        "sent": sent,
        "in_library": in_library,
        "was_empty": row.before is not None and not shown.get("image"),
        "old_url": (shown.get("image") or {}).get("url", ""),
        "shared": shown.get("shared_with") or 0,
        "tries": [
            {"row": each, "task": task_words(each), "outcome": outcome_of(each), "last": _last(each.exchanges)}
            for each in tries
        ],
        "again_after": _LATER if row.status == _Status.SUBMITTED or row.held or row.failures else _SOON,
        "can_go_back": _can_go_back(row),
        "can_try_again": row.status in (_Status.FAILED, _Status.REJECTED) and not row.connection.disconnected_at,
        "again_words": gettext("Publish it again") if row.task == _Task.RESTORE else gettext("Try again"),
        # The two refusals of ours that somebody may overrule.
        "wants_reason": (row.status == _Status.REJECTED and row.verdict == "fail")
        or any(each.get("code") == "old_image_unreadable" for each in row.issues),
        "sent_word": gettext("Published") if row.status in _ARRIVED else gettext("The image"),
    }


def _can_go_back(row: Publication) -> bool:
    """As the action sees it: nothing of it is offered that it would refuse."""
    if row.dry_run or row.sandbox or row.lease_until or row.connection.disconnected_at:
        return False
    if row.task == _Task.RESTORE and row.open:
        return False
    if row.before is None:
        return row.status == _Status.QUEUED
    return row.status not in (_Status.REVERTED, _Status.REJECTED)


def _last(exchanges: list[dict[str, Any]]) -> dict[str, Any] | None:
    return exchanges[-1] if exchanges else None
