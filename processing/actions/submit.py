"""From a request to a job: validate, reserve credits, write the rows, and after the commit wake the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from pydantic import BaseModel

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import approvals, audit, credits
from accounts.kit.errors import Conflict, InvalidInput, PackshotError
from accounts.limits import idempotency
from accounts.limits.idempotency import Claim
from accounts.models import Approval
from processing.actions import wake
from processing.actions.assets import hold
from processing.actions.storage_room import refuse_if_full
from processing.models import Asset, Blob, Job, JobImage, Status
from processing.models.priority import BATCH, PREVIEW, SINGLE
from processing.operations.base import Operation
from processing.operations.registry import find as find_operation
from processing.operations.registry import price
from processing.queries.lineage import lineages
from processing.queries.presets import preset_parameters


@dataclass(frozen=True, slots=True)
class Refused:
    """A photo of a batch that cannot be worked on: it keeps its place and ends as failed, at no cost."""

    name: str
    error: PackshotError


@dataclass(frozen=True, slots=True)
class NoPhoto:
    """The place of a photo where the operation makes its image of nothing."""

    name: str = "image"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, before validation. `parameters` are the explicit fields as they were given."""

    sources: Sequence[Asset | Refused | NoPhoto]
    operation: str = "process"
    parameters: Mapping[str, Any] | None = None
    preset: str = ""
    preset_label: str = ""
    background: Asset | None = None
    webhook_url: str = ""
    purpose: Job.Purpose = Job.Purpose.WORK
    names: Sequence[str] = ()
    # The corrected cut of each photo, where the version that it is worked on has one: the id of its blob.
    mattes: Sequence[int | None] = ()
    # In the file space: one for each image that is made of the only photo.
    output_paths: Sequence[str] = ()
    # The call that this job answers, where it was sent with an Idempotency-Key.
    claim: Claim | None = None


def submit(actor: Actor, request: Request) -> Job:
    """Accepts the work or raises; a refusal leaves nothing behind."""
    operation = find_operation(request.operation)
    actor.require(Permission(operation.scope))
    parameters = merged_parameters(
        actor,
        operation,
        preset=request.preset,
        given=request.parameters or {},
        background_image=request.background is not None,
    )
    _check_sources(actor, operation, parameters, request)
    if request.purpose != Job.Purpose.PREVIEW:
        refuse_if_full(actor)
    label = clean_label(request.preset_label)
    return _write(
        actor, operation, parameters.model_dump(mode="json", by_alias=True, exclude_none=True), label, request
    )


def merged_parameters(
    actor: Actor, operation: Operation[Any], *, preset: str, given: Mapping[str, Any], background_image: bool
) -> BaseModel:
    """The preset's parameters with the given ones in their place. Raises InvalidInput with every wrong field."""
    return operation.merge(
        preset_parameters(actor, preset, operation=operation.name) if preset else {},
        given,
        background_image=background_image,
        max_pixels=settings.MAX_IMAGE_PIXELS,
    )


def clean_label(text: str) -> str:
    label = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(label) > 200:
        raise InvalidInput(gettext("Use at most 200 characters."), field="presetLabel")
    return label


def check_count(count: int) -> None:
    if count < 1:
        raise InvalidInput(gettext("Send an image."), field="image")
    if count > settings.MAX_BATCH_IMAGES:
        raise InvalidInput(
            gettext("Send at most {max_batch_images} images in one job.").format(
                max_batch_images=settings.MAX_BATCH_IMAGES
            ),
            field="image",
        )


def _check_sources(actor: Actor, operation: Operation[Any], parameters: BaseModel, request: Request) -> None:
    check_count(len(request.sources))
    assets = [source for source in request.sources if isinstance(source, Asset)]
    bare = [source for source in request.sources if isinstance(source, NoPhoto)]
    if not assets and not bare:
        raise next(source.error for source in request.sources if isinstance(source, Refused))
    if bare:
        if operation.photo == "required" or len(request.sources) > 1:
            raise RuntimeError("a photo is missing, and reached submit")
        operation.check(parameters, (0, 0), max_pixels=settings.MAX_IMAGE_PIXELS)
    for asset in (*assets, *([request.background] if request.background else [])):
        if asset.organization_id != actor.organization.pk:
            raise RuntimeError("an asset of another organization reached submit")
    for asset in assets:
        operation.check(parameters, (asset.width, asset.height), max_pixels=settings.MAX_IMAGE_PIXELS)


@transaction.atomic
def _write(actor: Actor, operation: Operation[Any], parameters: dict[str, Any], label: str, request: Request) -> Job:
    count = len(request.sources)
    accepted = sum(not isinstance(source, Refused) for source in request.sources)
    preview = request.purpose == Job.Purpose.PREVIEW
    _hold(request.mattes)
    job = Job(
        organization=actor.organization,
        purpose=request.purpose,
        operation=operation.name,
        parameters=parameters,
        preset=request.preset,
        preset_label=label,
        background=request.background,
        image_count=count,
        sandbox=actor.sandbox,
        output_paths=list(request.output_paths),
        webhook_url=request.webhook_url,
        created_by=actor.user,
        api_key=actor.api_key,
        endpoint=actor.endpoint[:100],
    )
    if not preview:
        job.credits_reserved = credits.reserve(
            actor, amount=price(operation.name, parameters) * accepted, job_id=job.pk
        )
    named = [source for source in request.sources if isinstance(source, Asset)]
    hold([*named, request.background] if request.background else named)
    job.save(force_insert=True)
    if request.claim:
        idempotency.attach(request.claim, job.pk)
    waits = not preview and approvals.needed_to_spend(actor, job.credits_reserved)
    if waits:
        what = f"{operation.title}, {label}" if label else operation.title
        approvals.ask(
            actor, kind=Approval.Kind.JOB, target_id=job.pk, title=what, images=accepted, credits=job.credits_reserved
        )
    measured_first = bool(parameters.get("sameScale")) and accepted > 1
    priority = PREVIEW if preview else SINGLE if count == 1 else BATCH
    phase = JobImage.Phase.MEASURE if measured_first else JobImage.Phase.RENDER
    known = lineages(actor, named)

    def image(index: int, source: Asset | Refused | NoPhoto) -> JobImage:
        row = JobImage(
            organization=actor.organization,
            job=job,
            index=index,
            name=request.names[index] if request.names else source.name,
            label=label,
            parked=waits,
            priority=priority,
            phase=phase,
        )
        if isinstance(source, Asset):
            row.source = source
            row.matte_id = request.mattes[index] if request.mattes else None
            row.origin, row.parent_id = known[source.pk].origin, known[source.pk].parent
        elif isinstance(source, NoPhoto):
            row.without_photo = True
            row.origin = row.pk.hex
        else:
            row.status = Status.FAILED
            row.error = {"code": source.error.code, "detail": source.error.detail}
            row.finished_at = timezone.now()
        return row

    JobImage.unscoped.bulk_create(image(index, source) for index, source in enumerate(request.sources))
    if not preview:
        audit.record(
            actor,
            "job.submitted",
            target_kind="job",
            target_id=job.pk,
            details={"operation": operation.name, "images": count, "credits": job.credits_reserved},
        )
    wake.after_commit(accepted)
    return job


def _hold(mattes: Sequence[int | None]) -> None:
    """Keeps the corrected cuts from being removed until the commit; each goes with the last image that uses it."""
    wanted = {matte for matte in mattes if matte is not None}
    if not wanted:
        return
    held = set(Blob.unscoped.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True))
    if held != wanted:
        raise Conflict(gettext("The corrected cut was deleted in the meantime. Open the image again."))
