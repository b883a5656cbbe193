"""Clients that keep sending photos while something is done to the product."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.fleet_client import FleetClient
from tests.support.photos import product_photo

_SEEDS = itertools.count(1)


@dataclass
class Load:
    _sent: list[Future[str]]

    @property
    def accepted(self) -> int:
        """How many calls have been answered with a job by now."""
        return sum(each.done() for each in self._sent)

    def jobs(self) -> list[str]:
        """Of every call, once the last one is answered. Raises where one was refused for good."""
        return [each.result() for each in self._sent]


@contextmanager
def load(
    client: FleetClient, count: int, *, at_once: int = 6, hook: str = "", photo: Callable[[int], bytes] | None = None
) -> Iterator[Load]:
    """`count` jobs of one photo, each another one, with `hook` as their webhookUrl."""
    make = photo or (lambda seed: product_photo(seed, size=(320, 260)))

    def one(seed: int) -> str:
        return client.make_image(make(seed), hook=hook)

    with ThreadPoolExecutor(at_once) as threads:
        seeds = [next(_SEEDS) for _ in range(count)]
        yield Load([threads.submit(one, seed) for seed in seeds])
