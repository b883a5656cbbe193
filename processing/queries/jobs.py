"""Jobs and their photos."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, NotFound
from processing.models import Job, JobImage, Status

_RARE = 500
_OUTCOME = (
    "job", "index", "name", "status", "step", "steps", "subject_box", "coverage", "confidence", "engine", "warnings",
    "error", "output__format", "output__width", "output__height", "output__blob__bytes", "output__blob__sha256",
)  # fmt: skip
# And what the image itself is answered with.
_BYTES = ("output__name", "output__organization", "output__blob__organization")


def jobs(actor: Actor, *, status: str = "", preset_label: str | None = None, search: str = "") -> QuerySet[Job]:
    """The organization's jobs (previews left out) without their photos. Raises InvalidInput for an unknown status."""
    actor.require(Permission.JOBS_READ)
    found = Job.objects.of(actor).filter(purpose=Job.Purpose.WORK).select_related("created_by", "api_key")
    if status:
        if status not in Status.values:
            raise InvalidInput(
                gettext("The status is one of {values}.").format(values=", ".join(Status.values)), field="status"
            )
        found = found.filter(status=status)
    if preset_label is not None:
        found = found.filter(preset_label=preset_label)
    return found.filter(_named(actor, search)) if search else found


def _named(actor: Actor, search: str) -> Q:
    """By label, or by the name of a photo. What is rare is found through the two indexes of words, each asked by
    itself; what is frequent by going through the newest jobs, of which enough fit."""
    by_label = Job.objects.of(actor).filter(purpose=Job.Purpose.WORK, preset_label__icontains=search)
    photos = JobImage.objects.of(actor).filter(name__icontains=search)
    ids = list(by_label.order_by().values_list("pk", flat=True)[: _RARE + 1])
    if len(ids) <= _RARE:
        named = list(photos.order_by().values_list("job_id", flat=True)[: _RARE + 1])
        if len(named) <= _RARE:
            return Q(pk__in={*ids, *named})
    return Q(preset_label__icontains=search) | Q(Exists(photos.filter(job=OuterRef("pk"))))


def with_images(found: QuerySet[Job]) -> QuerySet[Job]:
    """The jobs with their photos, sources and outputs, in three queries."""
    images = JobImage.unscoped.select_related("output__blob", "source__blob").defer("report").order_by("index")
    return found.prefetch_related(Prefetch("images", queryset=images))


def with_outcomes(found: QuerySet[Job]) -> QuerySet[Job]:
    """The jobs with what answers and events tell of their photos, and no more: a list of jobs may have thousands."""
    images = JobImage.unscoped.select_related("output__blob").only(*_OUTCOME).order_by("index")
    return found.prefetch_related(Prefetch("images", queryset=images))


def job(actor: Actor, job_id: uuid.UUID, *, needs: Permission = Permission.JOBS_READ) -> Job:
    """One job with its photos. Raises NotFound. `needs`: what the call that shows it asks for."""
    actor.require(needs)
    return _first(with_images(Job.objects.of(actor).filter(pk=job_id).select_related("created_by", "api_key")))


def job_with_outcomes(actor: Actor, job_id: uuid.UUID, *, needs: Permission) -> Job:
    """One job as answers tell of it. Raises NotFound. `needs`: what the call asks for."""
    actor.require(needs)
    return _first(with_outcomes(Job.objects.of(actor).filter(pk=job_id)))


def own_job(actor: Actor, job_id: uuid.UUID) -> Job:
    """The job an image call has just submitted: its answer needs no scope beyond the call's own."""
    actor.require(Permission.IMAGES_WRITE)
    images = JobImage.unscoped.select_related("output__blob").only(*_OUTCOME, *_BYTES).order_by("index")
    return _first(Job.objects.of(actor).filter(pk=job_id).prefetch_related(Prefetch("images", queryset=images)))


def _first(found: QuerySet[Job]) -> Job:
    one = found.first()
    if one is None:
        raise NotFound(gettext("There is no such job."))
    return one


def progress(found: Job) -> int:
    """0 to 100 over all photos of the job (prefetched)."""
    images = list(found.images.all())
    if found.status == Status.SUCCEEDED:
        return 100
    return sum(100 if image.ended else image.progress for image in images) // max(len(images), 1)
