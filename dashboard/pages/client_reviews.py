"""Client reviews: what clients outside were asked to look at, and what they say."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.listing import listing
from processing.models import ClientReview
from processing.queries import client_reviews as queries

PAGE_SIZE = 50


@require_safe
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the list alone."""
    shown = listing(request, queries.client_reviews(actor), size=PAGE_SIZE)
    context = {"listing": shown, "rows": [{"row": row, "state": state_of(row)} for row in shown.rows]}
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/client_reviews.html{part}", context)


def state_of(review: ClientReview) -> str:
    """revoked, expired, done, opened or waiting."""
    if review.revoked_at:
        return "revoked"
    if review.done_at:
        return "done"
    if review.expired():
        return "expired"
    return "opened" if review.opened_at else "waiting"
