"""Correcting the cut of a finished image by pointing: a preview after each mark, and the new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from django.conf import settings
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict
from processing.actions.preview import proxy_of, small_job
from processing.actions.submit import Request, submit
from processing.models import Asset, Job, JobImage
from processing.operations.process import ProcessParameters, Shadow
from processing.operations.segment import OPERATION, SegmentParameters
from processing.queries.cut import cuts, first_step

_OWN = {"marks", "start", "clicks"}
_SHOWN = {"output": "mask", "format": "png", "edges": "fast"}
_FIELDS = {info.alias or name for name, info in SegmentParameters.model_fields.items()} - _OWN


def preview_cut(actor: Actor, image: JobImage, marks: object, *, clicks: str = "grabcut") -> Job:
    """The mask of a small copy of the photo with the marks (as of segment; None for the cut as it is) applied.

    Raises InvalidInput for wrong marks, Conflict where there is nothing to correct.
    """
    actor.require(Permission.IMAGES_WRITE)
    photo = _photo(image)
    _, asked = first_step(image.job)
    parameters: ProcessParameters
    if marks:
        given = _checked({"marks": marks, "clicks": clicks}, photo)
        proxy = proxy_of(actor, photo)
        small = given.scaled((photo.width, photo.height), (proxy.width, proxy.height))
        parameters = OPERATION.merge({}, {**_SHOWN, **_model(asked), "clicks": clicks, "marks": small})
    else:
        parameters = ProcessParameters.model_validate({**_SHOWN, **_model(asked)})
    operation = OPERATION.name if marks else "process"
    return small_job(actor, operation, parameters, asset=photo, matte=image.matte_id)


def save_cut(actor: Actor, image: JobImage, marks: object, *, clicks: str = "grabcut") -> Job:
    """A new version beside the image: what was asked for then, with the corrected cut.

    Raises InvalidInput for wrong marks, Conflict where there is nothing to correct.
    """
    actor.require(Permission.IMAGES_WRITE)
    photo, job = _photo(image), image.job
    operation, asked = first_step(job)
    parameters = {**_carried(operation, asked), "marks": marks, "clicks": clicks}
    _checked(parameters, photo)
    name: str = OPERATION.name
    if job.operation == "recipe":  # the other steps work on what the corrected one makes
        rest: Sequence[Any] = job.parameters["steps"][1:]
        name, parameters = "recipe", {"steps": [{"operation": name, "parameters": parameters}, *rest]}
    return submit(
        actor,
        Request(
            sources=[photo],
            names=[image.name],
            operation=name,
            parameters=parameters,
            preset_label=image.label,
            background=job.background,
            mattes=[image.matte_id],
        ),
    )


def _photo(image: JobImage) -> Asset:
    if image.source is None:
        raise Conflict(
            gettext("The original photo was deleted, so its cut cannot be corrected. Upload it again in the Studio.")
        )
    if not cuts(image.job):
        raise Conflict(gettext("Nothing was cut out for this image, so there is no cut to correct."))
    return image.source


def _checked(given: Mapping[str, object], photo: Asset) -> SegmentParameters:
    parameters = OPERATION.merge({}, given, max_pixels=settings.MAX_IMAGE_PIXELS)
    OPERATION.check(parameters, (photo.width, photo.height), max_pixels=settings.MAX_IMAGE_PIXELS)
    return parameters


def _carried(operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What of the earlier parameters a corrected cut is finished with; a bare cut-out where they are of other kinds."""
    if operation == "generate_background":
        return {}
    carried = {name: value for name, value in asked.items() if name in _FIELDS}
    if carried.get("shadow") not in get_args(Shadow):
        carried.pop("shadow", None)
    return carried


def _model(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": asked["model"]} if asked.get("model") else {}
