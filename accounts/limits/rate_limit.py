"""Rate limits: at most `limit` calls in any `window` seconds, exactly, however many arrive at once.

A sliding log of the calls that were let through. In Redis one script counts and writes, so that any number of web
processes share one truth; without Redis there is one web process, and its memory is the truth. A call that is refused
is not written: waiting as long as the answer says is always enough.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """`name`: as RateLimit headers call it. `window` in seconds."""

    name: str
    limit: int
    window: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left. `reset`: seconds until all of it is back. `retry_after`: seconds to wait, 0 unless refused."""

    policy: Limit
    allowed: bool
    remaining: int
    reset: int
    retry_after: int


def take(bucket: str, policy: Limit) -> Allowance:
    """One more call of `bucket`, if it has one left."""
    return _ask(bucket, policy, write=True)


def peek(bucket: str, policy: Limit) -> Allowance:
    """What is left, without taking any of it. `allowed` says whether one more call would be let through."""
    return _ask(bucket, policy, write=False)


def forget_all() -> None:
    """Empties the memory of this process (tests)."""
    _memory.clear()


def _ask(bucket: str, policy: Limit, *, write: bool) -> Allowance:
    name = f"limit:{policy.name}:{bucket}"
    if settings.REDIS_URL:
        try:
            script = _script(settings.REDIS_URL)
            found = script(
                keys=[name], args=[policy.limit, policy.window * 1_000_000, secrets.token_hex(8), int(write)]
            )
            return _allowance(policy, *(int(value) for value in found))
        except redis.RedisError as error:
            # A product that stands still because its counter does would be the worse failure.
            log.warning("rate_limit_without_redis", error=str(error))
    return _allowance(policy, *_in_memory(name, policy, write=write))


def _allowance(policy: Limit, allowed: int, used: int, frees_in: int, full_in: int) -> Allowance:
    """`frees_in`, `full_in`: microseconds until one more call is possible, and until all are."""
    return Allowance(
        policy=policy,
        allowed=bool(allowed),
        remaining=max(0, policy.limit - used),
        reset=math.ceil(max(0, full_in) / 1e6),
        retry_after=0 if allowed else max(1, math.ceil(frees_in / 1e6)),
    )


# -- Redis ------------------------------------------------------------------------------------------------------------
_LUA = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local used = redis.call('ZCARD', KEYS[1])
local allowed = 0
if used < limit then
  allowed = 1
  if ARGV[4] == '1' then
    redis.call('ZADD', KEYS[1], now, ARGV[3])
    redis.call('PEXPIRE', KEYS[1], window / 1000)
    used = used + 1
  end
end
local full, frees = 0, 0
if used > 0 then
  full = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2] + window - now
end
if allowed == 0 then
  frees = redis.call('ZRANGE', KEYS[1], used - limit, used - limit, 'WITHSCORES')[2] + window - now
end
return {allowed, used, frees, full}
"""


@lru_cache(maxsize=4)
def _script(url: str) -> Any:
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    return client.register_script(_LUA)


# -- memory -----------------------------------------------------------------------------------------------------------
_memory: dict[str, deque[float]] = {}
_lock = threading.Lock()
_MOST_BUCKETS = 50_000


def _in_memory(name: str, policy: Limit, *, write: bool) -> tuple[int, int, int, int]:
    now = time.monotonic()
    with _lock:
        if len(_memory) > _MOST_BUCKETS:
            _drop_the_idle(now)
        calls = _memory.get(name)
        if calls is None:
            calls = deque()
            if write:
                _memory[name] = calls
        while calls and calls[0] <= now - policy.window:
            calls.popleft()
        allowed = len(calls) < policy.limit
        if allowed and write:
            calls.append(now)
        full = calls[-1] + policy.window - now if calls else 0.0
        frees = 0.0 if allowed else calls[len(calls) - policy.limit] + policy.window - now
        return int(allowed), len(calls), int(frees * 1e6), int(full * 1e6)


def _drop_the_idle(now: float) -> None:
    """Buckets whose last call is more than an hour old, the longest window there is."""
    for name in [name for name, calls in _memory.items() if not calls or calls[-1] < now - 3600]:
        del _memory[name]
