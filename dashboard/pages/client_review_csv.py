"""The answers of a client review as CSV: one row for each answer, and one for an image without any."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC

from django.http import HttpRequest, HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.csv_stream import Cell, csv_response
from processing.models import ClientReview
from processing.queries.client_reviews import client_review, images_of

_HEADER = ("number", "image", "answer that counts", "time (UTC)", "answer", "comment", "by", "deleted since")


@require_safe
@member(Permission.IMAGES_READ)
def download(request: HttpRequest, actor: Actor, review_id: uuid.UUID) -> HttpResponseBase:
    review = client_review(actor, review_id)
    return csv_response(f"review-{slugify(review.title)[:60] or 'answers'}.csv", _HEADER, _rows(review))


def _rows(review: ClientReview) -> Iterator[tuple[Cell, ...]]:
    for image in images_of(review, deleted=True):
        deleted = "" if image.asset_id else "yes"
        said = list(image.answers.all())
        for answer in reversed(said):
            time = answer.created_at.astimezone(UTC).isoformat(timespec="seconds")
            words = (time, answer.verdict or "comment", answer.comment, answer.name)
            yield (image.position, image.name, image.answer, *words, deleted)
        if not said:
            yield (image.position, image.name, "", "", "", "", "", deleted)
