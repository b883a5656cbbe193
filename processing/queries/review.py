"""What waits to be looked at, the doubtful first."""

from __future__ import annotations

import uuid

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import Job, JobImage

# Where the badge of an image stops to say that it is sure. A product that the frame cuts off stays below it.
DOUBTFUL_BELOW = 0.8
QUEUE_UP_TO = 1000


def doubtful() -> Q:
    """Images whose cut-out somebody should look at."""
    return Q(confidence__lt=DOUBTFUL_BELOW)


def is_doubtful(image: JobImage) -> bool:
    """The same of one row, while nobody has decided on it."""
    unsure = image.confidence is not None and image.confidence < DOUBTFUL_BELOW
    return unsure and image.in_library and image.review == JobImage.Review.PENDING


def review_queue(actor: Actor, *, job_id: uuid.UUID | None = None) -> list[uuid.UUID]:
    """The images to go through, in order: the least sure first, at most 1,000.

    Of one job: all of its finished images, decided or not, so that a batch keeps its count while it is gone through.
    Otherwise the organization's doubtful images that nobody has decided on.
    """
    found = _finished(actor)
    if job_id is not None:
        rank = Case(When(doubtful(), then=Value(0)), default=Value(1), output_field=IntegerField())
        return list(_ids(found.filter(job=job_id).order_by(rank, F("confidence").asc(nulls_last=True), "pk")))
    pending = found.filter(doubtful(), review=JobImage.Review.PENDING)
    return list(_ids(pending.order_by("confidence", "pk")))


def review_job(actor: Actor, job_id: uuid.UUID) -> Job:
    """The job that a review is limited to. Raises NotFound."""
    actor.require(Permission.JOBS_READ)
    found = Job.objects.of(actor).filter(pk=job_id).first()
    if found is None:
        raise NotFound(gettext("There is no such job."))
    return found


def review_image(actor: Actor, image_id: uuid.UUID) -> JobImage:
    """One finished image with its job, photo and output. Raises NotFound."""
    found = _finished(actor).select_related("job", "source", "output").filter(pk=image_id).first()
    if found is None:
        raise NotFound(gettext("There is no such image. It may have been deleted."))
    return found


def decisions(actor: Actor, *, job_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """What was decided on each finished image of a job."""
    return dict(_finished(actor).filter(job=job_id).values_list("pk", "review"))


def _finished(actor: Actor) -> QuerySet[JobImage]:
    actor.require(Permission.IMAGES_READ)
    return JobImage.objects.of(actor).filter(in_library=True, output__isnull=False)


def _ids(found: QuerySet[JobImage]) -> QuerySet[JobImage, uuid.UUID]:
    return found.values_list("pk", flat=True)[: QUEUE_UP_TO + 1]
