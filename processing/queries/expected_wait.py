"""How long a photo that is sent now will wait for its turn: what is ahead of it, by what photos have taken of late."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.core.cache import cache
from django.db.models import Count

from processing.models import JobImage, Status
from processing.models.priority import BATCH, PREVIEW, SINGLE
from processing.queries.turns import waiting
from processing.queries.workers import live_workers

_KEPT_SECONDS = 2


def until_done(organization_id: uuid.UUID) -> float:
    """Seconds until a single image of that organization, sent now, is done; 0 where nothing goes before it, and while
    no worker has made any.

    It is rather too short than too long: what goes before it is counted as it is now (processing/actions/claim.py),
    and more urgent work may come.
    """
    each, threads = _pace()
    counts = (
        JobImage.unscoped.filter(status=Status.QUEUED, parked=False, priority__gte=SINGLE)
        .values_list("priority", "organization_id")
        .annotate(count=Count("pk"))
    )
    waits: dict[int, dict[uuid.UUID, int]] = {PREVIEW: {}, SINGLE: {}}
    for priority, organization, count in counts:
        waits.setdefault(priority, {})[organization] = count
    ahead = sum(waits[PREVIEW].values()) + _before(organization_id, waits[SINGLE])
    return each * (1 + ahead / threads) if ahead and threads else 0.0


def until_a_batch_moves() -> float:
    """Seconds until the next photo of a batch can begin. Whoever follows a batch asks often, so it is known for a
    moment."""
    return float(cache.get_or_set("until-a-batch-moves", _until_a_batch_moves, _KEPT_SECONDS) or 0)


def _until_a_batch_moves() -> float:
    each, threads = _pace()
    turns = waiting()
    return each * sum(turn.priority > BATCH for turn in turns) / threads if threads else 0.0


def _before(own: uuid.UUID, singles: Mapping[uuid.UUID, int]) -> int:
    """Organizations take turns: of another one goes before as many as of one's own, and the one whose turn it is."""
    mine = singles.get(own, 0)
    return mine + sum(min(count, mine + 1) for organization, count in singles.items() if organization != own)


def _pace() -> tuple[float, int]:
    """Seconds that a photo takes a thread of the workers, as they have measured of late, and how many threads there
    are; none while nothing was measured."""
    workers = [worker for worker in live_workers() if worker.makes_images and not worker.draining]
    measured = [worker for worker in workers if worker.photo_seconds]
    if not measured:
        return 0.0, 0
    weights = sum(worker.threads for worker in measured)
    each = sum(worker.photo_seconds * worker.threads for worker in measured) / weights
    return each, sum(worker.threads for worker in workers)
