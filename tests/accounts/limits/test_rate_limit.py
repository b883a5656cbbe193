"""Counting calls: in memory and, where it is reachable, in Redis. The same tests for both."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from accounts.limits.rate_limit import Limit, peek, take

_REDIS = "redis://127.0.0.1:6379/9"


def _reachable() -> bool:
    try:
        return bool(redis.Redis.from_url(_REDIS, socket_connect_timeout=0.5).ping())
    except redis.RedisError:
        return False


@pytest.fixture(params=["memory", "redis"], autouse=True)
def place(request: pytest.FixtureRequest, settings) -> str:  # type: ignore[no-untyped-def]
    if request.param == "redis" and not _reachable():
        pytest.skip("Redis is not reachable")
    settings.REDIS_URL = _REDIS if request.param == "redis" else ""
    return str(request.param)


@pytest.fixture
def bucket() -> str:
    return uuid.uuid4().hex


def test_a_limit_holds_and_says_what_is_left(bucket: str) -> None:
    policy = Limit("test", 3, 60)
    assert [take(bucket, policy).remaining for _ in range(3)] == [2, 1, 0]
    refused = take(bucket, policy)
    assert (refused.allowed, refused.remaining) == (False, 0)
    assert 59 <= refused.retry_after <= 60
    assert 59 <= refused.reset <= 60
    assert take(bucket + "another", policy).allowed


def test_looking_takes_nothing(bucket: str) -> None:
    policy = Limit("test", 2, 60)
    assert [peek(bucket, policy).remaining for _ in range(3)] == [2, 2, 2]
    take(bucket, policy)
    assert (peek(bucket, policy).remaining, peek(bucket, policy).retry_after) == (1, 0)


def test_waiting_as_long_as_it_says_is_enough_and_refusals_cost_nothing(bucket: str) -> None:
    policy = Limit("test", 2, 1)
    assert take(bucket, policy).allowed
    assert take(bucket, policy).allowed
    refused = [take(bucket, policy) for _ in range(5)]
    assert not any(each.allowed for each in refused)
    time.sleep(refused[0].retry_after)
    assert take(bucket, policy).allowed


def test_never_more_than_the_limit_in_any_window(bucket: str) -> None:
    """A fixed window would let twice the limit through around its edge."""
    policy = Limit("test", 4, 1)
    passed: list[float] = []
    end = time.monotonic() + 2.2
    while time.monotonic() < end:
        before = time.monotonic()
        if take(bucket, policy).allowed:
            passed.append(before)
        time.sleep(0.02)
    assert len(passed) >= 8
    # The call is counted a moment after `before`: that much may be missing from the window.
    assert all(later - earlier > 0.98 for earlier, later in zip(passed, passed[4:], strict=False))


def test_exact_under_concurrency(bucket: str) -> None:
    policy = Limit("test", 20, 60)
    with ThreadPoolExecutor(25) as pool:
        allowances = list(pool.map(lambda _: take(bucket, policy), range(100)))
    assert sum(each.allowed for each in allowances) == 20
    assert sorted(each.remaining for each in allowances if each.allowed) == list(range(20))


def test_a_redis_that_is_gone_stops_nobody(bucket: str, settings) -> None:  # type: ignore[no-untyped-def]
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    policy = Limit("test", 2, 60)
    assert [take(bucket, policy).allowed for _ in range(3)] == [True, True, False]
