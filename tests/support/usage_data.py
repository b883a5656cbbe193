"""Days of usage as they would have been counted, without the calls: for pages, pictures and benchmarks."""

from __future__ import annotations

import random
import uuid
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from accounts.access.actor import Actor
from accounts.models import UsageDay
from accounts.models.usage_day import BOUNDS, BUCKETS, DASHBOARD, NO_KEY

ENDPOINTS = (
    ("POST /api/v1/process", 1400.0, True),
    ("POST /api/v1/jobs", 90.0, True),
    ("GET /api/v1/jobs/{job_id}", 9.0, False),
    ("GET /api/v1/user/credits", 5.0, False),
    ("POST /api/v1/compliance", 400.0, False),
)
LABELS = ("", "Autumn", "Shoes 2026", "Müller & Söhne, Großhandel für Lampen und Leuchten aller Art")


def fill(
    actor: Actor,
    keys: Sequence[uuid.UUID],
    *,
    days: int = 90,
    calls: int = 200,
    endpoints: Sequence[tuple[str, float, bool]] = ENDPOINTS,
    labels: Sequence[str] = LABELS,
    seed: int = 1,
) -> int:
    """A row for each of the last `days` days, keys, endpoints and labels, about `calls` each; how many rows."""
    chance = random.Random(seed)
    today = datetime.now(UTC).date()
    rows: list[UsageDay] = []
    for age in range(days):
        busy = 0.3 if (today - timedelta(days=age)).weekday() >= 5 else 1.0
        for key in keys:
            for endpoint, typical, charged in endpoints:
                for label in labels:
                    count = int(calls * busy * chance.uniform(0.4, 1.6))
                    rows.append(_row(actor, chance, age, key, endpoint, label, count, typical, charged))
        rows.append(_row(actor, chance, age, NO_KEY, DASHBOARD, "", 0, 1.0, False, credits=chance.randrange(30)))
    UsageDay.unscoped.bulk_create(rows, batch_size=500)
    return len(rows)


def _row(
    actor: Actor,
    chance: random.Random,
    age: int,
    key: uuid.UUID,
    endpoint: str,
    label: str,
    calls: int,
    typical: float,
    charged: bool,
    *,
    credits: int = 0,
) -> UsageDay:
    histogram = dict.fromkeys(BUCKETS, 0)
    middle = bisect_left(BOUNDS, typical)
    for _ in range(min(calls, 40)):
        bucket = max(0, min(len(BUCKETS) - 1, middle + round(chance.gauss(0, 1.3))))
        histogram[BUCKETS[bucket]] += max(1, calls // 40)
    count = sum(histogram.values())
    client = int(count * chance.uniform(0, 0.04))
    server = int(count * chance.uniform(0, 0.006))
    return UsageDay(
        organization=actor.organization,
        day=datetime.now(UTC).date() - timedelta(days=age),
        key=key,
        endpoint=endpoint,
        label=label,
        calls=count,
        errors_4xx=client,
        errors_5xx=server,
        credits=credits or (count - client - server if charged else 0),
        total_ms=int(count * typical),
        **histogram,
    )
