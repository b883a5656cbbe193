"""A worker's turn with the images of a shop that wait: fetch one at the shop's pace, judge it, keep what was found.

Low in rank: what nobody has asked for waits while photos are queued, and a turn is short, so that photos come between.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.kit import shared_clock
from accounts.kit.errors import InvalidImage, NotFound, PackshotError
from accounts.kit.outbound import OutboundError, fetch
from integrations.actions import catalog_pictures
from integrations.actions.pace import Pace, quiet_ends
from integrations.actions.shop_images.ask import send
from integrations.actions.shop_images.states import refresh
from integrations.models import CatalogImage, Connection, ImageVerdict
from processing.actions import engine_shelf
from processing.actions.assets import limits
from processing.models import JobImage, Status
from processing.queries.compliance import Judged, judged_by, profile_for

log = structlog.get_logger(__name__)

_TURN_SECONDS = 8.0
# Longer than fetching and judging the largest image takes: there is no renewing.
_LEASE = timedelta(minutes=5)
_WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
_SHOPS_AT_ONCE = 20


def sweep() -> None:
    """Sends the shops with images that wait to the queue: also what a crash has left behind."""
    now = shared_clock.now()
    waiting = ImageVerdict.unscoped.filter(_due(), connection__disconnected_at=None, organization__closes_at=None)
    if _photos_wait():
        waiting = waiting.filter(asked_by__isnull=False)
    connections = Connection.unscoped.filter(pk__in=waiting.values("connection")).select_related("organization")
    for connection in connections[:_SHOPS_AT_ONCE]:
        if not quiet_ends(connection, now):
            send(connection.pk)


def work(connection_id: uuid.UUID) -> None:
    """Harmless where another one works on them, or nothing is left."""
    found = Connection.unscoped.select_related("organization").filter(pk=connection_id, disconnected_at=None)
    connection = found.filter(organization__closes_at=None).first()
    if connection is None or quiet_ends(connection, shared_clock.now()) or _is_worked_on(connection_id):
        return
    end, pace = time.monotonic() + _TURN_SECONDS, Pace(connection)
    while time.monotonic() < end:
        row = _claim(connection_id)
        if row is None:
            return
        _judge(row, pace)
    send(connection_id)


def _due() -> Q:
    now = shared_clock.now()
    return Q(asked_at__isnull=False, not_before__lte=now) & (Q(lease_until=None) | Q(lease_until__lte=now))


def _is_worked_on(connection_id: uuid.UUID) -> bool:
    held = ImageVerdict.unscoped.filter(connection=connection_id, asked_at__isnull=False)
    return held.filter(lease_until__gt=shared_clock.now()).exists()


def _photos_wait() -> bool:
    return JobImage.unscoped.filter(status=Status.QUEUED, parked=False).exists()


def _claim(connection_id: uuid.UUID) -> ImageVerdict | None:
    """What a person has asked for goes first, and is not held up by photos."""
    due = ImageVerdict.unscoped.filter(_due(), connection=connection_id)
    asked = _taken(due.filter(asked_by__isnull=False))
    return asked or (None if _photos_wait() else _taken(due))


def _taken(rows: QuerySet[ImageVerdict]) -> ImageVerdict | None:
    for pk in list(rows.order_by("not_before", "pk").values_list("pk", flat=True)[:5]):
        if rows.filter(pk=pk).update(attempt=F("attempt") + 1, lease_until=shared_clock.now() + _LEASE):
            return ImageVerdict.unscoped.select_related("connection").get(pk=pk)
    return None


def _judge(row: ImageVerdict, pace: Pace) -> None:
    try:
        pace()
        got = fetch(row.url, max_bytes=limits().max_bytes, accept="image/*")
        found = _look(row, got.data)
    except NotFound:  # the profile is gone
        _fenced(row).update(asked_at=None, lease_until=None)
        return
    except (OutboundError, InvalidImage) as error:
        _not_had(row, str(error))
        return
    except (PackshotError, OSError) as error:
        log.warning("shop_image_not_judged", image=str(row.pk), error=str(error))
        _not_had(row, "It could not be looked at. It is tried again.")
        return
    catalog_pictures.take(row.connection, row.url, got.data)
    _keep(row, found)


def _look(row: ImageVerdict, data: bytes) -> Judged:
    # OpenCV: only workers come here, and the web process imports this module's neighbours.
    from processing.actions import run_check
    from processing.compliance.judge import look

    profile = profile_for(row.organization_id, row.rules, product_type=None)
    picture = look(data, limits(), engine=run_check.WhenAsked(engine_shelf.engine))
    sha256 = hashlib.sha256(data).hexdigest()
    report = run_check.reported(picture, row.rules, profile, timezone.localdate(), sha256)
    return judged_by(row.organization_id, row.rules, report)


@transaction.atomic
def _keep(row: ImageVerdict, found: Judged) -> None:
    against = [each for each in found.findings if each["status"] != "pass" and not each["waived"]]
    kept: dict[str, Any] = {
        "verdict": found.verdict,
        "version": found.profile_version,
        "findings": [{name: each[name] for name in ("title", "status", "detail", "wanted")} for each in against],
        "judged_at": shared_clock.now(), "problem": "", "failures": 0, "asked_at": None, "lease_until": None,
    }  # fmt: skip
    if _fenced(row).update(**kept):
        refresh(_products_of(row))


def _not_had(row: ImageVerdict, problem: str) -> None:
    """It is tried again some nights later, or when somebody asks."""
    wait = _WAITS[min(row.failures, len(_WAITS) - 1)]
    _fenced(row).update(
        problem=problem[:300],
        failures=min(row.failures + 1, len(_WAITS)),
        not_before=shared_clock.now() + wait,
        asked_at=None,
        lease_until=None,
    )


def _products_of(row: ImageVerdict) -> set[uuid.UUID]:
    """All that show the file, where the shop tells files apart."""
    found = {row.product_id} if row.product_id else set()
    if row.remote_id:
        same = CatalogImage.unscoped.filter(organization=row.organization_id, remote_id=row.remote_id)
        found |= set(same.filter(product__connection=row.connection_id).values_list("product_id", flat=True)[:500])
    return found


def _fenced(row: ImageVerdict) -> QuerySet[ImageVerdict]:
    return ImageVerdict.unscoped.filter(pk=row.pk, attempt=row.attempt, lease_until__isnull=False)
