"""Reviews by clients outside: asking for one, a new link, more time, an end."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from accounts.limits.rate_limit import Limit, take
from accounts.models import Approval, User
from accounts.queries.invitations import token_digest
from processing.actions import client_review_mail
from processing.actions.assets import hold
from processing.models import Asset, ClientReview, ClientReviewImage
from processing.queries.assets import alive

DAYS = 14
MOST_DAYS = 180
MOST_IMAGES = 200
MOST_ADDRESSES = 20
_TITLE, _MESSAGE = 200, 2000
_LETTERS = Limit("client_review_letters", 200, 3600)


@transaction.atomic
def ask_for_review(
    actor: Actor,
    *,
    asset_ids: Sequence[uuid.UUID],
    title: str,
    message: str = "",
    days: int = DAYS,
    downloads: bool = False,
    emails: Sequence[str] = (),
    approval: Approval | None = None,
) -> tuple[ClientReview, str]:
    """The review and its link's token, which is stored nowhere. The e-mails go out after the commit.

    Raises InvalidInput, Conflict beyond 200 e-mails an hour, NotFound where none of the images is there any more.
    """
    actor.require(Permission.REVIEWS_WRITE)
    if len(asset_ids) > MOST_IMAGES:
        raise InvalidInput(
            gettext("Show at most {most_images} images in one review; these are {asset_ids}.").format(
                most_images=MOST_IMAGES, asset_ids=len(asset_ids)
            ),
            field="title",
        )
    title = _line(title)
    message = "".join(c for c in message.replace("\r\n", "\n") if c.isprintable() or c == "\n").strip()
    if len(message) > _MESSAGE:
        raise InvalidInput(gettext("Use at most {message:,} characters.").format(message=_MESSAGE), field="message")
    found = {asset.pk: asset for asset in alive(Asset.objects.of(actor)).filter(pk__in=asset_ids)}
    assets = [found[asset_id] for asset_id in dict.fromkeys(asset_ids) if asset_id in found]
    if not assets:
        raise NotFound(gettext("These images are not there any more."))
    hold(assets)
    addresses = _addresses(actor, emails)
    token = secrets.token_urlsafe(32)
    review = ClientReview.unscoped.create(
        organization=actor.organization,
        title=title,
        message=message,
        digest=token_digest(token),
        downloads=downloads,
        approval=approval,
        created_by=actor.user,
        link_by=actor.user,
        expires_at=_end(days),
        sent_to=addresses,
    )
    ClientReviewImage.unscoped.bulk_create(
        ClientReviewImage(
            organization=actor.organization, review=review, asset=asset, name=asset.name, position=position
        )
        for position, asset in enumerate(assets, start=1)
    )
    details = {"images": len(assets), "until": _day(review), "downloads": downloads, "sent_to": addresses}
    _record(actor, "made", review, details)
    client_review_mail.send_after_commit(review, token)
    return review, token


@transaction.atomic
def renew(actor: Actor, *, review_id: uuid.UUID, emails: Sequence[str] = ()) -> tuple[ClientReview, str]:
    """A new link, good for another DAYS at least; the one before opens nothing any more. Raises NotFound, InvalidInput,
    Conflict beyond 200 e-mails an hour."""
    review = _locked(actor, review_id)
    addresses = _addresses(actor, emails)
    token = secrets.token_urlsafe(32)
    review.digest, review.link_by = token_digest(token), actor.user
    review.expires_at = max(review.expires_at, _end(DAYS))
    review.revoked_at = None
    review.sent_to, review.sent_at = addresses, None
    review.save(update_fields=["digest", "link_by", "expires_at", "revoked_at", "sent_to", "sent_at"])
    _record(actor, "renewed", review, {"until": _day(review), "sent_to": addresses})
    client_review_mail.send_after_commit(review, token)
    return review, token


@transaction.atomic
def extend(actor: Actor, *, review_id: uuid.UUID, days: int) -> ClientReview:
    """Good for so many days from now; the same link, also where its time was over. Raises NotFound, InvalidInput,
    Conflict for a revoked one."""
    review = _locked(actor, review_id)
    if review.revoked_at:
        raise Conflict(gettext("Its link is revoked. Make a new one."))
    before, review.expires_at = _day(review), _end(days)
    review.save(update_fields=["expires_at"])
    _record(actor, "extended", review, {"before": {"until": before}, "after": {"until": _day(review)}})
    return review


@transaction.atomic
def revoke(actor: Actor, *, review_id: uuid.UUID) -> ClientReview:
    """Its link opens nothing from now on. Raises NotFound."""
    review = _locked(actor, review_id)
    if review.revoked_at is None:
        review.revoked_at = timezone.now()
        review.save(update_fields=["revoked_at"])
        _record(actor, "revoked", review, {})
    return review


def end_links_of(actor: Actor, user: User) -> int:
    """Revokes every link that this person has made, as somebody who leaves could go on looking; how many these were.
    The reviews stay with their answers, and anybody who may makes a new link. The caller's transaction holds."""
    made = Q(link_by=user) | Q(link_by=None, created_by=user)
    rows = ClientReview.objects.of(actor).select_for_update().filter(made, revoked_at=None).order_by("pk")
    for review in rows:
        review.revoked_at = timezone.now()
        review.save(update_fields=["revoked_at"])
        _record(actor, "revoked", review, {"because": "its maker left"})
    return len(rows)


def _locked(actor: Actor, review_id: uuid.UUID) -> ClientReview:
    actor.require(Permission.REVIEWS_WRITE)
    review = ClientReview.objects.of(actor).select_for_update().filter(pk=review_id).first()
    if review is None:
        raise NotFound(gettext("There is no such client review."))
    return review


def _line(text: str) -> str:
    title = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not title:
        raise InvalidInput(gettext("Give the review a title; your client reads it first."), field="title")
    if len(title) > _TITLE:
        raise InvalidInput(gettext("Use at most {title} characters.").format(title=_TITLE), field="title")
    return title


def _end(days: int) -> datetime:
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(
            gettext("Use a whole number of days from 1 to {most_days}.").format(most_days=MOST_DAYS), field="days"
        )
    return timezone.now() + timedelta(days=days)


def _day(review: ClientReview) -> str:
    return review.expires_at.isoformat(timespec="minutes")


def _addresses(actor: Actor, emails: Sequence[str]) -> list[str]:
    if len(emails) > MOST_ADDRESSES:
        raise InvalidInput(
            gettext("Send it to at most {most_addresses} addresses; these are {emails}.").format(
                most_addresses=MOST_ADDRESSES, emails=len(emails)
            ),
            field="emails",
        )
    for email in emails:
        try:
            validate_email(email)
        except ValidationError:
            raise InvalidInput(
                gettext("{email} is not an e-mail address.").format(email=email), field="emails"
            ) from None
    for _ in emails:
        allowance = take(str(actor.organization.pk), _LETTERS)
        if not allowance.allowed:
            minutes = max(1, allowance.retry_after // 60)
            error = Conflict(
                gettext("{limit} of these e-mails were sent in the last hour. Try in {minutes} minutes.").format(
                    limit=_LETTERS.limit, minutes=minutes
                )
            )
            error.retry_after = allowance.retry_after
            raise error
    return list(emails)


def _record(actor: Actor, what: str, review: ClientReview, details: dict[str, object]) -> None:
    audit.record(
        actor,
        f"client_review.{what}",
        target_kind="client_review",
        target_id=review.pk,
        details={"title": review.title} | details,
    )
