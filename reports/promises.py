"""Promises to people, kept and broken: figures over whole quarters, and each breach by its day with its cause.

A promise counts once its day is over or it was met. One that lost its point before its day (the plan ended, the person
went on elsewhere) counts neither way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from clients.clocks import is_kept, months_after
from clients.models import PointPromise, Reminder
from reports.models import BreachCause
from reports.statistics import Estimate, hidden_of, shows_share, wilson
from tyoparkki.clock import local_date

# The kinds that are promises to the person; the others are the team's own work.
PROMISES = (Reminder.Kind.FIRST_CONTACT, Reminder.Kind.PLAN_REVIEW, Reminder.Kind.NEED_REVIEW)
ASKED = (*PROMISES, Reminder.Kind.SITE_PROMISE)
QUARTERS = 4
# Breaches are told this far back: what is older cannot be mended any more.
TOLD_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Told:
    """One promise as it stands: its day, when it was settled and how."""

    kind: str
    due_on: date
    settled_on: date | None
    how: str

    def kept(self, *, today: date) -> bool | None:
        """Whether it was kept; None while it may be, and when it lost its point in time."""
        if self.how == Reminder.How.OVER:
            return None if self.settled_on and self.settled_on <= self.due_on else False
        return is_kept(self.due_on, self.settled_on, today=today)


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that was not kept: its day, how many days late it was met, if it was, and why, once told.

    The key names nobody.
    """

    key: UUID
    label: str
    due_on: date
    late: int | None
    cause: str = ""


@dataclass(slots=True)
class Figure:
    """How one promise was kept over the quarters: its kind, or the key of one that the point added, and its words."""

    kind: str
    label: str
    kept: int = 0
    broken: int = 0

    @property
    def n(self) -> int:
        """How many promises counted."""
        return self.kept + self.broken

    @property
    def is_told(self) -> bool:
        """Whether the share may be told: neither the kept nor the broken are few people."""
        return shows_share(self.kept, self.n)

    @property
    def share(self) -> Estimate | None:
        """The share kept, with its interval."""
        return wilson(self.kept, self.n) if self.is_told else None


def quarters(today: date) -> tuple[date, date]:
    """The first and the last day of the last four whole quarters: they move four times a year and not every day."""
    begun = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return months_after(begun, -3 * QUARTERS), begun - timedelta(days=1)


def figures(rows: Iterable[Told], *, today: date, added: Mapping[str, str] | None = None) -> list[Figure]:
    """Each promise kept and broken over the whole quarters; `added` are the point's own, in words by their keys."""
    found = {str(kind): Figure(str(kind), str(kind.label)) for kind in PROMISES}
    found |= {key: Figure(key, label) for key, label in (added or {}).items()}
    first, last = quarters(today)
    for row in rows:
        kept = row.kept(today=today)
        if kept is None or row.kind not in found:
            continue
        figure = found[row.kind]
        if first <= row.due_on <= last:
            figure.kept += kept
            figure.broken += not kept
    return list(found.values())


def broken(
    rows: Iterable[tuple[UUID, Told]], *, today: date, labels: Mapping[str, str], causes: Mapping[UUID, str]
) -> list[Breach]:
    """The promises that were not kept, the latest first, each with what is known of why."""
    found = []
    for key, row in rows:
        if row.kept(today=today) is False and row.kind in labels:
            met = row.settled_on if row.how != Reminder.How.OVER else None
            late = (met - row.due_on).days if met else None
            found.append(Breach(key, labels[row.kind], row.due_on, late, causes.get(key, "")))
    return sorted(found, key=lambda one: one.due_on, reverse=True)


def breaches(point_id: UUID, *, at: datetime) -> list[Breach]:
    """Those of late that the reader may explain: who leads the point all, others those of people they answer for."""
    today = local_date(at)
    with connection.cursor() as cursor:
        kinds = [str(kind) for kind in ASKED]
        cursor.execute("SELECT * FROM reports_breaches(%s, %s)", [kinds, today - TOLD_BACK])
        rows = [(key, Told(*row)) for key, *row in cursor.fetchall()]
    own = PointPromise.objects.at_point(point_id)
    labels = {str(kind): str(kind.label) for kind in PROMISES} | {str(row.pk): row.name for row in own}
    known = BreachCause.objects.at(point_id).filter(key__in=[key for key, _told in rows])
    return broken(rows, today=today, labels=labels, causes=dict(known.values_list("key", "cause")))


def causes(counts: Mapping[str, int]) -> list[tuple[str, int | None]]:
    """Every cause in its order and how often it was told; None where few would be seen."""
    kinds = list(BreachCause.Cause)
    cells = [counts.get(kind, 0) for kind in kinds]
    hidden = hidden_of(cells)
    return [(str(kind.label), None if place in hidden else cells[place]) for place, kind in enumerate(kinds)]


def causes_at(point_id: UUID, *, at: datetime) -> list[tuple[str, int | None]]:
    """Why the point's promises of the whole quarters were not kept, as far as it was told."""
    rows = BreachCause.objects.at(point_id).between(*quarters(local_date(at)))
    return causes(Counter(rows.values_list("cause", flat=True)))


def of_reader(point_id: UUID, *, at: datetime) -> list[Figure]:
    """The promises of the reader's own service point: a function of the wall tells days and kinds, and nobody's key."""
    today = local_date(at)
    with connection.cursor() as cursor:
        kinds = [str(kind) for kind in ASKED]
        cursor.execute("SELECT * FROM clients_promised(%s, %s)", [kinds, quarters(today)[0]])
        told = [Told(*row) for row in cursor.fetchall()]
    seen = {row.kind for row in told}
    own = {str(row.pk): row for row in PointPromise.objects.at_point(point_id)}
    added = {key: row.name for key, row in own.items() if row.ended_at is None or key in seen}
    return figures(told, today=today, added=added)
