"""Who is at a service point today: trades and languages, never persons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from team.models import OpeningException, OpeningRule, Profession, ServiceDay, ServicePoint, Shift
from team.opening import DayPlan, preview
from team.permissions import ROLES, Perm
from tyoparkki import clock
from tyoparkki.models import Language
from visits import board, desk_rows

WEEKS = 3
SHOWN_DAYS = 3


@dataclass(frozen=True, slots=True)
class Trade:
    """A profession that is in the house today, from an hour to an hour."""

    name: str
    starts_at: datetime
    ends_at: datetime
    is_here: bool

    @property
    def hours(self) -> str:
        """From when to when."""
        return clock.hours(clock.local(self.starts_at).time(), clock.local(self.ends_at).time())


@dataclass(frozen=True, slots=True)
class Today:
    """What the public page tells."""

    board: board.Board
    trades: list[Trade]
    languages: list[Language]
    coming: list[tuple[DayPlan, str]]

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self.board.turns)


def read(point: ServicePoint, *, at: datetime) -> Today:
    """The page's content: at most ten statements."""
    now = board.read(point, at=at)
    of_today = desk_rows.shifts_of(now.day) if now.day and now.day.state != ServiceDay.State.CLOSED else []
    shifts = [one for one in of_today if one.ends_at > at and Perm.GUIDE in ROLES[one.membership.role]]
    first = clock.local_date(at)
    rules = OpeningRule.objects.filter(point=point).in_force_from(first)
    exceptions = OpeningException.objects.filter(point=point).from_day(first)
    coming = [plan for plan in preview(first, rules, exceptions, weeks=WEEKS) if plan.on > first]
    days = [(plan, clock.hours(plan.opens_at, plan.closes_at)) for plan in coming[:SHOWN_DAYS]]
    return Today(now, _trades(shifts, at), _languages(shifts, at), days)


def _trades(shifts: Iterable[Shift], at: datetime) -> list[Trade]:
    """Each trade of those on shift: the trade of the shift, else those of the colleague."""
    found: dict[int, list[Shift]] = {}
    for shift in shifts:
        own: list[int] = [shift.profession_id] if shift.profession_id else shift.professions  # type: ignore[attr-defined]  # annotated
        for profession in own:
            found.setdefault(profession, []).append(shift)
    names = Profession.objects.filter(pk__in=found).order_by("position", "pk") if found else []
    return [
        Trade(
            name=str(profession),
            starts_at=min(shift.starts_at for shift in found[profession.pk]),
            ends_at=max(shift.ends_at for shift in found[profession.pk]),
            is_here=any(shift.starts_at <= at < shift.ends_at for shift in found[profession.pk]),
        )
        for profession in names
    ]


def _languages(shifts: Iterable[Shift], at: datetime) -> list[Language]:
    """The languages spoken by those who are here now."""
    codes = {code for shift in shifts if shift.starts_at <= at for code in shift.membership.user.languages}
    if not codes:
        return []
    return list(Language.objects.filter(code__in=codes).order_by(F("desk_order").asc(nulls_last=True), "code"))
