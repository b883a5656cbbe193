"""The history of a photo: everything that was made of it as a tree, and which version was chosen when."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import Asset, Job, JobImage, Status, VersionChoice

MOST = 300
_MOST_CHOICES = 20


@dataclass(slots=True)
class Version:
    """One row of the tree, read from top to bottom. `depth`: 0 under the photo itself. `opens`: its children follow, a
    list of their own. `closes`: how many such lists end after it."""

    image: JobImage
    depth: int
    opens: bool = False
    closes: int = 0

    @property
    def closing(self) -> range:
        return range(self.closes)

    @property
    def deleted(self) -> bool:
        return self.image.output_id is None


@dataclass(frozen=True, slots=True)
class History:
    """`photo`: the original, None once it was deleted and where there was none. `without_photo`: there was none.
    `more`: how many older versions are left out. `deleted`: how many deleted ones of which nothing else was made.
    `chosen`: one version was made the current one."""

    photo: Asset | None
    without_photo: bool
    versions: Sequence[Version]
    more: int
    deleted: int
    chosen: bool
    choices: Sequence[VersionChoice]

    @property
    def count(self) -> int:
        return sum(not version.deleted for version in self.versions) + self.more


def history(actor: Actor, image: JobImage) -> History:
    """In four queries, however many versions there are; the newest MOST of them."""
    actor.require(Permission.IMAGES_READ)
    # What goes into a file space alone is no version of the library.
    kept = Q(in_library=True) | Q(output=None)
    every = JobImage.objects.of(actor).filter(
        kept, origin=image.origin, job__purpose=Job.Purpose.WORK, status=Status.SUCCEEDED
    )
    related = ("output__blob", "source__blob", "job__created_by", "job__api_key")
    images = list(every.select_related(*related).defer("report").order_by("-pk")[: MOST + 1])
    more = 0
    if len(images) > MOST:
        images = images[:MOST]
        more = every.count() - MOST
    made_of = [each.source for each in images if each.parent_id is None and each.source]
    shown, deleted = _without_dead_ends(images)
    choices = VersionChoice.objects.of(actor).filter(origin=image.origin).order_by("-pk")
    return History(
        photo=next((each for each in made_of if each.blob.sha256 == image.origin), None),
        without_photo=any(each.without_photo for each in images),
        versions=list(_tree(shown)),
        more=more,
        deleted=deleted,
        chosen=any(each.superseded for each in images if each.output_id),
        choices=list(choices.select_related("created_by", "image__output", "image__job")[:_MOST_CHOICES]),
    )


def version(actor: Actor, image: JobImage, version_id: uuid.UUID) -> JobImage:
    """One finished version of the same photo. Raises NotFound."""
    actor.require(Permission.IMAGES_READ)
    same = JobImage.objects.of(actor).filter(origin=image.origin, in_library=True, output__isnull=False)
    related = ("output__blob", "source__blob", "job__created_by", "job__api_key")
    found = same.select_related(*related).filter(pk=version_id).first()
    if found is None:
        raise NotFound(gettext("There is no such version of this photo."))
    return found


def _without_dead_ends(images: list[JobImage]) -> tuple[list[JobImage], int]:
    """Without the deleted ones of which nothing that is left was made, and how many those are."""
    needed: set[uuid.UUID] = set()
    kept = []
    # The newest first: an image comes after everything that was made of it.
    for image in images:
        if image.output_id is not None or image.pk in needed:
            kept.append(image)
            if image.parent_id:
                needed.add(image.parent_id)
    return kept, len(images) - len(kept)


def _tree(images: Sequence[JobImage]) -> Iterator[Version]:
    """The newest first on every level. What was made of an image that is not here comes right under the photo."""
    here = {image.pk for image in images}
    children: dict[uuid.UUID | None, list[JobImage]] = {}
    for image in images:
        children.setdefault(image.parent_id if image.parent_id in here else None, []).append(image)
    # A list of what is still to come instead of a call in a call: a photo may be worked on hundreds of times.
    waiting = [Version(image, 0) for image in reversed(children.get(None, []))]
    while waiting:
        version = waiting.pop()
        below = children.get(version.image.pk, [])
        version.opens = bool(below)
        waiting += [Version(image, version.depth + 1) for image in reversed(below)]
        if not below:
            version.closes = version.depth - (waiting[-1].depth if waiting else 0)
        yield version
