"""The first page: signed out, what the product is; signed in, what needs me, today's work, the last 30 days."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.queries.api_keys import api_keys
from accounts.queries.approvals import to_decide
from accounts.queries.credits import balance
from dashboard.access import everyone, lead_to_two_factor
from dashboard.publication_words import run_state
from dashboard.session import actor_of, closed_organization
from integrations.queries.connections import broken_connections
from integrations.queries.publishing_needs import failed_publications, waiting_runs
from processing.models import StudioPhoto
from processing.queries.presets import own_presets
from processing.queries.usage import Day, failed_lately, images_by_day, todays_images, waits_for_review

LOW_CREDITS = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart, in the units of its view box (x, height of 100)."""

    x: int
    height: float
    day: Day


@everyone
def page(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    if actor is None and closed_organization(request):
        return lead_to_two_factor(request)
    if actor is None:
        return render(request, "pages/home_signed_out.html", {"sign_up_open": settings.SIGN_UP_OPEN})
    days = images_by_day(actor)
    total = sum(day.images for day in days)
    credits_left = balance(actor)
    may_publish = actor.may(Permission.PUBLISH_WRITE)
    context = {
        "failed": failed_lately(actor),
        "to_approve": to_decide(actor),
        "broken": broken_connections(actor)[:5] if actor.may(Permission.CATALOG_READ) else [],
        "to_review": waits_for_review(actor),
        "unpublished": failed_publications(actor) if may_publish else [],
        "runs": [{"run": run, "state": run_state(run)} for run in waiting_runs(actor)] if may_publish else [],
        "low_credits": credits_left < LOW_CREDITS,
        "credits_left": credits_left,
        "today": todays_images(actor),
        "bars": _bars(days),
        "most": max(day.images for day in days),
        "first_day": days[0].day,
        "total": total,
        "steps": [] if total else _first_steps(actor),
    }
    return render(request, "pages/home.html", context)


def _bars(days: list[Day]) -> list[Bar]:
    most = max(max(day.images for day in days), 1)
    return [Bar(10 * index, round(100 * day.images / most, 1), day) for index, day in enumerate(days)]


def _first_steps(actor: Actor) -> list[dict[str, object]]:
    """Three next steps of a new organization, those done marked."""
    return [
        {
            "title": gettext("Drop your first photos"),
            "text": gettext("JPEG, PNG, HEIC and more, up to 30 MB each."),
            "route": "studio",
            "action": gettext("Open the Studio"),
            "done": StudioPhoto.objects.of(actor).exists(),
        },
        {
            "title": gettext("Look at the presets"),
            "text": gettext("Built for seven marketplaces. Copy one and make it yours."),
            "route": "presets",
            "action": gettext("See the presets"),
            "done": bool(own_presets(actor)),
        },
        {
            "title": gettext("Let your programs in"),
            "text": gettext("Make an API key and get the same images with one call."),
            "route": "api_keys",
            "action": gettext("Make a key"),
            "done": actor.may(Permission.KEYS_READ) and api_keys(actor).exists(),
        },
    ]
