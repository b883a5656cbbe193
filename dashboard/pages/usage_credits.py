"""Credits: the balance and the ledger behind it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.queries.budgets import standings
from accounts.queries.credits import balance
from accounts.queries.ledger import ledger, spent
from dashboard.access import member
from dashboard.listing import listing
from dashboard.pages.ledger_filters import KINDS, filters_of
from dashboard.pages.ledger_rows import ledger_rows
from processing.models import OPEN_STATUSES, Job
from processing.queries.stored_bytes import room

PAGE_SIZE = 50


@require_GET
@member(Permission.CREDITS_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the list alone."""
    filters = filters_of(request)
    shown = listing(request, ledger(actor, kind=filters.kind, since=filters.since, until=filters.until), size=PAGE_SIZE)
    today = datetime.now(UTC).date()
    context = {
        "balance": balance(actor),
        "unlimited": settings.CREDITS_UNLIMITED,
        "reserved": _reserved(actor),
        "spent": spent(actor, first=today.replace(day=1), last=today),
        "month": today,
        "balance_note": _balance_note(actor.organization.monthly_credits),
        "budgets": standings(actor),
        "room": room(actor),
        "plan": actor.organization.plan,
        "filters": filters,
        "kinds": KINDS,
        "listing": shown,
        "rows": ledger_rows(actor, shown.rows),
        "any_entry": bool(shown.rows) or ledger(actor).exists(),
        "csv_url": filters.address("usage_credits_csv"),
    }
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(
        request, f"pages/usage_credits.html{part}", context, status=400 if filters.errors and not part else 200
    )


def _balance_note(monthly: int) -> str:
    return (
        gettext("{monthly:,} come each month and end with it").format(monthly=monthly)
        if monthly
        else gettext("Can be spent now")
    )


def _reserved(actor: Actor) -> int:
    """Set aside for jobs that have not ended."""
    waiting = Job.objects.of(actor).filter(status__in=OPEN_STATUSES)
    return waiting.aggregate(sum=Sum("credits_reserved"))["sum"] or 0
