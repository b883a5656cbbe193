"""The library: finished images that are kept, and how they are found again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, NotFound
from accounts.kit.ids import first_id_at
from processing.models import JobImage
from processing.queries import client_reviews
from processing.queries.review import doubtful

_LABELS_FROM = 5000
_MOST_LABELS = 200
VERDICTS = ("pass", "warn", "fail", "none")
STATES = ("doubtful", "pending", "accepted", "rejected")


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What is looked for; an empty field asks for nothing. `since` and `until` are days, both included.

    `compliance`: a verdict, or `none` for images without one. `client`: what a client outside says of them, or `asked`
    where one is still to answer. `every_version`: those too for which somebody has made
    another version of the photo the current one.
    """

    search: str = ""
    label: str = ""
    preset: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    compliance: str = ""
    client: str = ""
    every_version: bool = False


def library_images(actor: Actor, wanted: LibraryFilter | None = None) -> QuerySet[JobImage]:
    """The organization's finished images with their outputs. Raises InvalidInput for a filter that is none."""
    actor.require(Permission.IMAGES_READ)
    found = (
        JobImage.objects.of(actor).filter(in_library=True, output__isnull=False).select_related("output__blob", "job")
    )
    if wanted is None:
        return found
    if wanted.search:
        found = found.filter(name__icontains=wanted.search)
    if wanted.label:
        found = found.filter(label=wanted.label)
    if wanted.preset:
        found = found.filter(job__preset=wanted.preset)
    if wanted.since:
        found = found.filter(finished_at__gte=_midnight(wanted.since))
    if wanted.until:
        end = _midnight(wanted.until + timedelta(days=1))
        # An image is older than its end. Its id says so too, and lets the newest first begin there.
        found = found.filter(finished_at__lt=end, pk__lt=first_id_at(end))
    if not wanted.every_version:
        found = found.filter(superseded=False)
    found = _with_verdict(found, wanted.compliance)
    if wanted.client:
        if wanted.client not in client_reviews.STATES:
            raise InvalidInput(
                gettext("The client’s answer is one of {states}.").format(states=", ".join(client_reviews.STATES)),
                field="client",
            )
        said = client_reviews.answered(actor.organization.pk, wanted.client)
        found = found.filter(output__in=said.values("asset"))
    return _in_state(found, wanted.state)


def library_image(actor: Actor, image_id: uuid.UUID) -> JobImage:
    """One of them with its job, source and output. Raises NotFound."""
    related = ("source__blob", "job__created_by", "job__api_key")
    found = library_images(actor).select_related(*related).filter(pk=image_id).first()
    if found is None:
        raise NotFound(gettext("There is no such image in the library."))
    return found


def chosen_images(actor: Actor, image_ids: Sequence[uuid.UUID]) -> list[JobImage]:
    """Those of the given images that are still there: the newest job first, its photos in their order."""
    return list(library_images(actor).filter(pk__in=image_ids).order_by("-job_id", "index"))


def neighbours(actor: Actor, image: JobImage) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The images before (newer) and after (older) this one in the library."""
    found = library_images(actor).select_related(None)
    newer = found.filter(pk__gt=image.pk).order_by("pk").values_list("pk", flat=True).first()
    older = found.filter(pk__lt=image.pk).order_by("-pk").values_list("pk", flat=True).first()
    return newer, older


def library_labels(actor: Actor) -> list[str]:
    """The labels of the latest images, by alphabet."""
    latest = library_images(actor).select_related(None).order_by("-pk")[:_LABELS_FROM]
    labels = {label for label in latest.values_list("label", flat=True) if label}
    return sorted(labels, key=str.lower)[:_MOST_LABELS]


def _with_verdict(found: QuerySet[JobImage], verdict: str) -> QuerySet[JobImage]:
    if not verdict:
        return found
    if verdict not in VERDICTS:
        raise InvalidInput(
            gettext("The verdict is one of {verdicts}.").format(verdicts=", ".join(VERDICTS)), field="compliance"
        )
    return found.filter(verdict__in=["", JobImage.Verdict.WAITING] if verdict == "none" else [verdict])


def _in_state(found: QuerySet[JobImage], state: str) -> QuerySet[JobImage]:
    if not state:
        return found
    if state not in STATES:
        raise InvalidInput(gettext("The state is one of {states}.").format(states=", ".join(STATES)), field="state")
    if state == "doubtful":
        return found.filter(doubtful(), review=JobImage.Review.PENDING)
    return found.filter(review=state)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
