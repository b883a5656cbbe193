"""What the Studio's templates are given, part by part."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput
from dashboard.pages.studio_bill import bill
from dashboard.pages.studio_choices import Choices
from dashboard.pages.studio_frames import frame, seen
from dashboard.preset_card import card
from dashboard.templatetags.frames import frame_of
from processing.imaging.colors import GradientDirection
from processing.imaging.placement import Align
from processing.models import JobImage, Status, StudioPhoto
from processing.operations.picture_fields import Format
from processing.operations.presets import PRESETS
from processing.operations.process import Edges, Process, ProcessParameters, Shadow, for_preview, merge
from processing.queries.download_names import download_names, download_of
from processing.queries.presets import own_presets
from processing.queries.previews import find_preview
from processing.queries.studio import corrected, is_done_with, progress, result, was_tried_with
from processing.queries.workers import live_workers

_DIRECTIONS = {
    "vertical": gettext_lazy("Top to bottom"),
    "horizontal": gettext_lazy("Left to right"),
    "diagonal-tl-br": gettext_lazy("From the top left"),
    "diagonal-bl-tr": gettext_lazy("From the bottom left"),
}
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "avif": "AVIF"}


def film(photos: Sequence[StudioPhoto]) -> dict[str, Any]:
    frames = [frame(photo) for photo in photos]
    return {"frames": frames, "seen": seen(frames)}


def run(photos: Sequence[StudioPhoto]) -> dict[str, Any]:
    """The bar above the strip: how many photos, how far the open jobs are, what can be downloaded."""
    return {
        "count": len(photos),
        "done": sum(result(photo) is not None for photo in photos),
        "progress": progress(photos),
    }


def process(
    actor: Actor, choices: Choices, photos: Sequence[StudioPhoto], chosen: Iterable[uuid.UUID] = ()
) -> dict[str, Any]:
    return {"bill": bill(actor, choices, photos, set(chosen)), "choices": choices}


def panel(actor: Actor, choices: Choices) -> dict[str, Any]:
    """Preset cards and parameters."""
    own = [
        (preset.slug, preset.title, "", dict(preset.parameters)) for preset in own_presets(actor, operation="process")
    ]
    built_in = [(spec.slug, gettext(spec.title), spec.marketplace, spec.parameters) for spec in PRESETS.values()]
    hidden = {slug for slug, *_ in own}
    cards = [
        {
            "slug": slug,
            "title": title,
            "marketplace": marketplace,
            "icon": "scissors" if slug in PRESETS else "sliders-horizontal",
            "numbers": card(merge(parameters, {}), short=True),
        }
        for slug, title, marketplace, parameters in (*own, *(row for row in built_in if row[0] not in hidden))
    ]
    return {"cards": cards, "choices": choices, "values": choices.values, "errors": choices.errors} | {
        "words": {
            info.alias or name: {
                "title": gettext(info.title or name),
                "description": gettext(info.description) if info.description else "",
            }
            for name, info in ProcessParameters.model_fields.items()
        },
        "aligns": get_args(Align),
        "shadows": get_args(Shadow),
        "edges": get_args(Edges),
        "formats": [(value, _FORMATS[value]) for value in get_args(Format)],
        "directions": [(value, _DIRECTIONS[value]) for value in get_args(GradientDirection)],
    }


def stage(actor: Actor, choices: Choices, photo: StudioPhoto | None) -> dict[str, Any]:
    """The chosen photo: `after` is its image with these settings, else a preview of it, else an earlier image."""
    if photo is None:
        return {"frame": None}
    made, kind = _best(actor, choices, photo)
    recipe = choices.recipe
    return {
        "frame": frame(photo),
        "current": photo.pk,
        "latest": photo.latest,
        "after": made.output if made else None,
        "after_frame": frame_of(made) if made else "",
        "after_kind": kind,
        "warnings": worth_saying(made, preview=kind == "preview") if made and kind != "earlier" else [],
        "made": result(photo),
        "download_name": _download_name(choices, photo),
        "wants_preview": recipe is not None
        and kind not in ("result", "preview")
        and not was_tried_with(photo, recipe.parameters, recipe.background_id),
    }


def worth_saying(image: JobImage, *, preview: bool) -> list[dict[str, str]]:
    """Warnings about an image. That there is no model is said once for the whole page, and a preview is made from a
    small copy of the photo, so how much that was enlarged says nothing."""
    left_out = {"engine_grabcut", "enlarged"} if preview else {"engine_grabcut"}
    return [warning for warning in image.warnings if warning["code"] not in left_out]


def notices() -> dict[str, Any]:
    """What the installation has to say: no worker, or no model."""
    workers = live_workers()
    return {
        "no_worker": not workers,
        "grabcut": bool(workers) and workers[0].engine == "grabcut",
        "max_bytes": settings.MAX_UPLOAD_BYTES,
        "max_megabytes_text": f"{settings.MAX_UPLOAD_BYTES // 1_000_000} MB",
    }


def choose(photos: Sequence[StudioPhoto], wanted: str) -> StudioPhoto | None:
    """The photo of that id, else the first one."""
    return next((photo for photo in photos if str(photo.pk) == wanted), photos[0] if photos else None)


def _download_name(choices: Choices, photo: StudioPhoto) -> str:
    made = result(photo)
    if made is None:
        return ""
    try:
        return download_names(choices.names, [download_of(made)])[0]
    except InvalidInput:  # said where the template is written; one image can be had without it
        return download_names("", [download_of(made)])[0]


def _best(actor: Actor, choices: Choices, photo: StudioPhoto) -> tuple[JobImage | None, str]:
    made, recipe = result(photo), choices.recipe
    if recipe is None:
        return made, "earlier" if made else ""
    if is_done_with(photo, recipe.parameters, recipe.background_id):
        return made, "result"
    size = (photo.asset.width, photo.asset.height)
    parameters = for_preview(merge(recipe.parameters, {}), size)
    job = find_preview(actor, photo.asset, Process.name, parameters, recipe.background_id, matte=corrected(photo))
    if job and job.status == Status.SUCCEEDED and (preview := job.images.select_related("output").first()):
        return (preview, "preview") if preview.output else (made, "earlier" if made else "")
    return made, "earlier" if made else ""
