"""What is done with chosen images: download, label, delete. What needs a word first asks, as a dialog or as a page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, NotFound
from dashboard.access import member
from dashboard.image_archive import image_archive
from dashboard.product_names import PRODUCT_TEMPLATES, by_catalog, by_name_alone
from integrations.queries.connections import connections
from processing.actions.library import MOST_AT_ONCE, delete_images, label_images
from processing.models import JobImage
from processing.queries.download_names import DEFAULT_TEMPLATE, check_template, of_product
from processing.queries.library import chosen_images, library_labels

_NAMED = 8
_NAMES, _SHOP = "download_names", "download_shop"


@require_POST
@member(Permission.IMAGES_READ)
def download(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """One file or a ZIP; `ask` asks for the names first."""
    images = chosen(request, actor)
    template = request.session.get(_NAMES, DEFAULT_TEMPLATE)
    shops = list(connections(actor)) if actor.may(Permission.CATALOG_READ) else []
    shop = request.POST.get("shop", request.session.get(_SHOP, ""))
    words = {"shops": shops, "shop": shop, "templates": PRODUCT_TEMPLATES}
    if "ask" in request.POST:
        return _ask(request, "names", images, names=template, **words)
    if (given := request.POST.get("names")) is not None:
        try:
            template = check_template(given, products=True)
        except InvalidInput as error:
            return _ask(request, "names", images, names=given, problem=error.detail, status=400, **words)
        request.session[_NAMES], request.session[_SHOP] = template, shop  # used again for the next download
    products: dict[uuid.UUID, Mapping[str, str]] = {}
    if of_product(template):
        connection = next((row for row in shops if str(row.pk) == shop), None)
        products = by_catalog(actor, connection, images) if connection else by_name_alone(images)
    return image_archive(images, name=f"packshot-{timezone.localdate()}.zip", template=template, products=products)


@require_POST
@member(Permission.IMAGES_WRITE)
def label(request: HttpRequest, actor: Actor) -> HttpResponse:
    images = chosen(request, actor)
    text = request.POST.get("label")
    if text is None:
        common = {image.label for image in images}
        start = common.pop() if len(common) == 1 else ""
        return _ask(request, "label", images, label=start, labels=library_labels(actor))
    try:
        count = label_images(actor, image_ids=[image.pk for image in images], label=text)
    except InvalidInput as error:
        labels = library_labels(actor)
        return _ask(request, "label", images, label=text, labels=labels, problem=error.detail, status=400)
    messages.success(request, _labeled(count, " ".join(text.split())))
    return _back(request)


@require_POST
@member(Permission.IMAGES_WRITE)
def delete(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Asks first and names what goes."""
    images = chosen(request, actor)
    if "confirmed" not in request.POST:
        return _ask(request, "delete", images)
    count = delete_images(actor, image_ids=[image.pk for image in images])
    words = ngettext("{count:,} image is deleted.", "{count:,} images are deleted.", count)
    messages.success(request, words.format(count=count))
    return _back(request)


def chosen(request: HttpRequest, actor: Actor) -> list[JobImage]:
    """Those of the chosen images that are still there. Raises InvalidInput, and NotFound where none is."""
    images = chosen_images(actor, chosen_ids(request))
    if not images:
        raise NotFound(gettext("These images are not in the library any more."))
    return images


def chosen_ids(request: HttpRequest) -> list[uuid.UUID]:
    """Raises InvalidInput for none, too many, and what is no id."""
    try:
        ids = [uuid.UUID(text) for text in request.POST.getlist("image")]
    except ValueError:
        raise InvalidInput(gettext("Choose images of the library."), field="image") from None
    if not ids:
        raise InvalidInput(gettext("Choose at least one image."), field="image")
    if len(ids) > MOST_AT_ONCE:
        raise InvalidInput(
            gettext("Choose at most {most_at_once} images at once.").format(most_at_once=MOST_AT_ONCE), field="image"
        )
    return ids


def _ask(
    request: HttpRequest, question: str, images: list[JobImage], *, status: int = 200, **words: object
) -> HttpResponse:
    context = {
        "question": question,
        "images": images,
        "named": images[:_NAMED],
        "more": len(images) - _NAMED,
        "count": len(images),
        "back": request.POST.get("back", ""),
        **words,
    }
    part = "#dialog" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/library_chosen.html{part}", context, status=status)


def _back(request: HttpRequest) -> HttpResponse:
    """To the library as it was filtered. The path is fixed, so `back` leads nowhere else."""
    query = QueryDict(request.POST.get("back", "")).urlencode()
    return redirect(f"{reverse('library')}?{query}" if query else reverse("library"))


def _labeled(count: int, label: str) -> str:
    if label:
        words = ngettext("{count:,} image is labeled “{label}”.", "{count:,} images are labeled “{label}”.", count)
    else:
        words = ngettext("{count:,} image is without a label now.", "{count:,} images are without a label now.", count)
    return words.format(count=count, label=label)
