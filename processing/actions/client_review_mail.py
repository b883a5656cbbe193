"""The e-mails of reviews by clients: the link to them, and to who has asked once they are done."""

from __future__ import annotations

import uuid
from functools import partial
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access.notification_kinds import Kind
from accounts.actions.notifications import tell
from accounts.kit import tasks
from accounts.kit.letters import address_of, letter
from accounts.models import Membership
from processing.models import ClientReview
from processing.queries.client_reviews import images_of

log = structlog.get_logger(__name__)


def send_after_commit(review: ClientReview, token: str) -> None:
    """Here and not by a worker: the token goes through no queue. Who gets it can answer to who has asked."""
    if review.sent_to:
        transaction.on_commit(partial(_send, review, token))


def _send(review: ClientReview, token: str) -> None:
    context = {
        "review": review,
        "organization": review.organization,
        "maker": review.created_by,
        "images": images_of(review).count(),
        "address": address_of(reverse("outside_review", args=[token])),
        "site": settings.SITE_NAME,
    }
    try:
        with get_connection() as connection:
            for address in review.sent_to:
                message = letter("client_review", context, address)
                message.reply_to = [review.created_by.email] if review.created_by else []
                connection.send_messages([message])
    except (SMTPException, OSError) as error:
        log.warning("client_review_not_sent", review=str(review.pk), error=str(error))
        return
    ClientReview.unscoped.filter(pk=review.pk).update(sent_at=timezone.now())


def tell_maker(review: ClientReview) -> None:
    transaction.on_commit(partial(tasks.send, "processing.mail_client_review_done", str(review.pk), queue="io"))


def mail_done(review_id: uuid.UUID) -> None:
    """To who has asked, as long as they belong to the organization."""
    review = ClientReview.unscoped.select_related("organization", "created_by").filter(pk=review_id).first()
    if review is None:
        return
    images = list(images_of(review))
    context = {
        "review": review,
        "images": len(images),
        "approved": sum(image.answer == "approved" for image in images),
        "refused": [image for image in images if image.answer == "refused"],
        "commented": sum(any(answer.comment for answer in image.answers.all()) for image in images),
    }
    maker = Membership.unscoped.filter(organization=review.organization_id, user=review.created_by_id)
    address = address_of(reverse("client_review", args=[review.pk]))
    tell(Kind.REVIEW_ANSWERED, maker, "client_review_done", context, address=address)
