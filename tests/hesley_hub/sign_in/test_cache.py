"""What web processes share, and what each does alone while Valkey is away."""

from uuid import uuid4

from django.conf import settings

from hesley_hub.settings import _cache_location
from hesley_hub.sign_in.cache import SharedCache


def test_two_processes_share_what_they_count() -> None:
    one, two = (SharedCache(_cache_location(settings.REDIS_URL), {}) for _ in range(2))
    key = str(uuid4())
    assert one.add(key, 1, 60)
    assert not two.add(key, 1, 60)
    assert two.incr(key) == 2
    assert one.get(key) == 2
    two.set(key, 9, 60)
    assert one.get(key) == 9
    assert one.delete(key)
    assert two.get(key) is None


def test_without_valkey_each_process_counts_for_itself() -> None:
    alone = SharedCache("unix:///nowhere/at-all.sock?db=1", {})
    assert alone.add("alone", 1, 60)
    assert not alone.add("alone", 1, 60)
    assert alone.incr("alone") == 2
    alone.set("alone", 5, 60)
    assert alone.get("alone") == 5
    assert alone.delete("alone")
    assert alone.get("alone") is None


def test_the_second_database_of_the_same_server_is_used() -> None:
    assert _cache_location("redis+socket:///run/valkey.sock") == "unix:///run/valkey.sock?db=1"
    assert _cache_location("redis://cache.example:6379/0") == "redis://cache.example:6379/1"
    assert _cache_location("rediss://:secret@cache.example:6379") == "rediss://:secret@cache.example:6379/1"
