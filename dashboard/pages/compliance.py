"""Compliance: drop or choose an image, and the checks so far."""

from __future__ import annotations

import uuid
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, PackshotError
from dashboard.access import member
from dashboard.api.incoming import FilePhoto
from dashboard.compliance_words import summary
from processing.actions.check import submit_check
from processing.actions.new_photos import keep
from processing.models import Asset
from processing.queries.assets import source as find_source
from processing.queries.compliance import checks, every_key, judged
from processing.queries.library import library_images

_SHOWN = 12


@require_http_methods(["GET", "POST"])
@member(Permission.COMPLIANCE_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A POST checks a file, or an image that is there already, by every profile."""
    if request.method == "GET":
        return _page(request, actor)
    try:
        day = as_of(request.POST.get("asOf", ""))
        asset = _asset(request, actor)
    except PackshotError as error:
        return _page(request, actor, problem=error.detail, status=error.status)
    image = submit_check(actor, asset, profiles=every_key(actor), as_of=day)
    return redirect("compliance_check", image.pk)


def as_of(text: str) -> date:
    """The day of a date field; today when it is empty. Raises InvalidInput."""
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        raise InvalidInput(gettext("Give the date as year-month-day, such as 2027-02-01."), field="asOf") from None


def _asset(request: HttpRequest, actor: Actor) -> Asset:
    if chosen := request.POST.get("asset", ""):
        try:
            return find_source(actor, uuid.UUID(chosen), needs=Permission.COMPLIANCE_READ)
        except ValueError:
            raise InvalidInput(gettext("Choose one of the images."), field="asset") from None
    file = request.FILES.get("image")
    if file is None:
        raise InvalidInput(gettext("Choose an image first."), field="image")
    return keep(actor, FilePhoto(file, "image"), needs=Permission.COMPLIANCE_READ)


def _page(request: HttpRequest, actor: Actor, *, problem: str = "", status: int = 200) -> HttpResponse:
    recent = list(checks(actor)[:_SHOWN])
    context = {
        "problem": problem,
        "checks": [{"image": image, "summary": summary(judged(actor, image))} for image in recent],
        "outputs": list(library_images(actor).order_by("-pk")[:_SHOWN]) if actor.may(Permission.IMAGES_READ) else [],
    }
    return render(request, "pages/compliance.html", context, status=status)
