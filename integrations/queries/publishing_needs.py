"""What of publishing waits for a person: refused and failed publications, runs that want a look."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from integrations.models import Publication, PublishRun
from integrations.queries.connections import seen_by_one
from integrations.queries.publications import publications, runs

_SHOWN = 3
_DAYS = timedelta(days=7)
_Status, _Run = Publication.Status, PublishRun.Status


def failed_publications(actor: Actor) -> list[Publication]:
    """The newest of a week that belong to no run, and whose place nobody has published to since."""
    failed = publications(actor).filter(
        status__in=(_Status.FAILED, _Status.REJECTED), run=None, dry_run=False, sandbox=False,
        connection__disconnected_at=None, finished_at__gte=timezone.now() - _DAYS,
    )  # fmt: skip
    place = {name: OuterRef(name) for name in ("connection", "product", "variant", "slot")}
    later = Publication.objects.of(actor).filter(**place, pk__gt=OuterRef("pk"), dry_run=False, sandbox=False)
    return list(failed.exclude(Exists(later))[:_SHOWN])


def waiting_runs_in_each(actors: Sequence[Actor]) -> dict[uuid.UUID, int]:
    """How many runs want a look, by organization, where the person may publish; those with none are left out."""
    able = [actor for actor in actors if actor.may(Permission.PUBLISH_WRITE) and actor.may(Permission.CATALOG_READ)]
    open_ = PublishRun.unscoped.filter(
        connection__in=seen_by_one(able).values("pk"), status__in=(_Run.WAITING, _Run.STOPPED)
    )
    return dict(open_.order_by().values_list("organization").annotate(Count("pk")))


def waiting_runs(actor: Actor) -> list[PublishRun]:
    """Those whose first images are to be looked at, and those that have stopped."""
    open_ = runs(actor).filter(status__in=(_Run.WAITING, _Run.STOPPED), connection__disconnected_at=None)
    return list(open_[:_SHOWN])
