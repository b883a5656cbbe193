"""Two versions of a photo beside each other, and in what they differ."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from dashboard.access import member
from dashboard.parameter_words import parameter_words
from dashboard.templatetags.figures import weight
from dashboard.templatetags.frames import frame_of
from dashboard.templatetags.verdicts import profile_name
from dashboard.version_words import made_with
from processing.models import Asset, JobImage
from processing.queries.library import library_image
from processing.queries.preset_titles import preset_titles
from processing.queries.versions import History, history, version

PHOTO = "photo"
_NOT_CHECKED = gettext_noop("Not checked")
_VERDICTS = {
    "pass": gettext_noop("Passes {}"),
    "warn": gettext_noop("{} warns"),
    "fail": gettext_noop("Fails {}"),
    "waiting": gettext_noop("Is being judged"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """`image` is None for the original photo. `facts`: words by title."""

    value: str
    title: str
    asset: Asset
    image: JobImage | None
    facts: dict[str, str]

    @property
    def picture(self) -> str:
        if self.image:
            return reverse("image", args=[self.asset.pk])
        # A photo as it was sent may be in a format that browsers do not show.
        return reverse("image_thumbnail", args=[self.asset.pk, 1280])


@require_GET
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """`?a=` and `?b=`: an image's id each, or `photo`; without them this image beside what it was made of."""
    image = library_image(actor, image_id)
    past = history(actor, image)
    titles = preset_titles(actor)
    b = _side(actor, image, past, titles, request.GET.get("b") or str(image.pk))
    a = _side(actor, image, past, titles, request.GET.get("a") or _usual(image, past, b.value))
    context = {
        "image": image,
        "a": a,
        "b": b,
        "pair": (a, b),
        "frame": frame_of(b.image) if b.image and b.image.source_id == a.asset.pk else "",
        "facts": [
            {"title": title, "a": a.facts.get(title, ""), "b": b.facts.get(title, "")}
            for title in dict.fromkeys([*a.facts, *b.facts])
        ],
        "choices": _choices(past, titles),
        "same": a.value == b.value,
    }
    return render(request, "pages/library_compare.html", context)


def _usual(image: JobImage, past: History, other: str) -> str:
    """What an image is compared with when nothing is asked for: what it was made of, else another version."""
    there = [str(each.image.pk) for each in past.versions if not each.deleted]
    if str(image.parent_id) in there and str(image.parent_id) != other:
        return str(image.parent_id)
    return PHOTO if past.photo else next((pk for pk in there if pk != other), other)


def _side(actor: Actor, image: JobImage, past: History, titles: Mapping[str, str], value: str) -> Side:
    if value == PHOTO:
        if past.photo is None:
            raise NotFound(gettext("The original photo was deleted."))
        return Side(PHOTO, gettext("Original photo"), past.photo, None, _of_file(past.photo))
    try:
        found = version(actor, image, uuid.UUID(value))
    except ValueError:
        raise NotFound(gettext("There is no such version of this photo.")) from None
    if found.output is None:
        raise NotFound(gettext("This version was deleted."))
    return Side(str(found.pk), made_with(found, titles), found.output, found, _facts(found, found.output, titles))


def _of_file(asset: Asset) -> dict[str, str]:
    return {
        gettext("Size"): gettext("{width} × {height} px").format(width=asset.width, height=asset.height),
        gettext("File"): f"{asset.format.upper()}, {weight(asset.blob.bytes)}",
    }


def _facts(image: JobImage, output: Asset, titles: Mapping[str, str]) -> dict[str, str]:
    job = image.job
    words = parameter_words(job.operation, job.parameters, background_image=job.background_id is not None)
    verdict = gettext(_VERDICTS.get(image.verdict, _NOT_CHECKED)).format(profile_name(image.judged_by))
    return {
        **_of_file(output),
        gettext("Made with"): made_with(image, titles),
        **{fact.title: fact.words for fact in words if fact.title not in (gettext("Size"), gettext("Format"))},
        gettext("Confidence"): "" if image.confidence is None else f"{image.confidence:.2f}",
        gettext("Compliance"): f"{verdict} ({image.judged_version})" if image.judged_version else verdict,
        gettext("Engine"): image.engine,
        gettext("Made"): _moment(image),
    }


def _choices(past: History, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    photo = [(PHOTO, gettext("Original photo"))] if past.photo else []
    made = [each.image for each in past.versions if not each.deleted]
    return photo + [(str(image.pk), f"{made_with(image, titles)}, {_moment(image)}") for image in made]


def _moment(image: JobImage) -> str:
    if image.finished_at is None:
        return ""
    there = timezone.localtime(image.finished_at)
    return dateformat.format(there, "j M Y, H:i")
