"""Redis as the cache, and this process's memory while Redis is away: nothing that people do may fail for a cache."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import redis
import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger(__name__)
_Answer = TypeVar("_Answer")

_SECONDS = {"socket_timeout": 1, "socket_connect_timeout": 1}
# Asked again no sooner: each question to a Redis that hangs costs somebody a second.
_PAUSE_SECONDS = 5.0
_away_until = 0.0  # of time.monotonic, for all threads


class RedisOrMemory(BaseCache):
    """What is counted here (wrong sign-ins) is meanwhile counted by each process for itself."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._redis = RedisCache(server, params | {"OPTIONS": _SECONDS | params.get("OPTIONS", {})})
        self._memory = LocMemCache("while-redis-is-away", params)

    def _ask(self, question: Callable[[BaseCache], _Answer]) -> _Answer:
        global _away_until
        if time.monotonic() >= _away_until:
            try:
                return question(self._redis)
            except (redis.RedisError, OSError) as error:
                _away_until = time.monotonic() + _PAUSE_SECONDS
                log.warning("cache_without_redis", error=str(error))
        return question(self._memory)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.add(key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.touch(key, timeout, version))

    def delete(self, key: Any, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.delete(key, version))

    def has_key(self, key: Any, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.has_key(key, version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        return self._ask(lambda cache: cache.incr(key, delta, version))

    def clear(self) -> None:
        self._memory.clear()
        self._ask(lambda cache: cache.clear())
