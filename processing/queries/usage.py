"""What an organization has done lately, for its first page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from processing.models import OPEN_STATUSES, Job, JobImage, Status
from processing.queries.review import doubtful


@dataclass(frozen=True, slots=True)
class Day:
    """Images finished on a day of the viewer's zone."""

    day: date
    images: int


def images_by_day(actor: Actor, *, days: int = 30) -> list[Day]:
    """The last `days` days, oldest first, days without images included."""
    actor.require(Permission.JOBS_READ)
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    counted = dict(
        JobImage.objects.of(actor)
        .filter(in_library=True, finished_at__gte=timezone.now() - timedelta(days=days + 1))
        .annotate(day=TruncDate("finished_at"))
        .values_list("day")
        .annotate(count=Count("*"))  # from the index alone
        .order_by()
    )
    return [Day(day, counted.get(day, 0)) for day in (first + timedelta(days=number) for number in range(days))]


def todays_images(actor: Actor, *, most: int = 18) -> list[JobImage]:
    """The newest outputs of today, newest first."""
    actor.require(Permission.IMAGES_READ)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return list(
        JobImage.objects.of(actor)
        .filter(in_library=True, output__isnull=False, finished_at__gte=midnight)
        .select_related("output")
        .order_by("-id")[:most]
    )


def failed_lately(actor: Actor, *, days: int = 3, most: int = 5) -> list[Job]:
    """Jobs that failed within the last days and were not run again, newest first."""
    actor.require(Permission.JOBS_READ)
    return list(Job.objects.of(actor).filter(_failed_since(days)).order_by("-id")[:most])


def failed_in_each(actors: Sequence[Actor], *, days: int = 3) -> dict[uuid.UUID, int]:
    """How many such jobs there are in each of a person's organizations; those with none are left out."""
    return _jobs_in_each(actors, _failed_since(days))


def running_in_each(actors: Sequence[Actor]) -> dict[uuid.UUID, int]:
    """How many jobs wait or are worked on in each of a person's organizations; those with none are left out."""
    return _jobs_in_each(actors, Q(purpose=Job.Purpose.WORK, status__in=OPEN_STATUSES))


def waits_for_review(actor: Actor) -> int:
    """Outputs of doubtful quality that nobody has looked at (counted to 100)."""
    actor.require(Permission.IMAGES_READ)
    return JobImage.objects.of(actor).filter(doubtful(), in_library=True, review="pending")[:100].count()


def _failed_since(days: int) -> Q:
    since = timezone.now() - timedelta(days=days)
    return Q(purpose=Job.Purpose.WORK, status=Status.FAILED, finished_at__gte=since, retries__isnull=True)


def _jobs_in_each(actors: Sequence[Actor], which: Q) -> dict[uuid.UUID, int]:
    able = [actor.organization.pk for actor in actors if actor.may(Permission.JOBS_READ)]
    found = Job.unscoped.filter(which, organization__in=able).order_by()
    return dict(found.values_list("organization").annotate(Count("pk")))
