"""Rate limits and short-lived fragments: in Valkey, and in the database while Valkey is away, never nowhere."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import redis
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE_S = 5.0
OPERATIONS = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear")


class JsonSerializer:
    """Plain values only: what is read from the cache can never become a program."""

    def dumps(self, value: Any) -> bytes | int:
        """The value as the cache keeps it; whole numbers stay numbers, so that they can be counted up."""
        return value if type(value) is int else json.dumps(value, ensure_ascii=False).encode()

    def loads(self, data: bytes) -> Any:
        """The value again."""
        return json.loads(data)


class SteadyCache(RedisCache):
    """Valkey's cache; after a failure the database's table stands in for a few seconds at a time."""

    away_until = 0.0

    def _steady(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= SteadyCache.away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (redis.ConnectionError, redis.TimeoutError, redis.OutOfMemoryError, redis.ReadOnlyError):
                SteadyCache.away_until = time.monotonic() + PAUSE_S
        return getattr(caches["database"], name)(*args, **kwargs)


def _operation(name: str) -> Callable[..., Any]:
    def operation(self: SteadyCache, *args: Any, **kwargs: Any) -> Any:
        return self._steady(name, *args, **kwargs)

    operation.__name__ = name
    operation.__doc__ = f"As the cache's own `{name}`."
    return operation


for _name in OPERATIONS:
    setattr(SteadyCache, _name, _operation(_name))
