"""What a client outside sees behind a review link: the images, large or as a grid, each to approve, refuse or comment.

Every answer is a form of its own, so it works without scripts; with htmx the image's card alone is answered.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.kit.errors import InvalidInput, NotFound
from accounts.limits.rate_limit import Limit, take
from dashboard.access import everyone
from dashboard.outside import actor_outside, behind_link
from processing.actions import client_answers as actions
from processing.models import Asset, ClientReview, ClientReviewImage
from processing.queries.client_reviews import images_of, mark_of

PAGE_SIZE = 20
_COOKIE = "reviewer"
_YEAR = 365 * 86_400
_ANSWERS = Limit("client_review_answers", 3000, 3600)
_DONE = Limit("client_review_done", 10, 3600)


@dataclass(frozen=True, slots=True)
class Card:
    """One image. `typed` and `problem`: what could not be taken, to be mended."""

    image: ClientReviewImage
    asset: Asset
    mark: str
    typed: str = ""
    problem: str = ""


@require_safe
@everyone
@behind_link
def page(request: HttpRequest, review: ClientReview) -> HttpResponse:
    """`?view=grid`: small, all of them. `?page=2`: the next large ones. `?image=7`: the page of that one."""
    actions.note_opened(review)
    return _page(request, review)


@require_POST
@everyone
@behind_link
def answer(request: HttpRequest, review: ClientReview) -> HttpResponse:
    """`answer`: approved, refused, or comment. Back to the next image that has no answer yet."""
    typed, verdict = request.POST.get("comment", ""), request.POST.get("answer", "")
    name = request.POST.get("name", _name(request))
    try:
        image_id = uuid.UUID(request.POST.get("image", ""))
        if not take(str(review.pk), _ANSWERS).allowed:
            raise InvalidInput(_("That were many answers in one hour. Go on a little later."), field="comment")
        image = actions.answer(
            actor_outside(request, review),
            review,
            image_id=image_id,
            verdict="" if verdict == "comment" else verdict,
            comment=typed,
            name=name,
        )
    except (NotFound, ValueError):
        return redirect(_address(request))
    except InvalidInput as error:
        return _refused(request, review, image_id, typed, error.detail)
    review = _again(review)
    if request.headers.get("HX-Request"):
        response = _card(request, review, image.pk)
    else:
        response = redirect(_next(request, review, image))
    return _remember(request, response, name)


@require_POST
@everyone
@behind_link
def name(request: HttpRequest, review: ClientReview) -> HttpResponse:
    """Whose answers these are, for this browser."""
    try:
        given = actions.clean_name(request.POST.get("name", ""))
    except InvalidInput as error:
        return _page(request, review, name_problem=error.detail, status=400)
    response = HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(_address(request))
    return _remember(request, response, given)


@require_POST
@everyone
@behind_link
def done(request: HttpRequest, review: ClientReview) -> HttpResponse:
    """Whoever has asked hears of it. More can be said afterwards."""
    if take(str(review.pk), _DONE).allowed:
        given = request.POST.get("name", _name(request))[: actions.LONGEST_NAME]
        actions.finish(actor_outside(request, review), review, name=given)
    return redirect(_address(request) + "?done=1")


def _page(
    request: HttpRequest,
    review: ClientReview,
    *,
    refused: Card | None = None,
    name_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    images = list(images_of(review))
    grid = request.GET.get("view") == "grid" and refused is None
    pages = max(1, -(-len(images) // PAGE_SIZE))
    number = _page_of(images, refused.image.pk) if refused else _number(request, images, pages)
    shown = images if grid else images[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    cards = [_as_card(review, image) for image in shown if image.asset]
    if refused:
        cards = [refused if card.image.pk == refused.image.pk else card for card in cards]
    context = {
        **_words(request, review),
        "cards": cards,
        "grid": grid,
        "number": number,
        "pages": range(1, pages + 1),
        "previous": number - 1,
        "next": number + 1 if number < pages else 0,
        "told": "done" in request.GET,
        "name_problem": name_problem,
    }
    return render(request, "pages/outside_review.html", context, status=status)


def _card(request: HttpRequest, review: ClientReview, image_id: uuid.UUID) -> HttpResponse:
    image = images_of(review).filter(pk=image_id).first()
    if image is None or image.asset is None:
        return HttpResponse()  # the card goes: the image was deleted meanwhile
    context = _words(request, review) | {"card": _as_card(review, image), "swap": True}
    return render(request, "pages/outside_review.html#answered", context)


def _refused(request: HttpRequest, review: ClientReview, image_id: uuid.UUID, typed: str, problem: str) -> HttpResponse:
    image = images_of(review).filter(pk=image_id).first()
    if image is None or image.asset is None:
        return redirect(_address(request))
    card = Card(image, image.asset, mark_of(image.pk, review.digest), typed, problem)
    if not request.headers.get("HX-Request"):
        return _page(request, review, refused=card, status=400)
    context = _words(request, review) | {"card": card, "swap": True}
    return render(request, "pages/outside_review.html#answered", context, status=400)


def _words(request: HttpRequest, review: ClientReview) -> dict[str, object]:
    counts = (review.shown, review.approved, review.refused)  # type: ignore[attr-defined]
    shown, approved, refused = counts
    assert request.resolver_match is not None
    return {
        "review": review,
        "asking": review.organization,
        "token": request.resolver_match.kwargs["token"],
        "reviewer": _name(request),
        "shown": shown,
        "approved": approved,
        "refused": refused,
        "answered": approved + refused,
        "longest_comment": actions.LONGEST_COMMENT,
        "longest_name": actions.LONGEST_NAME,
    }


def _as_card(review: ClientReview, image: ClientReviewImage) -> Card:
    assert image.asset is not None
    return Card(image, image.asset, mark_of(image.pk, review.digest))


def _again(review: ClientReview) -> ClientReview:
    """With the counts of now."""
    images = list(images_of(review))
    review.approved = sum(image.answer == "approved" for image in images)  # type: ignore[attr-defined]
    review.refused = sum(image.answer == "refused" for image in images)  # type: ignore[attr-defined]
    review.shown = len(images)  # type: ignore[attr-defined]
    return review


def _next(request: HttpRequest, review: ClientReview, image: ClientReviewImage) -> str:
    """To the next one without an answer; else it stays where it was."""
    images = list(images_of(review))
    after = [each for each in images if each.position > image.position and not each.answer]
    there = after[0] if after and image.answer else image
    return f"{_address(request)}?page={_page_of(images, there.pk)}#image-{there.position}"


def _page_of(images: list[ClientReviewImage], image_id: uuid.UUID) -> int:
    return next((place // PAGE_SIZE + 1 for place, image in enumerate(images) if image.pk == image_id), 1)


def _number(request: HttpRequest, images: list[ClientReviewImage], pages: int) -> int:
    wanted = request.GET.get("image", "")
    if wanted.isascii() and wanted.isdigit():
        return next((_page_of(images, image.pk) for image in images if image.position == int(wanted)), 1)
    text = request.GET.get("page", "")
    return min(max(int(text), 1), pages) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _address(request: HttpRequest) -> str:
    assert request.resolver_match is not None
    return reverse("outside_review", args=[request.resolver_match.kwargs["token"]])


def _name(request: HttpRequest) -> str:
    """As this browser has given it before."""
    return unquote(request.COOKIES.get(_COOKIE, ""))[: actions.LONGEST_NAME]


def _remember(request: HttpRequest, response: HttpResponse, name: str) -> HttpResponse:
    if name != _name(request):
        value = quote(" ".join(name.split())[: actions.LONGEST_NAME])
        response.set_cookie(
            _COOKIE, value, max_age=_YEAR, path="/r/", httponly=True, samesite="Lax", secure=settings.SECURE
        )
    return response
