"""Which days are looked at, and which they are compared with: plain dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

DEFAULT = "12vk"
OWN = "oma"
TODAY = "paiva"
BEFORE, YEAR_AGO, NOTHING = "edellinen", "vuosi", "ei"
LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; `code` names a predefined one."""

    first: date
    last: date
    code: str = OWN

    @property
    def days(self) -> int:
        """Its length."""
        return (self.last - self.first).days + 1

    @property
    def is_rounded(self) -> bool:
        """Whether its figures are told in fives: all but today's own, for any longer or other period holds days that
        another one holds too, and the difference of the two would tell the small numbers of the days between."""
        return self.code != TODAY

    def before(self) -> Period:
        """The one of the same length just before; of some days of a week, the same weekdays of the week before."""
        if self.days < 7:
            return Period(self.first - timedelta(weeks=1), self.last - timedelta(weeks=1))
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def year_ago(self) -> Period:
        """The same weekdays a year (52 weeks) before: service days hang on weekdays, not on dates."""
        return Period(self.first - timedelta(weeks=52), self.last - timedelta(weeks=52))

    def compared(self, how: str) -> Period | None:
        """What it is compared with."""
        if how == NOTHING:
            return None
        return self.year_ago() if how == YEAR_AGO else self.before()


def _month(on: date) -> Period:
    first = on.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _last_weeks(number: int) -> Callable[[date], Period]:
    return lambda today: Period(today - timedelta(weeks=number) + timedelta(days=1), today)


PREDEFINED: dict[str, Callable[[date], Period]] = {
    TODAY: lambda today: Period(today, today),
    "4vk": _last_weeks(4),
    "12vk": _last_weeks(12),
    "26vk": _last_weeks(26),
    "kk": lambda today: Period(today.replace(day=1), today),
    "ekk": lambda today: _month(today.replace(day=1) - timedelta(days=1)),
    "vuosi": lambda today: Period(today.replace(month=1, day=1), today),
    "evuosi": lambda today: Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
}


def predefined(code: str, today: date) -> Period:
    """The period of a name, as it lies today."""
    found = PREDEFINED[code](today)
    return Period(found.first, found.last, code)
