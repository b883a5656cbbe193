"""Editing an image of the library: every operation with its form, the image large beside it, what it became."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InsufficientCredits, InvalidInput, NotFound, PackshotError
from dashboard.access import member
from dashboard.edit_operations import edit_operation, edit_operations
from dashboard.job_advice import advice
from dashboard.operation_notes import operation_note
from dashboard.pages import edit_form
from dashboard.pages.edit_bill import bill
from dashboard.pages.edit_form import EditForm
from processing.actions.edit import Edit, edited, submit_edit
from processing.models import JobImage
from processing.operations.base import Operation
from processing.operations.registry import price
from processing.queries.edits import edit_of
from processing.queries.library import library_image
from processing.queries.workers import live_workers


@require_GET
@member(Permission.IMAGES_READ)
def choose(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """What can be done to the image."""
    offered = [{"operation": each, "cost": price(each.name, {}), "does": _does(each)} for each in edit_operations()]
    return render(request, "pages/edit_choose.html", {"image": library_image(actor, image_id), "offered": offered})


@require_http_methods(["GET", "POST"])
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor, image_id: uuid.UUID, operation: str) -> HttpResponse:
    """The form; a POST submits it and leads to `?job=…`, where the new version appears beside what it was made of."""
    image, chosen = library_image(actor, image_id), edit_operation(operation)
    if request.method == "POST":
        actor.require(Permission.IMAGES_WRITE)
        return _submit(request, actor, image, edit_form.sent(request, actor, chosen))
    made = _made(actor, request.GET.get("job", ""), operation)
    form = edit_form.as_made(chosen, made.job.parameters, made.job.background) if made else edit_form.fresh(chosen)
    return _page(request, actor, image, form, made=made)


def _submit(request: HttpRequest, actor: Actor, image: JobImage, form: EditForm) -> HttpResponse:
    of_photo = _of_photo(request)
    problem: PackshotError | None = None
    try:
        asset = edited(image, of_photo=of_photo)
        form.check((asset.width, asset.height))
        if "only_image" in request.POST or "no_background" in request.POST:
            return _page(request, actor, image, form)
        if form.parameters is not None and not form.refusal:
            edit = Edit(form.operation.name, form.parameters, form.background, of_photo)
            job = submit_edit(actor, image, edit)
            return redirect(_address(image, form.operation.name, job=str(job.pk), of="photo" if of_photo else ""))
    except (Conflict, InsufficientCredits, InvalidInput) as error:
        problem = error
    return _page(request, actor, image, form, problem=problem)


def _page(
    request: HttpRequest,
    actor: Actor,
    image: JobImage,
    form: EditForm,
    *,
    made: JobImage | None = None,
    problem: PackshotError | None = None,
) -> HttpResponse:
    of_photo = _of_photo(request) and image.source is not None
    context: dict[str, Any] = {
        "image": image,
        "asset": edited(image, of_photo=of_photo),
        "of_photo": of_photo,
        "edit": form,
        "operation": form.operation,
        "does": _does(form.operation),
        "operations": edit_operations(),
        "bill": bill(actor, form.operation),
        "note": operation_note(actor, form.operation.name),
        "problem": problem,
        "made": made,
        "advice": advice(made.error) if made else "",
        "no_worker": bool(made) and not made.ended and not live_workers(),  # type: ignore[union-attr]
        "again": request.get_full_path(),
    }
    if request.headers.get("HX-Target") == "edit-stage":
        return render(request, "parts/edit/stage.html", context)
    status = problem.status if problem else 400 if form.wrong and request.method == "POST" else 200
    return render(request, "pages/edit.html", context, status=status)


def _made(actor: Actor, job_id: str, operation: str) -> JobImage | None:
    """What the job of the address makes; None where it names none, or one of another operation."""
    try:
        found = edit_of(actor, uuid.UUID(job_id)) if job_id else None
    except (ValueError, NotFound):
        return None
    return found if found and found.job.operation == operation else None


def _does(operation: Operation[Any]) -> str:
    """The first sentence about it: what follows is for programs."""
    return gettext(operation.description.partition(". ")[0].rstrip(".") + ".")


def _of_photo(request: HttpRequest) -> bool:
    return (request.POST if request.method == "POST" else request.GET).get("of") == "photo"


def _address(image: JobImage, operation: str, **query: str) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{reverse('edit', args=[image.pk, operation])}?{urlencode(kept)}"
