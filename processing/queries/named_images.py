"""Finished images by what they are called: of a job, of a label, or by a list of file names."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from processing.imaging.formats import EXTENSIONS
from processing.models import JobImage
from processing.queries.library import library_images

# As people's files end; an image is found by its photo's name with any of them.
_ENDINGS = sorted({*EXTENSIONS.values(), "jpeg", "JPG", "JPEG", "PNG", "tif", "tiff", "heic", "HEIC"})
# Of one name, so that a photo that was processed a hundred times does not fill the list.
_MOST_OF_A_NAME = 3


def latest_images(actor: Actor, *, most: int) -> list[JobImage]:
    """The newest that are the current version of their photo and were not rejected."""
    found = library_images(actor).filter(superseded=False).exclude(review=JobImage.Review.REJECTED)
    return list(found.defer("report").order_by("-job_id", "index")[:most])


def labeled_images(actor: Actor, *, label: str, most: int) -> list[JobImage]:
    """The newest with the label that are the current version of their photo and were not rejected."""
    found = library_images(actor).filter(label=label, superseded=False).exclude(review=JobImage.Review.REJECTED)
    return list(found.defer("report").order_by("-job_id", "index")[:most])


def job_images(actor: Actor, *, job_id: uuid.UUID, most: int) -> list[JobImage]:
    """Those of a job, in its order, that are still there and were not rejected."""
    found = library_images(actor).filter(job_id=job_id).exclude(review=JobImage.Review.REJECTED)
    return list(found.defer("report").order_by("index")[:most])


def images_named(actor: Actor, names: Collection[str]) -> dict[str, list[JobImage]]:
    """By each of the names, the newest first: current images whose photo or file is called so, whatever the ending."""
    actor.require(Permission.IMAGES_READ)
    asked: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        for spelling in _spellings(name):
            asked[spelling].append(name)
    found = library_images(actor).filter(superseded=False).exclude(review=JobImage.Review.REJECTED)
    rows = found.filter(Q(name__in=asked) | Q(output__name__in=asked)).defer("report").order_by("-pk")
    result: defaultdict[str, list[JobImage]] = defaultdict(list)
    for row in rows:
        called = {row.name, row.output.name if row.output else ""}
        for name in {name for spelling in called for name in asked.get(spelling, ())}:
            if len(result[name]) < _MOST_OF_A_NAME:
                result[name].append(row)
    return dict(result)


def _spellings(name: str) -> Sequence[str]:
    file = name.replace("\\", "/").rpartition("/")[2].strip()
    stem, dot, _ = file.rpartition(".")
    stems = {file, stem} if dot and stem else {file}
    return [file, *(f"{each}.{ending}" for each in stems for ending in _ENDINGS)]
