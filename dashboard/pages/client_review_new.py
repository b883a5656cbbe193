"""Asking a client outside: for images chosen in the library, those of a job, or those that wait for approval."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from accounts.models import Approval
from accounts.queries.approvals import approval as find_approval
from dashboard.access import member
from dashboard.client_review_forms import AskForm
from dashboard.pages.client_review import show_once
from dashboard.pages.library_chosen import chosen
from integrations.queries.approval_images import approval_images
from processing.actions.client_reviews import MOST_IMAGES, ask_for_review
from processing.models import Asset
from processing.queries.assets import alive
from processing.queries.jobs import job as find_job

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which images, what they were chosen by (hidden fields of the form), and a title to begin with."""

    asset_ids: list[uuid.UUID]
    fields: list[tuple[str, str]]
    title: str = ""
    approval: Approval | None = None


@require_http_methods(["GET", "POST"])
@member(Permission.REVIEWS_WRITE)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; a POST with a title asks and shows the link, this once, in its answer. The library sends its chosen
    images as a POST without one."""
    wanted = _chosen(request, actor)
    if request.method == "GET" or "title" not in request.POST:
        return _page(request, actor, wanted, AskForm(initial={"title": wanted.title}))
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, wanted, form, status=400)
    given = form.cleaned_data
    try:
        review, token = ask_for_review(
            actor,
            asset_ids=wanted.asset_ids,
            title=given["title"],
            message=given["message"],
            days=given["days"],
            downloads=given["downloads"],
            emails=form.addresses(),
            approval=wanted.approval,
        )
    except (InvalidInput, Conflict) as error:
        form.take(error)
        return _page(request, actor, wanted, form, status=error.status)
    return show_once(request, actor, review.pk, token)


def _chosen(request: HttpRequest, actor: Actor) -> Chosen:
    """Raises NotFound, and InvalidInput where nothing is chosen."""
    given = request.POST if request.method == "POST" else request.GET
    if job_id := given.get("job"):
        job = find_job(actor, _id(job_id))
        ids = [image.output_id for image in job.images.all() if image.output_id and image.in_library]
        found = Chosen(ids, [("job", job_id)], job.preset_label)
    elif approval_id := given.get("approval"):
        row = find_approval(actor, _id(approval_id))
        found = Chosen(approval_images(actor, row), [("approval", approval_id)], row.title, row)
    else:
        images = chosen(request, actor)
        ids = [image.output_id for image in images if image.output_id]
        found = Chosen(ids, [("image", str(image.pk)) for image in images])
    if not found.asset_ids:
        raise NotFound(_("There is no image to show here."))
    return found


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound(_("There is no image to show here.")) from None


def _page(request: HttpRequest, actor: Actor, wanted: Chosen, form: AskForm, *, status: int = 200) -> HttpResponse:
    there = {asset.pk: asset for asset in alive(Asset.objects.of(actor)).filter(pk__in=wanted.asset_ids[:_NAMED])}
    context = {
        "form": form,
        "fields": wanted.fields,
        "count": len(wanted.asset_ids),
        "most": MOST_IMAGES,
        "too_many": len(wanted.asset_ids) > MOST_IMAGES,
        "named": [there[asset_id] for asset_id in wanted.asset_ids[:_NAMED] if asset_id in there],
        "more": max(0, len(wanted.asset_ids) - _NAMED),
    }
    return render(request, "pages/client_review_new.html", context, status=status)
