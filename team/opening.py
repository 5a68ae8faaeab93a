"""When a point is open: weekly rules, exceptions and public holidays, as a pure function of plain values.

Order of the rules, the first that speaks decides:
1. an exception of that date (closed, or open from an hour to an hour), with its reason;
2. a Finnish public holiday: closed. The eves of Midsummer and Christmas are no public holidays: they follow the
   weekly rule until somebody enters an exception;
3. the weekly rule in force on that date; of several, the widest hours;
4. otherwise closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

import holidays

from tyoparkki.texts import pick

if TYPE_CHECKING:
    from team.models import OpeningException, OpeningRule

_HOLIDAY_LANGUAGES = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}
_EVES = {"Juhannusaatto", "Jouluaatto"}


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What holds on one date: open from an hour to an hour, or closed, and why it differs from the week."""

    on: date
    opens_at: time | None = None
    closes_at: time | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    source: str = "none"

    @property
    def is_open(self) -> bool:
        """Whether the doors open at all."""
        return self.opens_at is not None

    @property
    def reason(self) -> str:
        """Why the day differs, in the reader's language."""
        return pick(self.reasons)


@cache
def _holidays_of(year: int) -> dict[date, dict[str, str]]:
    names: dict[date, dict[str, str]] = {}
    for language, code in _HOLIDAY_LANGUAGES.items():
        for on, name in holidays.country_holidays("FI", years=year, language=code).items():
            names.setdefault(on, {})[language] = name
    return names


def holiday(on: date) -> dict[str, str] | None:
    """The names of the public holiday or the eve on a date, by language."""
    return _holidays_of(on.year).get(on)


def closes_the_house(on: date) -> bool:
    """Whether a date is a public holiday in law; an eve is not."""
    names = holiday(on)
    return names is not None and names["fi"] not in _EVES


def plan_of(on: date, rules: Iterable[OpeningRule], exceptions: Iterable[OpeningException]) -> DayPlan:
    """The plan of one date from a point's rules and exceptions."""
    for exception in exceptions:
        if exception.on == on:
            return DayPlan(on, exception.opens_at, exception.closes_at, exception.reasons or {}, "exception")
    if closes_the_house(on):
        return DayPlan(on, reasons=holiday(on) or {}, source="holiday")
    hours = [
        (rule.opens_at, rule.closes_at)
        for rule in rules
        if rule.weekday == on.isoweekday()
        and rule.valid_from <= on
        and (rule.valid_until is None or rule.valid_until >= on)
    ]
    if not hours:
        return DayPlan(on)
    return DayPlan(on, min(opens for opens, _ in hours), max(closes for _, closes in hours), holiday(on) or {}, "rule")


def plans_between(
    first: date, last: date, rules: Iterable[OpeningRule], exceptions: Iterable[OpeningException]
) -> Iterator[DayPlan]:
    """The plans of all dates from the first to the last."""
    known_rules, known_exceptions = list(rules), list(exceptions)
    for days in range((last - first).days + 1):
        yield plan_of(first + timedelta(days=days), known_rules, known_exceptions)


def preview(
    today: date, rules: Iterable[OpeningRule], exceptions: Iterable[OpeningException], *, weeks: int
) -> list[DayPlan]:
    """The coming days worth showing: open ones, exceptions, and public holidays on a day of the week that is open."""
    known = list(rules)
    weekdays = {rule.weekday for rule in known}
    return [
        plan
        for plan in plans_between(today, today + timedelta(weeks=weeks), known, exceptions)
        if plan.is_open or plan.source == "exception" or (plan.source == "holiday" and plan.on.isoweekday() in weekdays)
    ]
