"""What the tiles and panels count with, once for all of them: small cells are settled here."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.figures import EVENING_HOURS, percentile
from reports.reading import Reading, Totals
from reports.statistics import Estimate, is_small, mean, merged, shows_share, wilson
from tyoparkki.anonymity import FEWEST


@dataclass(frozen=True, slots=True)
class Days:
    """One service day, or several put together because few visitors came."""

    first: date
    last: date
    total: int
    evening: int


def visit_days(reading: Reading) -> list[Days]:
    """The service days in order; a day with under five visits joins its neighbour."""
    rows: list[Days] = []
    for on in sorted(day for day, totals in reading.days.items() if totals.n("visits")):
        totals = reading.days[on]
        row = Days(on, on, totals.n("visits"), totals.n("hour", *EVENING_HOURS))
        if rows and (is_small(row.total) or is_small(rows[-1].total)):
            row = _together(rows.pop(), row)
        rows.append(row)
    if len(rows) > 1 and is_small(rows[-1].total):
        last = rows.pop()
        rows.append(_together(rows.pop(), last))
    return rows


def by_month(days: list[Days]) -> list[Days]:
    """The same by calendar month, for long periods."""
    months: dict[tuple[int, int], Days] = {}
    for row in days:
        month = (row.first.year, row.first.month)
        months[month] = _together(months[month], row) if month in months else row
    return list(months.values())


def _together(first: Days, second: Days) -> Days:
    return Days(first.first, second.last, first.total + second.total, first.evening + second.evening)


@dataclass(frozen=True, slots=True)
class Evening:
    """The evening visits of one service day, or of several whose own numbers are too small to be told."""

    first: int
    last: int
    n: int

    @property
    def is_alone(self) -> bool:
        """One day with a number of its own."""
        return self.first == self.last

    @property
    def a_day(self) -> float:
        """On one of its days, on average."""
        return self.n / (self.last - self.first + 1)


def evenings(days: list[Days]) -> list[Evening] | None:
    """The evenings in order, days put together until neither the evening nor the rest of the day is small.

    A day that is put together with others has a small number, so at least two of them were visited in the evening,
    and their sum does not say which had how many. None when even all days together are too few.
    """
    if not shows_share(sum(row.evening for row in days), sum(row.total for row in days)):
        return None
    groups: list[Evening] = []
    first, n, rest = 0, 0, 0
    for place, row in enumerate(days):
        n, rest = n + row.evening, rest + row.total - row.evening
        if not is_small(n) and not is_small(rest):
            groups.append(Evening(first, place, n))
            first, n, rest = place + 1, 0, 0
    while first < len(days):
        if not groups:
            return [Evening(0, len(days) - 1, n)]
        first = groups.pop().first
        n = sum(row.evening for row in days[first:])
        if not is_small(n) and not is_small(sum(row.total for row in days[first:]) - n):
            groups.append(Evening(first, len(days) - 1, n))
            break
    return groups


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits in minutes from `begins` until before `ends` (None: however long), with or without those who left."""

    n: int
    begins: int | None
    ends: int | None
    has_left: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long visitors waited, as far as it may be told."""

    part: int
    n: int
    groups: list[Waits]
    median: int | None
    nine_of_ten: int | None

    @property
    def share(self) -> Estimate | None:
        """The share called in time, if it may be told."""
        return share(self.part, self.n)

    @property
    def left(self) -> int | None:
        """How many left before being served; None where their number is told only together with others."""
        return next((row.n for row in self.groups if row.has_left and row.begins is None), None)


EDGES = (0, 5, 10, 15, 20, 30)


def waiting(totals: Totals, *, target: int) -> Waiting:
    """The waits of a period in ranges of which none is small.

    Where the share called in time is told, no range goes across the target: its other end would follow from the
    share. Those who left are a range of their own at the end, for their number follows from the others.
    """
    histogram, left = totals.histogram("wait_minutes"), totals.n("left_unserved")
    starts = sorted({*EDGES, target})
    counts = [
        sum(number for minute, number in histogram.items() if begins <= minute and (ends is None or minute < ends))
        for begins, ends in zip(starts, [*starts[1:], None], strict=True)
    ]
    cells = [*map(totals.rounded, counts), left]
    cut = starts.index(target)
    part, n = sum(cells[:cut]), sum(cells)
    if not shows_share(part, n):
        cut = 0
    places = merged(cells[:cut]) + [(first + cut, last + cut) for first, last in merged(cells[cut:])]
    called = n - left
    return Waiting(
        part,
        n,
        [_waits(cells, starts, first, last) for first, last in places],
        percentile(histogram, 0.5) if called >= FEWEST else None,
        # Of fewer, the ninth of ten would be the longest wait of all: one visitor's own.
        percentile(histogram, 0.9) if called >= 2 * FEWEST else None,
    )


def _waits(cells: Sequence[int], starts: Sequence[int], first: int, last: int) -> Waits:
    has_left = last == len(starts)
    return Waits(
        n=sum(cells[first : last + 1]),
        begins=starts[first] if first < len(starts) else None,
        ends=starts[last + 1] if last + 1 < len(starts) else None,
        has_left=has_left,
    )


def share(part: int, n: int) -> Estimate | None:
    """A share with its interval, if it may be told. A rounded part may have grown past the whole."""
    part = min(part, n)
    return wilson(part, n) if shows_share(part, n) else None


def answers(totals: Totals) -> int:
    """How many tablets' answers came in."""
    return totals.n("response", *totals.each("response"))


def faces(totals: Totals, question: str, languages: Container[str] | None = None) -> dict[int, int]:
    """The answers to one question by face as they were counted, in all languages or in some: for means."""
    found = dict.fromkeys(range(1, 6), 0)
    for part, n in totals.each("face").items():
        asked, language, _mode, face = part.split(":")
        if asked == question and (languages is None or language in languages):
            found[int(face)] += n
    return found


def mean_of(counts: Mapping[int, int]) -> Estimate | None:
    """The mean of faces; the scale is 1–5 whatever was answered."""
    return mean(dict(counts))
