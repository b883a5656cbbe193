"""One image of the library: large, before and after, what is known of it, the history of its photo."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from dashboard.compliance_words import in_order, summary
from dashboard.pages.jobs import TITLES
from dashboard.parameter_words import parameter_words
from dashboard.version_words import made_with
from processing.actions.library import label_images
from processing.models import JobImage
from processing.queries.client_reviews import reviews_of
from processing.queries.compliance import current_version, judged, latest_check, verdict_of
from processing.queries.cut import cuts
from processing.queries.library import library_image, library_labels, neighbours
from processing.queries.preset_titles import preset_titles
from processing.queries.review import is_doubtful
from processing.queries.versions import history


@require_http_methods(["GET", "POST"])
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """The page; a POST gives the image its label."""
    image = library_image(actor, image_id)
    if request.method == "GET":
        return _page(request, actor, image, label=image.label)
    label = request.POST.get("label", "")
    try:
        label_images(actor, image_ids=[image_id], label=label)
    except InvalidInput as error:
        return _page(request, actor, image, label=label, problem=error.detail, status=400)
    messages.success(request, gettext("The label is saved.") if label.strip() else gettext("The label is taken away."))
    return redirect("library_image", image_id)


@require_GET
@member(Permission.IMAGES_READ)
def verdict(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """The badge alone, for a page that shows an image which is still to be judged."""
    return render(request, "parts/verdict_badge.html", {"image": library_image(actor, image_id), "live": True})


def _verdict(actor: Actor, image: JobImage) -> dict[str, object]:
    """What stands behind the badge, the weightiest first; empty where there is none."""
    found = verdict_of(actor, image) if actor.may(Permission.COMPLIANCE_READ) else None
    if found is None:
        return {}
    now = current_version(actor, image.judged_by)
    still_open = [each for each in in_order(found).findings if each["status"] != "pass" and not each["waived"]]
    return {"found": found, "open": still_open, "now": now, "outdated": now != found.profile_version}


def _check(actor: Actor, image: JobImage) -> dict[str, object]:
    """The newest compliance check of the image, in a few words; empty where there is none."""
    if image.output is None or not actor.may(Permission.COMPLIANCE_READ):
        return {}
    found = latest_check(actor, image.output.blob.sha256)
    return {"id": found.pk, "summary": summary(judged(actor, found))} if found else {}


def _page(
    request: HttpRequest, actor: Actor, image: JobImage, *, label: str, problem: str = "", status: int = 200
) -> HttpResponse:
    newer, older = neighbours(actor, image)
    titles = preset_titles(actor)
    past = history(actor, image)
    context = {
        "image": image,
        "label": label,
        "problem": problem,
        "labels": library_labels(actor),
        "newer": newer,
        "older": older,
        "doubtful": is_doubtful(image),
        "operation": gettext(TITLES.get(image.job.operation, image.job.operation)),
        "preset_title": titles.get(image.job.preset, image.job.preset),
        "facts": parameter_words(
            image.job.operation, image.job.parameters, background_image=image.job.background_id is not None
        ),
        "check": _check(actor, image),
        "can_refine": image.source is not None and cuts(image.job),
        "judged": _verdict(actor, image),
        "client_reviews": reviews_of(actor, image.output),
        "history": past,
        "versions": [{"row": row, "title": made_with(row.image, titles)} for row in past.versions],
        "choices": [
            {"choice": choice, "title": made_with(choice.image, titles) if choice.image else ""}
            for choice in past.choices
        ],
    }
    return render(request, "pages/library_image.html", context, status=status)
