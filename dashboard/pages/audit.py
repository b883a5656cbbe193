"""The audit log: who did what, to what, from where, with which credential."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.audit_words import CHOICES
from dashboard.listing import listing
from dashboard.pages.audit_rows import AuditRow, filters_of

PAGE_SIZE = 50


@require_GET
@member(Permission.AUDIT_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the list alone."""
    filters = filters_of(request)
    shown = listing(request, filters.entries(actor), size=PAGE_SIZE)
    context = {
        "filters": filters,
        "errors": filters.days.errors,
        "choices": CHOICES,
        "listing": shown,
        "rows": [AuditRow(entry) for entry in shown.rows],
        "csv_url": filters.address("audit_csv"),
    }
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/audit.html{part}", context, status=400 if filters.days.errors and not part else 200)
