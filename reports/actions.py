"""Counting: a day's figures are replaced by what its rows say now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import connections, transaction

from reports import facts
from reports.figures import OF_PEOPLE, Counts, count
from reports.models import AggregatedDay, DailyFigure
from reports.recount import Horizon
from tyoparkki import clock
from tyoparkki.actor import Actor, bind

AGGREGATE = Actor("aggregate")


@transaction.atomic
def count_day(point_id: UUID, on: date, *, at: datetime, using: str = "stats") -> Counts:
    """Count one service point's day anew and replace its figures.

    The row of AggregatedDay is taken first: two workers at the same day come one after the other, and the second
    reads what the first one's acts had committed. `using` is the connection by which the rows are read. What was
    counted from rows that have reached their end stays as it is.
    """
    since = Horizon.on(clock.local_date(at))
    if on < since.visits:
        return Counter()
    AggregatedDay.objects.bulk_create(
        [AggregatedDay(point_id=point_id, on=on, counted_at=at)],
        update_conflicts=True,
        unique_fields=["point", "on"],
        update_fields=["counted_at"],
    )
    with _reading(using):
        counts = count(
            facts.visits_of(point_id, on, using=using),
            facts.referrals_of(point_id, on, using=using),
            facts.responses_of(point_id, on, using=using),
        )
    kept = OF_PEOPLE if on < since.people else frozenset()
    _replace(point_id, on, Counter({key: n for key, n in counts.items() if key[0] not in kept}), kept=kept)
    return counts


@contextmanager
def _reading(using: str) -> Iterator[None]:
    """One unchanging view of the rows, as the role that only counts."""
    if using != "stats":
        yield
        return
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        bind(AGGREGATE, using=using)
        yield


def _replace(point_id: UUID, on: date, counts: Counts, *, kept: frozenset[str]) -> None:
    mine = DailyFigure.objects.filter(point_id=point_id, on=on).exclude(figure__in=kept)
    present = {(row.figure, row.part): row for row in mine.order_by("pk")}
    gone = [row.pk for key, row in present.items() if key not in counts]
    if gone:
        DailyFigure.objects.filter(pk__in=gone).delete()
    changed = [
        DailyFigure(point_id=point_id, on=on, figure=figure, part=part, n=n)
        for (figure, part), n in sorted(counts.items())
        if (figure, part) not in present or present[figure, part].n != n
    ]
    DailyFigure.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["point", "on", "figure", "part"], update_fields=["n"]
    )
