"""The library: every finished image, searched, filtered, chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from dashboard.listing import asked, listing
from processing.models import Asset, JobImage
from processing.queries.library import LibraryFilter, library_images, library_labels
from processing.queries.preset_titles import preset_titles
from processing.queries.review import is_doubtful

PAGE_SIZE = 45
STATES = (
    ("doubtful", gettext_lazy("To look at")),
    ("pending", gettext_lazy("Not reviewed")),
    ("accepted", gettext_lazy("Accepted")),
    ("rejected", gettext_lazy("Rejected")),
)
VERDICTS = (
    ("pass", gettext_lazy("Passes the rules")),
    ("warn", gettext_lazy("Has warnings")),
    ("fail", gettext_lazy("Fails the rules")),
    ("none", gettext_lazy("Not checked")),
)
CLIENTS = (
    ("approved", gettext_lazy("Approved by client")),
    ("refused", gettext_lazy("Refused by client")),
    ("asked", gettext_lazy("Client still to answer")),
)
_WIDE = 1.25


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the grid. `ratio`: width / height in percent, in the steps of 5 that the stylesheet knows."""

    image: JobImage
    output: Asset
    ratio: int
    picture: str
    picture_2x: str
    doubtful: bool


@require_GET
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page; with htmx the results, or (`more`) the next ones alone."""
    filters = asked(request, "q", "label", "preset", "state", "compliance", "client", "versions", "since", "until")
    try:
        found, problem = library_images(actor, _filter(filters)), ""
    except InvalidInput as error:
        found, problem = library_images(actor), error.detail
    shown = listing(request, found.defer("report"), size=PAGE_SIZE)
    titles = preset_titles(actor)
    first = request.GET.get("first", "")
    context = {
        "shots": [shot(image, image.output) for image in shown.rows if image.output],
        "listing": shown,
        "first": first if first.isascii() and first.isdigit() else shown.start,
        "asked": filters,
        "problem": problem,
        "any_image": bool(shown.rows) or library_images(actor).exists(),
        "labels": library_labels(actor),
        "presets": sorted(titles.items(), key=lambda preset: preset[1].lower()),
        "states": STATES,
        "verdicts": VERDICTS,
        "clients": CLIENTS,
        "query": request.GET.urlencode(),
    }
    return render(request, f"pages/library.html{_part(request)}", context, status=400 if problem else 200)


def shot(image: JobImage, output: Asset) -> Shot:
    ratio = output.width / output.height
    # Rows are some 210 px high, so what is wide needs more pixels; 2x for dense screens.
    sides = (640, 1280) if ratio > _WIDE else (320, 640)
    picture, picture_2x = (reverse("image_thumbnail", args=[output.pk, side]) for side in sides)
    return Shot(image, output, min(max(round(20 * ratio) * 5, 40), 300), picture, picture_2x, is_doubtful(image))


def _filter(given: dict[str, str]) -> LibraryFilter:
    since, until = _day(given["since"], "since"), _day(given["until"], "until")
    if since and until and since > until:
        raise InvalidInput(gettext("The first day is after the last one."), field="since")
    return LibraryFilter(
        search=" ".join(given["q"].split()),
        label=given["label"],
        preset=given["preset"],
        state=given["state"],
        since=since,
        until=until,
        compliance=given["compliance"],
        client=given["client"],
        every_version=given["versions"] == "all",
    )


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(gettext("A day is written as 2026-11-30."), field=field) from None


def _part(request: HttpRequest) -> str:
    if not request.headers.get("HX-Request"):
        return ""
    return "#shots" if "more" in request.GET else "#results"
