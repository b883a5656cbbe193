"""What the page of a job shows: the photos around the chosen one, and figures over all of them, however many."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import OPEN_STATUSES, Asset, Job, JobImage, Status
from processing.models.progress import percent
from processing.queries.review import doubtful

# Photos of the strip: a batch may have thousands.
STRIP = 60


@dataclass(frozen=True, slots=True)
class JobPage:
    """`position`: the 1-based number of the chosen photo. `strip`: the photos beside it, the first of them with the
    0-based number `first`. `outputs`: how many images there are, `only_output` the only one. `progress`: 0 to 100.

    `kept`: photos that a new job could be made of, others were refused at submit; `unfinished`: those of them without
    an image that was made; `kept_here`, `unfinished_here`: those that can still be run: their photos
    are there, or they need none.
    """

    job: Job
    position: int
    first: int
    strip: list[JobImage]
    total: int
    done: int
    outputs: int
    only_output: Asset | None
    doubtful: int
    kept: int
    kept_here: int
    unfinished: int
    unfinished_here: int
    progress: int

    @property
    def chosen(self) -> JobImage:
        return self.strip[self.position - 1 - self.first]


def job_page(actor: Actor, job_id: uuid.UUID, *, photo: int) -> JobPage:
    """`photo`: the wanted position; what is beyond the end is the last one. Raises NotFound."""
    actor.require(Permission.JOBS_READ)
    job = Job.objects.of(actor).filter(pk=job_id).select_related("created_by", "api_key").first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    images = JobImage.objects.of(actor).filter(job=job)
    figures = _figures(images)
    position = max(1, min(photo, figures["total"]))
    first = (position - 1) // STRIP * STRIP
    shown = images.select_related("output__blob", "source__blob").defer("report").order_by("index")
    strip = list(shown[first : first + STRIP])
    for image in strip:
        image.job = job  # its progress asks for it
    return JobPage(
        job=job,
        position=position,
        first=first,
        strip=strip,
        only_output=_only_output(images, strip) if figures["outputs"] == 1 else None,
        progress=_progress(job, images, figures),
        **figures,
    )


def job_state(actor: Actor, job_id: uuid.UUID) -> str:
    """Another text as soon as the page of the job looks different, from few columns. Raises NotFound."""
    actor.require(Permission.JOBS_READ)
    job = Job.objects.of(actor).filter(pk=job_id).values_list("status", flat=True).first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    if job not in OPEN_STATUSES:
        return job
    images = JobImage.objects.of(actor).filter(job=job_id)
    counts = images.values_list("status", "parked").annotate(count=Count("pk")).order_by("status", "parked")
    running = images.filter(status=Status.RUNNING).order_by("index").values_list("index", "step")
    return "-".join(str(part) for row in [(job,), *counts, *running] for part in row)


def _figures(images: QuerySet[JobImage]) -> dict[str, int]:
    kept = Q(source__isnull=False) | Q(attempt__gt=0)
    unfinished = kept & ~Q(status=Status.SUCCEEDED)
    here = Q(source__isnull=False) | Q(without_photo=True)
    return images.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=~Q(status__in=OPEN_STATUSES)),
        outputs=Count("pk", filter=Q(output__isnull=False)),
        doubtful=Count("pk", filter=doubtful() & Q(in_library=True, review=JobImage.Review.PENDING)),
        kept=Count("pk", filter=kept),
        kept_here=Count("pk", filter=kept & here),
        unfinished=Count("pk", filter=unfinished),
        unfinished_here=Count("pk", filter=unfinished & here),
    )


def _only_output(images: QuerySet[JobImage], strip: list[JobImage]) -> Asset | None:
    if found := next((image.output for image in strip if image.output), None):
        return found
    image = images.filter(output__isnull=False).select_related("output").defer("report").first()
    return image.output if image else None


def _progress(job: Job, images: QuerySet[JobImage], figures: dict[str, int]) -> int:
    if job.status == Status.SUCCEEDED:
        return 100
    running = images.filter(status=Status.RUNNING).values_list("step", "steps")
    points = 100 * figures["done"] + sum(
        percent(step, steps, operations=job.operation_count) for step, steps in (() if job.ended else running)
    )
    return points // max(figures["total"], 1)
