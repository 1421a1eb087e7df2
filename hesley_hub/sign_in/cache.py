"""What all web processes share for a while: counts of failed tries, codes that were used.

In Valkey; while it cannot be reached each process keeps its own, so that people can still sign in. Nothing here is an
obligation: losing it makes guessing a little faster and nothing else.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class SharedCache(RedisCache):
    """Django's cache in Redis, and a cache of this process where Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("hub-sign-in", params)

    def _either(self, shared: Callable[[], Any], own: Callable[[], Any]) -> Any:
        try:
            return shared()
        except RedisError:
            return own()

    def add(self, *args: Any, **options: Any) -> bool:
        return bool(
            self._either(
                lambda: RedisCache.add(self, *args, **options), lambda: self._own.add(*args, **options)
            )
        )

    def get(self, *args: Any, **options: Any) -> Any:
        return self._either(
            lambda: RedisCache.get(self, *args, **options), lambda: self._own.get(*args, **options)
        )

    def set(self, *args: Any, **options: Any) -> None:
        self._either(lambda: RedisCache.set(self, *args, **options), lambda: self._own.set(*args, **options))

    def delete(self, *args: Any, **options: Any) -> bool:
        return bool(
            self._either(
                lambda: RedisCache.delete(self, *args, **options), lambda: self._own.delete(*args, **options)
            )
        )

    def incr(self, *args: Any, **options: Any) -> int:
        return int(
            self._either(
                lambda: RedisCache.incr(self, *args, **options), lambda: self._own.incr(*args, **options)
            )
        )
