"""A Redis that is away costs nobody a page: what is counted is counted in memory meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from dashboard import cache
from dashboard.cache import RedisOrMemory
from tests.support.server import free_port


@pytest.fixture
def away() -> Iterator[RedisOrMemory]:
    cache._away_until = 0.0
    found = RedisOrMemory(f"redis://127.0.0.1:{free_port()}/0", {})
    found.clear()
    yield found
    found._memory.clear()
    cache._away_until = 0.0


def test_it_answers_from_memory_and_does_not_ask_each_time(away: RedisOrMemory) -> None:
    assert away.get("a", "nothing") == "nothing"
    away.set("a", 1)
    assert away.incr("a") == 2
    assert not away.add("a", 5)
    assert away.get_many(["a", "b"]) == {"a": 2}
    assert "a" in away
    assert away.delete("a")
    with pytest.raises(ValueError, match="not found"):
        away.incr("a")
    began = time.monotonic()
    for _ in range(1000):
        away.get("a")
    assert time.monotonic() - began < 1
