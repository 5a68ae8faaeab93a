"""Whether the process lives, and whether it may be sent visitors."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tyoparkki.access import without_database
from tyoparkki.models import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Callable

WORKER_SILENCE = timedelta(seconds=90)


@require_safe
@never_cache
@transaction.non_atomic_requests
@without_database("machines ask whether the process lives")
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"ok": True})


@require_safe
@never_cache
@transaction.non_atomic_requests
@without_database("machines ask whether visitors may be sent here")
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, broker and worker, each said by name."""
    parts = {
        "database": _holds(_database),
        "migrations": _holds(_migrations),
        "broker": _holds(broker_answers),
        "worker": _holds(_worker),
    }
    return JsonResponse({"ok": all(parts.values()), **parts}, status=200 if all(parts.values()) else 503)


def _holds(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (DatabaseError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return True


_up_to_date = False


def _migrations() -> bool:
    """Whether the tables are as this process's code expects; once they are, they stay so for its life."""
    global _up_to_date  # noqa: PLW0603 - reading all migrations at every question is slow
    if not _up_to_date:
        executor = MigrationExecutor(connection)
        _up_to_date = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _up_to_date


def broker_answers() -> bool:
    """Whether the broker of the settings answers within a second or two."""
    import redis
    from django.conf import settings

    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping())
    except (redis.RedisError, ValueError):  # away, or an address that is none
        return False


def _worker() -> bool:
    at = timezone.now()  # a beat from the future was written before the clock was set back
    lately = (at - WORKER_SILENCE, at + WORKER_SILENCE)
    return Heartbeat.objects.filter(name="worker", at__range=lately).exists()
