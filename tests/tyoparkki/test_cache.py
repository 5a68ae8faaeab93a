"""Limits hold while Valkey is away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import redis
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache

from tyoparkki.cache import SteadyCache

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Valkey does not answer."""
    monkeypatch.setattr(SteadyCache, "away_until", 0.0)
    caches = {**settings.CACHES}
    caches["default"] = {**caches["default"], "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = caches
    yield
    SteadyCache.away_until = 0.0


def test_the_cache_keeps_plain_values() -> None:
    cache.set("list", [1.5, "ä", None, {"a": True}], 60)
    assert cache.get("list") == [1.5, "ä", None, {"a": True}]
    cache.set("count", 1, 60)
    assert cache.incr("count") == 2
    assert cache.get("nothing") is None
    with pytest.raises(TypeError):
        cache.set("object", object(), 60)


def test_the_database_stands_in_for_a_missing_valkey(away: None) -> None:
    started = time.monotonic()
    assert cache.add("key", [1], 60)
    assert not cache.add("key", [2], 60)
    assert cache.get("key") == [1]
    cache.delete("key")
    assert cache.get("key") is None
    assert time.monotonic() - started < 2


def test_the_database_stands_in_for_a_valkey_without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise redis.OutOfMemoryError

    monkeypatch.setattr(SteadyCache, "away_until", 0.0)
    monkeypatch.setattr(RedisCache, "set", full)
    cache.set("key", [1], 60)
    assert cache.get("key") == [1]


def test_wrong_passwords_are_counted_while_valkey_is_away(away: None, client) -> None:
    answers = [
        client.post("/tili/login/", {"login": "nobody", "password": f"wrong {n}"}).content.decode() for n in range(7)
    ]
    assert answers[0] != answers[6]
    assert len({answers[5], answers[6]} & {answers[0]}) == 0
