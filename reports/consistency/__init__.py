"""What must always be true of the whole database: named invariants, each a query that answers with what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connections, transaction

from feedback.models import DeviceDay
from reports.consistency import house, people, visits
from reports.recount import Horizon
from tyoparkki import clock

SHOWN = 20
INVARIANTS = visits.INVARIANTS + people.INVARIANTS + house.INVARIANTS


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold, with how many rows break it and the first of them."""

    code: str
    meaning: str
    count: int
    rows: list[list[str]] = field(default_factory=list)


def broken(*, using: str = "owner") -> list[Broken]:
    """Every invariant that does not hold, as the owner of the tables sees it, all at one and the same moment."""
    found, since = [], _since()
    with _one_moment(using), connections[using].cursor() as cursor:
        for rule in INVARIANTS:
            cursor.execute(rule.query, since)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            if rows:
                shown = [[str(value) for value in row] for row in rows[:SHOWN]]
                found.append(Broken(rule.code, rule.meaning, len(rows), shown))
    return found


def _since() -> dict[str, date]:
    """Since when rows that something is compared with are kept."""
    today = clock.local_date(clock.now())
    return {"visits": Horizon.on(today).visits, "devices": today - timedelta(days=DeviceDay.retention.days or 0)}


@contextmanager
def _one_moment(using: str) -> Iterator[None]:
    """One unchanging view of the database; within somebody's transaction, that one's."""
    outermost = not connections[using].in_atomic_block
    with transaction.atomic(using=using):
        if outermost:
            with connections[using].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
