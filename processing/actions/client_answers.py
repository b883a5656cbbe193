"""What a client outside says of the images of a review. The actor is the link: who came by it may do no more."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.actions import audit
from accounts.kit.errors import InvalidInput, NotFound
from processing.actions import client_review_mail
from processing.models import ClientAnswer, ClientReview, ClientReviewImage, Verdict

LONGEST_NAME = 100
LONGEST_COMMENT = 1000


@transaction.atomic
def answer(
    actor: Actor, review: ClientReview, *, image_id: uuid.UUID, verdict: str, comment: str = "", name: str = ""
) -> ClientReviewImage:
    """`verdict`: approved, refused, or empty for a comment alone. The latest verdict counts; all of them are kept.

    Raises NotFound for an image that is not (any more) in the review, and InvalidInput.
    """
    comment, name = _comment(comment), clean_name(name)
    if verdict not in ("", *Verdict.values):
        raise InvalidInput(gettext("Approve it, refuse it, or write a word."), field="answer")
    if not verdict and not comment:
        raise InvalidInput(gettext("Write a word first."), field="comment")
    rows = ClientReviewImage.objects.of(actor).select_for_update(of=("self",))
    image = rows.filter(review=review, pk=image_id, asset__isnull=False).first()
    if image is None:
        raise NotFound(gettext("This image is not shown any more."))
    if verdict and verdict == image.answer and name == image.answered_by and not comment:
        return image  # pressed twice
    ClientAnswer.unscoped.create(
        organization=actor.organization, image=image, verdict=verdict, comment=comment, name=name
    )
    if verdict:
        image.answer, image.answered_by, image.answered_at = verdict, name, timezone.now()
        image.save(update_fields=["answer", "answered_by", "answered_at"])
    details: dict[str, object] = {"review": review.title, "title": image.name, "by": name, "comment": comment}
    _record(actor, verdict or "commented", image.pk, "client_review_image", details)
    return image


@transaction.atomic
def finish(actor: Actor, review: ClientReview, *, name: str = "") -> None:
    """The client has looked at them all; who has asked hears of it by e-mail. More can be said afterwards."""
    review.done_at, review.done_by = timezone.now(), clean_name(name)
    review.save(update_fields=["done_at", "done_by"])
    _record(actor, "done", review.pk, "client_review", {"title": review.title, "by": review.done_by})
    client_review_mail.tell_maker(review)


def note_opened(review: ClientReview) -> None:
    """The first time that somebody looks."""
    if review.opened_at is None:
        ClientReview.unscoped.filter(pk=review.pk, opened_at=None).update(opened_at=timezone.now())


def clean_name(text: str) -> str:
    """Raises InvalidInput."""
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            gettext("Use at most {longest_name} characters for your name.").format(longest_name=LONGEST_NAME),
            field="name",
        )
    return name


def _comment(text: str) -> str:
    comment = "".join(c for c in text.replace("\r\n", "\n") if c.isprintable() or c == "\n").strip()
    if len(comment) > LONGEST_COMMENT:
        raise InvalidInput(
            gettext("Use at most {longest_comment:,} characters.").format(longest_comment=LONGEST_COMMENT),
            field="comment",
        )
    return comment


def _record(actor: Actor, what: str, target_id: uuid.UUID, kind: str, details: dict[str, object]) -> None:
    audit.record(actor, f"client_review.{what}", target_kind=kind, target_id=target_id, details=details)
