"""Amazon's usage plans: a token bucket per seller and operation, kept by each process for itself.

What several processes send together may still be too much; then Amazon answers 429, and the bucket is empty.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from integrations.amazon import diagnosis

# Calls a second and burst, from the descriptions of Amazon's models.
PLANS = {
    "getListingsItem": (5.0, 10),
    "searchListingsItems": (5.0, 5),
    "patchListingsItem": (5.0, 5),
    "getCatalogItem": (2.0, 2),
    "searchDefinitionsProductTypes": (5.0, 10),
    "getMarketplaceParticipations": (0.016, 15),
}
# Who would have to wait longer than this is told so instead.
_LONGEST_WAIT = 5.0
_MOST_BUCKETS = 2000


@dataclass(slots=True)
class _Bucket:
    rate: float
    burst: int
    left: float
    at: float

    def fill(self, now: float) -> None:
        self.left = min(float(self.burst), self.left + (now - self.at) * self.rate)
        self.at = now


class Buckets:
    """`clock` and `sleep`: seconds."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._held: dict[tuple[str, str], _Bucket] = {}
        self._lock = threading.Lock()

    def wait(self, seller: str, operation: str) -> None:
        """Takes a call out of the bucket, and sleeps until it is there. Raises MarketplaceError for a long wait."""
        with self._lock:
            bucket = self._filled(seller, operation)
            seconds = (1 - bucket.left) / bucket.rate
            if seconds > _LONGEST_WAIT:
                raise diagnosis.throttled(seconds)
            bucket.left -= 1
        if seconds > 0:
            self._sleep(seconds)

    def refused(self, seller: str, operation: str) -> float:
        """Amazon has answered 429. Returns the seconds until the next call is worth a try."""
        with self._lock:
            bucket = self._filled(seller, operation)
            bucket.left = min(bucket.left, 0.0)
            return (1 - bucket.left) / bucket.rate

    def learned(self, seller: str, operation: str, limit: str) -> None:
        """`limit`: the header x-amzn-RateLimit-Limit, calls a second, which may differ from the plan."""
        try:
            rate = float(limit)
        except ValueError:
            return
        if 0.001 <= rate <= 1000:
            with self._lock:
                self._filled(seller, operation).rate = rate

    def _filled(self, seller: str, operation: str) -> _Bucket:
        key, now = (seller, operation), self._clock()
        if key not in self._held:
            if len(self._held) >= _MOST_BUCKETS:
                self._held.clear()
            rate, burst = PLANS[operation]
            self._held[key] = _Bucket(rate, burst, float(burst), now)
        self._held[key].fill(now)
        return self._held[key]


buckets = Buckets()
