"""Counting: a day's figures are replaced by what its rows say now; and what figures need is kept or told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections, transaction

from reports import facts
from reports.figures import OF_PEOPLE, Counts, count
from reports.models import AggregatedDay, BreachCause, DailyFigure
from reports.recount import Horizon
from reports.walls import monthly
from tyoparkki import audit, clock
from tyoparkki.actor import Actor, bind

if TYPE_CHECKING:
    from reports.promises import Breach
    from team.access import Member

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


_KEEP = f"""
    INSERT INTO reports_keptmonth (point_id, month, figure, part, n)
    SELECT point_id, month, figure, part, count(*) FROM ({monthly("'-infinity'")}) AS told WHERE client_id = %s
    GROUP BY 1, 2, 3, 4
    ON CONFLICT (point_id, month, figure, part) DO UPDATE SET n = reports_keptmonth.n + excluded.n
"""  # noqa: S608 - only our own constants are put in


def keep_months(person: UUID, at: datetime, using: str) -> None:
    """What an erased person's rows counted for stays, month by month, in one number with everybody else's."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('tp.today', %s, true)", [clock.local_date(at).isoformat()])
        cursor.execute(_KEEP, [person])


@transaction.atomic
def tell_cause(breach: Breach, cause: str, *, by: Member, at: datetime) -> BreachCause:
    """Say why a promise was not kept; said again, the last word counts."""
    told = {"cause": cause, "told_at": at, "told_by": by.membership}
    row, _made = BreachCause.objects.update_or_create(
        key=breach.key, defaults=told, create_defaults={"point_id": by.point_id, "due_on": breach.due_on, **told}
    )
    audit.record("promise.cause_told", row, by=by.actor, at=at, fields=["cause"], reason=cause)
    return row
