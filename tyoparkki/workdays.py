"""Working days: what a promise of "within five working days" is counted in.

Saturdays, Sundays, public holidays, and the eves of Midsummer and Christmas are none. Source of the rule: the Finnish
act on the counting of time limits (150/1930, section 5), by which a time limit does not end on those days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5
_SUNDAY = 6


@cache
def _free(year: int) -> frozenset[date]:
    """Public holidays of a year; the list has the two eves as well."""
    return frozenset(holidays.country_holidays("FI", years=year))


def _days(since: date) -> Iterator[date]:
    while True:
        yield since
        since += _DAY


def is_working_day(on: date) -> bool:
    """Whether offices work on that day."""
    return on.weekday() < _SATURDAY and on not in _free(on.year)


def is_free_day(on: date) -> bool:
    """A Sunday or a public holiday, or one of the two eves that are kept like one."""
    return on.weekday() == _SUNDAY or on in _free(on.year)


def working_days_after(on: date, count: int) -> date:
    """The day that is `count` working days after a day; the day itself is not counted. At least one."""
    if count < 1:
        raise ValueError("at least one working day")
    for _ in range(count):
        on = next(day for day in _days(on + _DAY) if is_working_day(day))
    return on


def working_days_between(since: date, until: date) -> int:
    """How many working days have passed after `since`, `until` counted in; 0 when `until` is not later."""
    return sum(is_working_day(since + timedelta(days=n)) for n in range(1, (until - since).days + 1))
