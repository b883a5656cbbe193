"""A preset or a recipe run over many images of the library, as one job."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from processing.actions.edit import corrected
from processing.actions.submit import Request, check_count, merged_parameters, submit
from processing.models import OPEN_STATUSES, Asset, Job, JobImage
from processing.operations.registry import find as find_operation
from processing.operations.registry import price
from processing.queries.library import library_images
from processing.queries.presets import operation_of

# What it starts from: the finished images as they are, or the photos that these were made of.
Start = Literal["image", "photo"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`name` is empty for an image that is not there any more."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What running it would do. `price`: credits for one image. `label`: the one that all images have, or empty."""

    operation: str
    preset: str
    parameters: Mapping[str, Any]
    sources: Sequence[Asset]
    names: Sequence[str]
    mattes: Sequence[int | None]
    label: str
    price: int
    left_out: Sequence[LeftOut]

    @property
    def count(self) -> int:
        return len(self.sources)

    @property
    def total(self) -> int:
        return self.price * self.count


def plan_run(actor: Actor, *, image_ids: Sequence[uuid.UUID], preset: str, start: Start = "image") -> RunPlan:
    """Which of the images it would work on, and why not on the others. Raises InvalidInput for an unknown preset."""
    operation = find_operation(operation_of(actor, preset))
    actor.require(Permission(operation.scope))
    parameters = merged_parameters(actor, operation, preset=preset, given={}, background_image=False)
    kept = parameters.model_dump(mode="json", by_alias=True, exclude_none=True)
    found = library_images(actor).select_related("source__blob").filter(pk__in=image_ids).order_by("-job_id", "index")
    images = list(found)
    left_out = [LeftOut("", "It is not in the library any more.")] * (len(set(image_ids)) - len(images))
    sources: dict[int, Asset] = {}  # by what is in them: the same photo may have been sent twice
    names: list[str] = []
    mattes: list[int | None] = []
    in_work = _in_work(actor, operation.name, kept)
    for image in images:
        source = image.output if start == "image" else image.source
        if source is None:
            left_out.append(LeftOut(image.name, "Its photo was deleted."))
        elif source.blob_id in sources:
            left_out.append(LeftOut(image.name, "It was made of the same photo as another one."))
        elif source.blob_id in in_work:
            left_out.append(LeftOut(image.name, "This is running over it already."))
        else:
            try:
                operation.check(parameters, (source.width, source.height), max_pixels=settings.MAX_IMAGE_PIXELS)
            except InvalidInput as error:
                left_out.append(LeftOut(image.name, error.detail))
            else:
                sources[source.blob_id] = source
                names.append(image.name)
                mattes.append(corrected(image, of_photo=start == "photo"))
    labels = {image.label for image in images}
    return RunPlan(
        operation=operation.name,
        preset=preset,
        parameters=kept,
        sources=list(sources.values()),
        names=names,
        mattes=mattes,
        label=labels.pop() if len(labels) == 1 else "",
        price=price(operation.name, kept),
        left_out=left_out,
    )


@transaction.atomic
def run_over(
    actor: Actor,
    *,
    image_ids: Sequence[uuid.UUID],
    preset: str,
    start: Start = "image",
    expected: tuple[int, int] | None = None,
) -> Job:
    """One job over the images.

    `expected`: how many images, and for how many credits, the person was told it would be. Raises Conflict, and
    charges nothing, where it is something else by now or nothing at all.
    """
    actor.require(Permission.IMAGES_WRITE)
    # Two clicks are two requests: the second waits here and then finds the images being worked on.
    own = JobImage.objects.of(actor).filter(pk__in=image_ids).order_by("pk")
    list(own.select_for_update(of=("self",)).values_list("pk"))
    plan = plan_run(actor, image_ids=image_ids, preset=preset, start=start)
    if not plan.count:
        raise Conflict(gettext("There is nothing to run it over: every chosen image is left out."))
    if expected is not None and expected != (plan.count, plan.total):
        raise Conflict(
            gettext("Something has changed in the meantime. Look at the numbers below and press the button again.")
        )
    check_count(plan.count)
    request = Request(
        sources=plan.sources,
        operation=plan.operation,
        preset=preset,
        preset_label=plan.label,
        names=plan.names,
        mattes=plan.mattes,
    )
    return submit(actor, request)


def _in_work(actor: Actor, operation: str, parameters: Mapping[str, Any]) -> set[int]:
    """The blobs over which the same is running now."""
    running = JobImage.objects.of(actor).filter(
        status__in=OPEN_STATUSES, job__operation=operation, job__purpose=Job.Purpose.WORK, source__isnull=False
    )
    found = running.values_list("source__blob_id", "job__parameters")
    return {source for source, kept in found if source is not None and kept == parameters}
