"""The publish form: image, shop, product, place, then the image goes out."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound, PackshotError
from dashboard.access import member
from dashboard.listing import asked, listing
from dashboard.publish_form import PublishForm, read_form
from integrations.actions.publish import ComplianceFailed, Wanted, publish
from integrations.queries.connections import connection, connections
from integrations.queries.products import product
from processing.queries.library import LibraryFilter, library_images

PAGE_SIZE = 24
_PLACE = ("connection", "product", "variant", "slot")
_REFUSALS = (400, 404, 409)


@require_http_methods(["GET", "POST"])
@member(Permission.PUBLISH_WRITE)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Without an image those to choose from; with htmx the form, or its products, alone. A POST publishes."""
    if request.method == "POST":
        return _publish(request, actor)
    if not request.GET.get("image"):
        return _images(request, actor)
    return _form(request, read_form(actor, request.GET))


def _target(actor: Actor, place: Mapping[str, str]) -> str:
    """The chosen product by its name, empty where there is none."""
    try:
        row = connection(actor, UUID(place.get("connection", "")))
        return product(actor, row, place.get("product", "")).title
    except (ValueError, NotFound):
        return ""


def _publish(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = read_form(actor, request.POST)
    if form.why_not or form.shop is None or form.product is None or form.place is None:
        return _form(request, form, problem=form.why_not, status=400)
    wanted = Wanted(
        image_id=form.image.pk,
        connection_id=form.shop.row.pk,
        product=form.product.remote_id,
        variant=form.variant.remote_id if form.variant else "",
        slot=form.place.slot,
        dry_run="dry_run" in request.POST and form.shop.capabilities.dry_run,
        override_reason=form.typed["override_reason"],
    )
    if moved := _moved(form, request.POST):
        return _form(request, form, problem=moved, status=409)
    try:
        row = publish(actor, wanted=wanted)
    except ComplianceFailed as error:
        form.judged = error.judged
        return _form(request, form, problem=error.detail, status=error.status)
    except PackshotError as error:
        if error.status not in _REFUSALS:
            raise
        form.problems |= {each.field: each.detail for each in error.errors}
        return _form(request, form, problem=error.detail, status=error.status)
    return redirect("publication", row.pk)


def _moved(form: PublishForm, given: Mapping[str, str]) -> str:
    """A choice that was shown and does not hold any more: then nothing is published anywhere else."""
    assert form.shop is not None
    assert form.product is not None
    assert form.place is not None
    if given.get("connection", "") != str(form.shop.row.pk) or given.get("product", "") != form.product.remote_id:
        return gettext("The shop or the product is not there any more. Look at the choices below.")
    if given.get("variant", "") != (form.variant.remote_id if form.variant else ""):
        return gettext("The variant is not there any more. Look at the choices below.")
    if given.get("slot", "") != form.place.slot:
        return gettext("The place is not there any more. Look at the choices below.")
    return ""


def _form(request: HttpRequest, form: PublishForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    parts = {"publish": "#form", "publish-products": "#products"}
    part = parts.get(request.headers.get("HX-Target", ""), "") if request.method == "GET" else ""
    return render(request, f"pages/publish.html{part}", {"form": form, "problem": problem}, status=status)


def _images(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`connection`, `product`, `variant` and `slot` go along: the place may be chosen first."""
    search = asked(request, "q")["q"]
    place = {name: value for name, value in asked(request, *_PLACE).items() if value}
    found = library_images(actor, LibraryFilter(search=" ".join(search.split())))
    context = {
        "listing": listing(request, found.defer("report"), size=PAGE_SIZE),
        "search": search,
        "place": place,
        "kept": f"&{urlencode(place)}" if place else "",
        "target": _target(actor, place),
        "any_image": library_images(actor).exists(),
        "any_shop": connections(actor).exists(),
    }
    part = "#images" if request.headers.get("HX-Target") == "publish-images" else ""
    return render(request, f"pages/publish_choose.html{part}", context)
