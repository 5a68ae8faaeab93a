"""The roster as a page shows it: the next service days, who comes when, what is covered, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from team import coverage, opening
from team.coverage import Block, Hours, Lack, Need, Stint
from team.models import Membership, ServicePoint, Shift, Topic
from tyoparkki import clock
from tyoparkki.models import Language
from tyoparkki.texts import pick

if TYPE_CHECKING:
    from team.access import Member

DAYS = 8
AHEAD = timedelta(weeks=26)
SMALLEST = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One service day."""

    hours: Hours
    is_today: bool
    is_next: bool
    note: str

    @property
    def on(self) -> date:
        """The date."""
        return self.hours.on

    @property
    def span(self) -> str:
        """When the doors are open, as short as it can be said."""
        return clock.hours(self.hours.opens_at, self.hours.closes_at)


@dataclass(frozen=True, slots=True)
class Cell:
    """One colleague on one day: a shift as a bar within the opening hours (in per cent), or a free place."""

    column: Column
    shift: Shift | None = None

    @property
    def left(self) -> int:
        """Where the bar begins."""
        return self._per_cent(self.shift.starts_at) if self.shift else 0

    @property
    def width(self) -> int:
        """How long the bar is; a sliver is still seen."""
        return max(SMALLEST, self._per_cent(self.shift.ends_at) - self.left) if self.shift else 0

    @property
    def span(self) -> str:
        """The hours of the shift, as short as they can be said."""
        if self.shift is None:
            return ""
        return clock.hours(clock.local(self.shift.starts_at).time(), clock.local(self.shift.ends_at).time())

    def _per_cent(self, moment: datetime) -> int:
        on, hours = self.column.on, self.column.hours
        opens = datetime.combine(on, hours.opens_at, tzinfo=clock.HELSINKI)
        closes = datetime.combine(on, hours.closes_at, tzinfo=clock.HELSINKI)
        return min(100, max(0, round(100 * ((moment - opens) / (closes - opens)))))


@dataclass(frozen=True, slots=True)
class Person:
    """One colleague with the trades, the languages and the days."""

    membership: Membership
    trades: Sequence[str]
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Group:
    """Colleagues of one organisation."""

    name: str
    people: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Cover:
    """How well one need is covered on each day."""

    need: Need
    days: Sequence[tuple[Column, Sequence[Block]]]


@dataclass(frozen=True, slots=True)
class Roster:
    """The whole page."""

    columns: Sequence[Column]
    covers: Sequence[Cover]
    groups: Sequence[Group]
    lacks: Sequence[Lack]
    today: Sequence[Shift] = field(default_factory=list)


def next_days(point: ServicePoint, today: date, *, count: int = DAYS) -> list[opening.DayPlan]:
    """The plans of the next days on which the doors open, today included."""
    last = today + AHEAD
    plans = opening.plans_between(
        today, last, point.opening_rules.all(), point.opening_exceptions.filter(on__range=(today, last))
    )
    return [plan for plan in plans if plan.is_open][:count]


def roster_of(member: Member, *, at: datetime) -> Roster:
    """The next service days of the member's point."""
    point, today = member.membership.point, clock.local_date(at)
    columns = _columns(next_days(point, today), today)
    last = columns[-1].on if columns else today
    shifts = list(Shift.objects.planned_between(point.pk, today, last).with_state().with_people().select_related("day"))
    people = list(Membership.objects.valid_on(today).at_point(point.pk).for_roster())
    needs = needs_of(Topic.objects.at(point.pk).with_professions(), languages_of(point))
    stints = {column.on: [_stint(shift) for shift in shifts if shift.day.on == column.on] for column in columns}
    gaps = [gap for column in columns for gap in coverage.gaps(needs, column.hours, stints[column.on])]
    return Roster(
        columns=columns,
        covers=[
            Cover(need, [(column, coverage.blocks(need, column.hours, stints[column.on])) for column in columns])
            for need in needs
        ],
        groups=_groups(people, shifts, columns),
        lacks=coverage.lacks(gaps, len(columns)),
        today=[shift for shift in shifts if shift.day.on == today],
    )


def _columns(plans: Iterable[opening.DayPlan], today: date) -> list[Column]:
    columns: list[Column] = []
    for plan in plans:
        if plan.opens_at is not None and plan.closes_at is not None:
            hours = Hours(plan.on, plan.opens_at, plan.closes_at)
            columns.append(Column(hours, plan.on == today, not columns, plan.reason))
    return columns


def languages_of(point: ServicePoint) -> dict[str, str]:
    """The languages, Finnish apart, in which the point has promised to serve, by code."""
    codes = [code for code in point.board_languages if code != "fi"]
    names = {row.code: pick(row.names) for row in Language.objects.filter(code__in=codes)}
    return {code: names.get(code, code.upper()) for code in codes}


def needs_of(topics: Iterable[Topic], languages: dict[str, str]) -> list[Need]:
    """What must be covered: topics that ask for trades (those that ask for the same are one need), and languages."""
    labels: dict[frozenset[int], list[str]] = {}
    for topic in topics:
        trades = frozenset(topic.profession_ids)  # type: ignore[attr-defined]  # annotated
        if trades:
            labels.setdefault(trades, []).append(topic.name)
    needs = [Need(", ".join(names[:2]), professions=trades) for trades, names in labels.items()]
    return needs + [Need(name[:1].upper() + name[1:], language=code) for code, name in languages.items()]


def _stint(shift: Shift) -> Stint:
    trades = set(shift.profession_ids)  # type: ignore[attr-defined]  # annotated
    if shift.profession_id:
        trades.add(shift.profession_id)
    return Stint(shift.starts_at, shift.ends_at, frozenset(trades), frozenset(shift.membership.user.languages))


def _groups(people: Sequence[Membership], shifts: Sequence[Shift], columns: Sequence[Column]) -> list[Group]:
    taken = {(shift.membership_id, shift.day.on): shift for shift in shifts}
    groups = [
        Group(
            name,
            [
                Person(
                    member,
                    [pick(names) for names in member.trade_names],  # type: ignore[attr-defined]  # annotated
                    [Cell(column, taken.get((member.pk, column.on))) for column in columns],
                )
                for member in members
            ],
        )
        for name, members in groupby(people, key=lambda member: member.organisation.name)
    ]
    return sorted(groups, key=lambda group: not any(cell.shift for person in group.people for cell in person.cells))
