"""Whose turn it is: what waits, by class of urgency and organization, and which photo of one of them is next.

Every question is answered from one end of an index, however many photos wait or have ever been made:
`job_image_ready` leads from one organization (or job) with waiting photos to the next, `job_image_turn` knows what an
organization's last photo was, `job_image_running` is as small as there are workers. SQL by hand, because Django can
write neither the step from one index entry to the next group nor constants, by which SQLite knows a partial index.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from processing.models import JobImage
from processing.models.priority import BATCH, PREVIEW, SINGLE

# So many are compared for one photo. Of more, as many again from a random one on: nobody is left out for long.
MOST = 200

_IMAGES = JobImage._meta.db_table
_READY = f"FROM {_IMAGES} WHERE status = 'queued' AND NOT parked"
_WAITING = f"""
WITH RECURSIVE waiting (priority, id) AS (
    SELECT class.priority, (
        SELECT organization_id {_READY} AND priority = class.priority AND organization_id >= %s
        ORDER BY organization_id LIMIT 1
    ) FROM (SELECT {PREVIEW} AS priority UNION ALL SELECT {SINGLE} UNION ALL SELECT {BATCH}) AS class
    UNION ALL
    SELECT waiting.priority, (
        SELECT organization_id {_READY} AND priority = waiting.priority AND organization_id > waiting.id
        ORDER BY organization_id LIMIT 1
    ) FROM waiting WHERE waiting.id IS NOT NULL
)
SELECT priority, id, (
    SELECT max(started_at) FROM {_IMAGES}
    WHERE organization_id = waiting.id AND priority = waiting.priority AND started_at IS NOT NULL
)
FROM waiting WHERE id IS NOT NULL LIMIT {MOST}
"""  # noqa: S608  (names of this file alone)
_RUNNING = f"SELECT organization_id, count(*) FROM {_IMAGES} WHERE status = 'running' GROUP BY organization_id"  # noqa: S608
_LAST_JOB = (
    f"SELECT job_id FROM {_IMAGES} WHERE organization_id = %s AND priority = %s AND started_at IS NOT NULL "  # noqa: S608
    "ORDER BY started_at DESC LIMIT 1"
)
_NEXT = f"""
SELECT id, attempt {_READY} AND priority = %s AND organization_id = %s AND job_id > %s
ORDER BY job_id, "index" LIMIT 1 OFFSET %s
"""
_LAST = f"SELECT organization_id {_READY} ORDER BY organization_id DESC LIMIT 1"
_NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An organization with waiting photos of one priority. `served`: when it was last given one of them, as text that
    sorts by time; empty for never. `running`: how many photos of it, of any priority, workers have in hand."""

    priority: int
    organization_id: uuid.UUID
    served: str
    running: int


class Next(NamedTuple):
    """A waiting photo, and how many attempts it has had."""

    image_id: uuid.UUID
    attempts: int


def waiting() -> list[Waiting]:
    """At most twice MOST, none where no photo waits."""
    rows = _rows(_WAITING, _stored(_NOBODY))
    if len(rows) >= MOST:
        behind = _between(_uuid(rows[0][1]), _uuid(_rows(_LAST)[0][0]))
        rows = list(dict.fromkeys([*rows, *_rows(_WAITING, _stored(behind))]))
    if not rows:
        return []
    running = {_uuid(organization): int(count) for organization, count in _rows(_RUNNING)}
    return [
        Waiting(priority, _uuid(each), str(served or ""), running.get(_uuid(each), 0))
        for priority, each, served in rows
    ]


def next_photo(priority: int, organization_id: uuid.UUID, *, in_turns: bool, behind: int = 0) -> Next | None:
    """The next waiting photo of that organization and priority, or None where there is none any more.

    `in_turns`: its jobs take turns, each giving its first waiting photo; else the oldest job is first. `behind`: so
    many are passed over, where there are as many.
    """
    owner, first = _stored(organization_id), _stored(_NOBODY)
    last = _rows(_LAST_JOB, owner, priority) if in_turns else []
    for after in [*(row[0] for row in last), first]:
        for offset in dict.fromkeys((behind, 0)):
            if found := _rows(_NEXT, priority, owner, after, offset):
                return Next(_uuid(found[0][0]), found[0][1])
    return None


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _stored(value: uuid.UUID) -> object:
    """As the database keeps it: PostgreSQL has a type of its own, SQLite text."""
    return JobImage._meta.pk.get_db_prep_value(value, connection)


def _uuid(stored: Any) -> uuid.UUID:
    return stored if isinstance(stored, uuid.UUID) else uuid.UUID(stored)


def _between(least: uuid.UUID, most: uuid.UUID) -> uuid.UUID:
    return uuid.UUID(int=least.int + secrets.randbelow(max(1, most.int - least.int)))
