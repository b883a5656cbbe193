"""Usage of the API: figures, charts and tables over some days, from day rows alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.queries.usage import Usage, any_usage, endpoints_and_labels, usage
from dashboard.access import member
from dashboard.pages.usage_charts import charts
from dashboard.pages.usage_figures import stats
from dashboard.pages.usage_filters import DASHBOARD_KEY, NO_LABEL, Filters, filters_of
from dashboard.pages.usage_tables import day_table, endpoint_table, key_table, label_table
from dashboard.period import CHOICES

# As many stand on the page in a table too; of more it is fetched when it is opened.
_FEW_DAYS = 31


@require_GET
@member(Permission.CREDITS_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx what the filters change alone."""
    filters = filters_of(request, actor)
    found = usage(actor, filters.wanted)
    days_asked = request.GET.get("table") == "days"
    days_shown = days_asked or filters.wanted.days <= _FEW_DAYS
    context = {
        "filters": filters,
        "period": filters.period,
        "choices": CHOICES,
        "any_usage": bool(found.days) or any_usage(actor),
        "options": _options(actor, filters, found),
        "chips": _chips(filters),
        "stats": stats(found),
        "charts": charts(found, filters.wanted),
        "any_day": any(of.calls or of.credits for of in found.days.values()),
        "days": day_table(found, filters) if days_shown else [],
        "days_shown": days_shown,
        "days_asked": days_asked,
        "days_url": filters.address(table="days"),
        "tables": [key_table(found, filters), endpoint_table(found, filters), label_table(found, filters)],
        "limit": settings.RATE_LIMIT_KEY_PER_MINUTE,
        "csv_url": filters.address(route="usage_csv"),
        "before_last": filters.wanted.first - timedelta(days=1),
    }
    part = "#changed" if request.headers.get("HX-Request") else ""
    if request.headers.get("HX-Target") == "usage-days":
        part = "#days"
    # A part is put in its place only with a good status; what is wrong stands in it.
    return render(
        request, f"pages/usage.html{part}", context, status=400 if filters.period.errors and not part else 200
    )


def _options(actor: Actor, filters: Filters, found: Usage) -> dict[str, Any]:
    """What can be chosen: every key, and the endpoints and labels that the chosen days have."""
    wanted, given = filters.wanted, filters.given
    narrowed = {"key", "endpoint", "label"} & given.keys()
    endpoints, labels = (
        endpoints_and_labels(actor, wanted.first, wanted.last) if narrowed else (found.endpoints, found.labels)
    )
    keys = [(str(key.pk), f"{key.prefix}… {key.name}") for key in reversed(filters.api_keys.values())]
    return {
        "keys": [(DASHBOARD_KEY, gettext("Dashboard")), *keys],
        "endpoints": sorted({*endpoints, given.get("endpoint", "")} - {""}),
        "labels": sorted({*labels, given.get("label", "")} - {"", NO_LABEL}),
    }


def _chips(filters: Filters) -> list[dict[str, str]]:
    """The filters that are on, each with the address of the page without it."""
    words = dict(filters.given)
    if filters.wanted.key is not None:
        key = filters.api_keys.get(filters.wanted.key)
        words["key"] = f"{key.prefix}…" if key else gettext("Dashboard")
    if words.get("label") == NO_LABEL:
        words["label"] = gettext("No label")
    return [{"name": name, "words": text, "url": filters.address(without=name)} for name, text in words.items()]
