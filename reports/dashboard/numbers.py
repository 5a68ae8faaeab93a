"""What the tiles and panels count with, once for all of them: small cells are settled here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reports.figures import EVENING_HOURS
from reports.reading import Reading, Totals
from reports.statistics import Estimate, hidden_in, is_small, mean, shows_share, wilson


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
class Evenings:
    """Which days' evening visits may be told, and whether their sum may."""

    told: tuple[bool, ...]
    sum_told: bool


def evenings(days: list[Days]) -> Evenings:
    """Settle the table days × (daytime, evening), whose sums are told."""
    table = [[row.total - row.evening, row.evening] for row in days]
    hidden = hidden_in(table)
    everything = {(r, c) for r, row in enumerate(table) for c, n in enumerate(row) if n}
    total, evening = sum(row.total for row in days), sum(row.evening for row in days)
    sum_told = shows_share(evening, total) and not (hidden and hidden == everything)
    # Where the sum itself is not told, no single evening is either.
    return Evenings(tuple(sum_told and (r, 1) not in hidden for r in range(len(days))), sum_told)


def share(part: int, n: int) -> Estimate | None:
    """A share with its interval, if it may be told."""
    return wilson(part, n) if shows_share(part, n) else None


def answers(totals: Totals) -> int:
    """How many tablets' answers came in."""
    return totals.n("response", *totals.of("response"))


def faces(totals: Totals, question: str, languages: Mapping[str, object] | None = None) -> dict[int, int]:
    """The answers to one question by face, in all languages or in some."""
    found = dict.fromkeys(range(1, 6), 0)
    for part, n in totals.of("face").items():
        asked, language, _mode, face = part.split(":")
        if asked == question and (languages is None or language in languages):
            found[int(face)] = found.get(int(face), 0) + n
    return found


def mean_of(counts: Mapping[int, int]) -> Estimate | None:
    """The mean of faces; the scale is 1–5 whatever was answered."""
    return mean(dict(counts))
