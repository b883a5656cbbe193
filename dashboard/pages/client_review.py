"""One client review: every image with its answers; a new link, more time, the end of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.addresses import base
from dashboard.client_review_forms import ExtendForm, RenewForm
from dashboard.pages.client_reviews import state_of
from processing.actions import client_reviews as actions
from processing.models import ClientReview, JobImage
from processing.queries import client_reviews as queries
from processing.queries.library import library_images


@require_safe
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor, review_id: uuid.UUID) -> HttpResponse:
    return _page(request, actor, queries.client_review(actor, review_id))


@require_POST
@member(Permission.REVIEWS_WRITE)
def renew(request: HttpRequest, actor: Actor, review_id: uuid.UUID) -> HttpResponse:
    """A new link, shown once in the answer."""
    form = RenewForm(request.POST, auto_id="renew_%s")
    if form.is_valid():
        try:
            _review, token = actions.renew(actor, review_id=review_id, emails=form.addresses())
        except (Conflict, InvalidInput) as error:
            form.take(error)
        else:
            return show_once(request, actor, review_id, token)
    return _page(request, actor, queries.client_review(actor, review_id), renew=form, status=400)


@require_POST
@member(Permission.REVIEWS_WRITE)
def extend(request: HttpRequest, actor: Actor, review_id: uuid.UUID) -> HttpResponse:
    form = ExtendForm(request.POST, auto_id="extend_%s")
    if form.is_valid():
        try:
            actions.extend(actor, review_id=review_id, days=form.cleaned_data["days"])
        except (Conflict, InvalidInput) as error:
            form.take(error)
        else:
            messages.success(request, _("The link works for longer. Nobody needs a new one."))
            return redirect("client_review", review_id)
    return _page(request, actor, queries.client_review(actor, review_id), extend=form, status=400)


@require_POST
@member(Permission.REVIEWS_WRITE)
def revoke(request: HttpRequest, actor: Actor, review_id: uuid.UUID) -> HttpResponse:
    actions.revoke(actor, review_id=review_id)
    messages.success(request, _("The link opens nothing any more. The answers stay here."))
    return redirect("client_review", review_id)


def show_once(request: HttpRequest, actor: Actor, review_id: uuid.UUID, token: str) -> HttpResponse:
    """The page with the link in it: nobody can ever see it again."""
    address = base(request) + reverse("outside_review", args=[token])
    return _page(request, actor, queries.client_review(actor, review_id), address=address)


def _page(
    request: HttpRequest,
    actor: Actor,
    review: ClientReview,
    *,
    address: str = "",
    renew: RenewForm | None = None,
    extend: ExtendForm | None = None,
    status: int = 200,
) -> HttpResponse:
    images = list(queries.images_of(review, deleted=True))
    there = [image.asset_id for image in images if image.asset_id]
    known: dict[uuid.UUID | None, JobImage] = {
        row.output_id: row for row in library_images(actor).filter(output__in=there).defer("report")
    }
    context = {
        "review": review,
        "state": state_of(review),
        "address": address,
        "images": [{"row": image, "library": known.get(image.asset_id)} for image in images],
        "waiting": review.shown - review.approved - review.refused,  # type: ignore[attr-defined]
        "renew": renew or RenewForm(auto_id="renew_%s"),
        "extend": extend or ExtendForm(auto_id="extend_%s"),
    }
    return render(request, "pages/client_review.html", context, status=status)
