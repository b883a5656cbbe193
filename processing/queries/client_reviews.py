"""Reviews by clients outside: the organization's own, the one behind a link, what they say of an image."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from accounts.queries.invitations import token_digest
from processing.models import Asset, ClientAnswer, ClientReview, ClientReviewImage, Verdict

GONE = "This link is not good any more."
STATES = ("approved", "refused", "asked")
_MARK = 32


def client_reviews(actor: Actor) -> QuerySet[ClientReview]:
    """The newest first, each with how many of its images there are: `shown`, `approved`, `refused`."""
    actor.require(Permission.IMAGES_READ)
    found = ClientReview.objects.of(actor).select_related("created_by", "approval", "organization")
    return _counted(found).order_by("-pk")


def client_review(actor: Actor, review_id: uuid.UUID) -> ClientReview:
    """Raises NotFound."""
    found = client_reviews(actor).filter(pk=review_id).first()
    if found is None:
        raise NotFound(gettext("There is no such client review."))
    return found


def reviews_for(actor: Actor, approval_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ClientReview]]:
    """Those that were asked for about what waits for a second person, by approval."""
    found: dict[uuid.UUID, list[ClientReview]] = {}
    for review in client_reviews(actor).filter(approval__in=list(approval_ids)):
        if review.approval_id:
            found.setdefault(review.approval_id, []).append(review)
    return found


def review_behind(token: str) -> ClientReview:
    """With its organization and its counts. Raises NotFound for a token that was never one, and for one that has
    ended: the two are never told apart."""
    rows = ClientReview.unscoped.select_related("organization", "created_by")
    found = _counted(rows).filter(digest=token_digest(token)).first() if len(token) < 100 else None
    if found is None or not found.usable():
        raise NotFound(GONE)
    return found


def images_of(review: ClientReview, *, deleted: bool = False) -> QuerySet[ClientReviewImage]:
    """In their order, each with its answers, the latest first. `deleted`: those too that are gone since."""
    answers = ClientAnswer.unscoped.order_by("-pk")
    found = ClientReviewImage.unscoped.filter(review=review).select_related("asset__blob").order_by("position")
    return (found if deleted else found.filter(_there())).prefetch_related(Prefetch("answers", answers))


def mark_of(image_id: uuid.UUID, digest: str) -> str:
    """What an address of the image carries: good as long as the link is, and for no other link."""
    return salted_hmac("client review image", f"{image_id}:{digest}", algorithm="sha256").hexdigest()[:_MARK]


def image_behind(image_id: uuid.UUID, mark: str) -> ClientReviewImage:
    """Raises NotFound, as the link does."""
    rows = ClientReviewImage.unscoped.select_related("review__organization", "asset__blob").filter(_there())
    found = rows.filter(pk=image_id).first()
    if found is None or not constant_time_compare(mark, mark_of(found.pk, found.review.digest)):
        raise NotFound(GONE)
    if not found.review.usable():
        raise NotFound(GONE)
    return found


def reviews_of(actor: Actor, asset: Asset | None) -> list[ClientReviewImage]:
    """What clients were asked and have said about an image, the latest answer first."""
    actor.require(Permission.IMAGES_READ)
    if asset is None:
        return []
    found = ClientReviewImage.objects.of(actor).filter(asset=asset).select_related("review__organization")
    found = found.prefetch_related(Prefetch("answers", ClientAnswer.unscoped.order_by("-pk")))
    answered = [image for image in found.order_by("-answered_at") if image.answer]
    open_ones = [image for image in found.order_by("-review_id") if not image.answer]
    return answered + [image for image in open_ones if image.review.usable() or image.answers.all()]


def answered(organization_id: uuid.UUID, state: str) -> QuerySet[ClientReviewImage]:
    """Whose latest answer, over all reviews, is `state` (approved, refused), or which wait for one (asked)."""
    rows = ClientReviewImage.unscoped.filter(organization_id=organization_id, asset__isnull=False)
    if state == "asked":
        return rows.filter(answer="", review__revoked_at=None, review__expires_at__gt=timezone.now())
    later = ClientReviewImage.unscoped.filter(asset=OuterRef("asset"), answered_at__gt=OuterRef("answered_at"))
    return rows.filter(~Exists(later), answer=state)


def _counted(rows: QuerySet[ClientReview]) -> QuerySet[ClientReview]:
    there = _there("images__")
    return rows.annotate(
        shown=Count("images", filter=there),
        approved=Count("images", filter=there & Q(images__answer=Verdict.APPROVED)),
        refused=Count("images", filter=there & Q(images__answer=Verdict.REFUSED)),
    )


def _there(prefix: str = "") -> Q:
    """Not deleted, and not waiting for the sweeper to delete it."""
    alive = Q(**{f"{prefix}asset__expires_at__isnull": True}) | Q(**{f"{prefix}asset__expires_at__gt": timezone.now()})
    return Q(**{f"{prefix}asset__isnull": False}) & alive
