"""A publish run: how far it is, the first ones to look at, what failed; go on, stop, put everything back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict
from dashboard.access import member
from dashboard.listing import asked, listing
from dashboard.publication_words import STATES, run_state, slot_words, state_of
from integrations.actions import runs
from integrations.models import Publication, PublishRun
from integrations.queries import publications as queries
from integrations.queries.publications import PublicationFilter

PAGE_SIZE = 50
_Status = Publication.Status
_ENDED = (_Status.CONFIRMED, _Status.REJECTED, _Status.FAILED, _Status.REVERTED)
_Run = PublishRun.Status
_LIVE = (_Run.FIRST, _Run.RUNNING, _Run.REVERTING)


@require_GET
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor, run_id: uuid.UUID) -> HttpResponse:
    """The page; with htmx its head while it goes on, or the list alone."""
    run = queries.run(actor, run_id)
    target = request.headers.get("HX-Target", "")
    if target == "run-list":
        return render(request, "pages/publish_run.html#list", _list(request, actor, run))
    if target == "run-live":
        head = _head(actor, run)
        response = render(request, "pages/publish_run.html#live", head)
        if request.GET.get("seen") != str(head["ended"]) or not head["live"]:
            response["HX-Trigger"] = "run-changed"  # the list asks for itself anew
        return response
    return render(request, "pages/publish_run.html", _head(actor, run) | _list(request, actor, run))


@require_POST
@member(Permission.PUBLISH_WRITE)
def go_on(request: HttpRequest, actor: Actor, run_id: uuid.UUID) -> HttpResponse:
    return _done(request, run_id, lambda: runs.go_on(actor, run_id=run_id), gettext("The rest goes out."))


@require_POST
@member(Permission.PUBLISH_WRITE)
def stop(request: HttpRequest, actor: Actor, run_id: uuid.UUID) -> HttpResponse:
    return _done(request, run_id, lambda: runs.stop(actor, run_id=run_id), gettext("The run is stopped."))


@require_POST
@member(Permission.PUBLISH_WRITE)
def revert(request: HttpRequest, actor: Actor, run_id: uuid.UUID) -> HttpResponse:
    words = gettext("The old images go back into their places.")
    return _done(request, run_id, lambda: runs.revert_all(actor, run_id=run_id), words)


def _done(request: HttpRequest, run_id: uuid.UUID, do: Callable[[], object], words: str) -> HttpResponse:
    try:
        do()
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, words)
    return redirect("publish_run", run_id)


def _head(actor: Actor, run: PublishRun) -> dict[str, Any]:
    found = queries.publications(actor, PublicationFilter(run=str(run.pk)))
    counts = {row["status"]: row["n"] for row in found.order_by().values("status").annotate(n=Count("pk"))}
    ended = sum(counts.get(status, 0) for status in _ENDED)
    failed = found.filter(status__in=(_Status.FAILED, _Status.REJECTED))
    return {
        "run": run,
        "state": run_state(run),
        "live": run.status in _LIVE,
        "offers": _offers(run, found),
        "ended": ended,
        "figures": [(words, counts.get(status, 0), status) for status, words in STATES if counts.get(status)],
        "first": [_shown(row) for row in found.order_by("pk")[: run.first]],
        "failures": [_shown(row) for row in failed[:20]],
        "failure_count": counts.get(_Status.FAILED, 0) + counts.get(_Status.REJECTED, 0),
    }


def _offers(run: PublishRun, found: QuerySet[Publication]) -> dict[str, bool]:
    """What the actions would not refuse, as it stands now."""
    connected = run.connection.disconnected_at is None
    tried = found.filter(Q(dry_run=True) | Q(sandbox=True)).exists()
    return {
        "go_on": connected and run.finished_at is None and run.status in (_Run.FIRST, _Run.WAITING, _Run.STOPPED),
        "stop": run.status in (_Run.FIRST, _Run.WAITING, _Run.RUNNING),
        "revert": connected and not tried and run.status not in (_Run.REVERTING, _Run.REVERTED),
    }


def _list(request: HttpRequest, actor: Actor, run: PublishRun) -> dict[str, Any]:
    typed = asked(request, "state")
    state = typed["state"] if typed["state"] in _Status.values else ""
    found = queries.publications(actor, PublicationFilter(run=str(run.pk), state=state))
    shown = listing(request, found, size=PAGE_SIZE)
    return {
        "run": run,
        "listing": shown,
        "rows": [_shown(row) for row in shown.rows],
        "wanted": state,
        "states": STATES,
    }


def _shown(row: Publication) -> dict[str, Any]:
    return {"row": row, "state": state_of(row), "place": slot_words(row.slot, row.variant)}
