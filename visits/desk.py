"""The desk as it is now, read in a fixed number of statements: who waits, who is with whom, the day so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any
from uuid import UUID

from team.access import Member
from team.models import Party, ServiceDay, Shift
from team.permissions import ROLES, Perm
from tyoparkki import clock
from tyoparkki.names import first_name
from visits import desk_rows, feed, queue, waits
from visits.models import Visit

# No visit is expected to end sooner than this.
SOONEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Row:
    """A visit in the queue, with who could take it and how long it has waited."""

    visit: Visit
    name: str
    match: queue.Match
    since: datetime
    minutes: int
    level: str
    later_minutes: int = 0
    is_proposed: bool = False

    @property
    def waits_for(self) -> str:
        """The colleague whom the visitor asks for, by the first name, or the profession."""
        if self.visit.asks_for:
            return str(self.visit.asks_for.user.first_name)
        return str(self.visit.asks_for_profession or "")


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague on shift: free since, with whom since, on a break until."""

    shift: Shift
    colleague: queue.Colleague
    visit: Visit | None
    since: datetime | None
    minutes: int
    companions: int
    is_guest: bool
    is_guide: bool
    is_away: bool
    away_until: datetime | None
    is_overdue: bool
    is_expected: bool

    @property
    def following(self) -> str:
        """The first name of the colleague who takes the visitor afterwards, beside whoever was there first."""
        if self.visit is None or self.is_guest:
            return ""
        return _first_name(self.visit.following)  # type: ignore[attr-defined]  # annotated for the desk


@dataclass(kw_only=True)
class Floor:
    """Who waits and who serves on a day at a moment: all that the queue's rules ask, whoever looks."""

    day: ServiceDay | None
    at: datetime
    visits: list[Visit] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)

    @property
    def is_before(self) -> bool:
        """Whether the doors have not been opened yet today."""
        return not self.visits and (self.day is None or self.day.state == ServiceDay.State.PLANNED)

    @property
    def is_paused(self) -> bool:
        """Whether the day is paused: arrivals are logged, nobody is called."""
        return self.day is not None and self.day.state == ServiceDay.State.PAUSED

    @property
    def opens_in(self) -> int | None:
        """Minutes until the doors open by the plan, when that is within two hours."""
        wait = self.day.starts - self.at if self.day else timedelta()
        return _minutes(wait) if timedelta() < wait <= timedelta(hours=2) else None

    @cached_property
    def by_state(self) -> dict[str, list[Visit]]:
        """The day's visits by state."""
        groups: dict[str, list[Visit]] = {state: [] for state in Visit.State.values}
        for visit in self.visits:
            groups[visit.state].append(visit)
        return groups

    @cached_property
    def sittings(self) -> dict[UUID, tuple[Visit, datetime, int, bool]]:
        """Who sits with whom: membership → visit, since when, how many are there, came along later."""
        found = {}
        for visit in self.by_state[Visit.State.IN_SERVICE]:
            people = sorted(visit.people, key=lambda part: part["at"])  # type: ignore[attr-defined]  # annotated
            for place, part in enumerate(people):
                since = datetime.fromisoformat(part["at"])
                found[UUID(part["membership"])] = (visit, since, len(people), place > 0)
        return found

    @cached_property
    def called(self) -> dict[UUID, Visit]:
        """Whose visitor is on the way."""
        return {visit.called_for_id: visit for visit in self.by_state[Visit.State.CALLED] if visit.called_for_id}

    @cached_property
    def people(self) -> list[Person]:
        """The team: the free first, then those with visitors, then those away."""
        people = [self._person(shift) for shift in self.shifts if shift.ends_at > self.at]
        return sorted(
            people,
            key=lambda one: (
                one.is_expected,
                not one.is_guide,
                one.is_away,
                not one.colleague.is_free,
                one.colleague.desk or 99,
                one.colleague.name,
            ),
        )

    def _person(self, shift: Shift) -> Person:
        user = shift.membership.user
        sitting = self.sittings.get(shift.membership_id)
        coming = self.called.get(shift.membership_id)
        is_expected = shift.starts_at > self.at
        is_away = shift.away_since is not None  # type: ignore[attr-defined]  # annotated
        is_guide = Perm.GUIDE in ROLES[shift.membership.role]
        is_free = is_guide and sitting is None and coming is None and not is_away and not is_expected
        visit = sitting[0] if sitting else coming
        since = sitting[1] if sitting else coming.called_at if coming else _freed(shift)
        usual_end = self._usual_end(visit, since) if visit and not is_away else None
        colleague = queue.Colleague(
            membership_id=shift.membership_id,
            name=user.first_name,
            desk=shift.desk.number if shift.desk else None,
            professions=frozenset(shift.professions),  # type: ignore[attr-defined]  # annotated
            languages=frozenset(user.languages),
            is_free=is_free,
            free_since=since if is_free else None,
            free_at=max(usual_end, self.at + SOONEST) if usual_end else None,
            is_overtime=usual_end is not None and usual_end < self.at,
            served=shift.served,  # type: ignore[attr-defined]  # annotated
        )
        return Person(
            shift=shift,
            colleague=colleague,
            visit=visit,
            since=since.replace(microsecond=0) if since else None,
            minutes=_minutes(self.at - since) if since else 0,
            companions=sitting[2] if sitting else 0,
            is_guest=bool(sitting and sitting[3]),
            is_guide=is_guide,
            is_away=is_away,
            away_until=shift.away_until,  # type: ignore[attr-defined]  # annotated
            is_overdue=bool(is_away and shift.away_until and shift.away_until < self.at),  # type: ignore[attr-defined]  # likewise
            is_expected=is_expected,
        )

    def _usual_end(self, visit: Visit, since: datetime | None) -> datetime:
        return (since or self.at) + timedelta(minutes=visit.topic.guidance_minutes)

    @cached_property
    def team(self) -> list[queue.Colleague]:
        """The colleagues that the queue's rules reckon with."""
        return [one.colleague for one in self.people if one.is_guide and not one.is_away and not one.is_expected]

    @cached_property
    def waiting(self) -> list[queue.Waiting]:
        """The queue as the rules see it."""
        return queue.in_order([_waiting(visit) for visit in self.by_state[Visit.State.WAITING]])

    @cached_property
    def proposal(self) -> tuple[queue.Waiting, queue.Colleague] | None:
        """The call that the screen offers under Enter; none while the day is paused."""
        return None if self.is_paused else queue.propose(self.waiting, self.team)

    @property
    def still_here(self) -> list[Visit]:
        """Those whom a closing day must not forget."""
        return [visit for visit in self.visits if visit.is_present]

    @property
    def free_desks(self) -> list[Person]:
        """The colleagues to whom a visitor can be called now."""
        return [one for one in self.people if one.colleague.is_free]


@dataclass(kw_only=True)
class FrontDesk(Floor):
    """The same as a member of the team sees it on the screen, with calls for help and what has happened."""

    member: Member
    help_calls: list[desk_rows.Help] = field(default_factory=list)
    lines: list[feed.Line] = field(default_factory=list)

    @cached_property
    def own(self) -> Person | None:
        """The member's own shift of the day, with break and desk."""
        mine = self.member.membership_id
        return next((one for one in self.people if one.shift.membership_id == mine), None)

    @property
    def last_own(self) -> feed.Line | None:
        """The member's newest act that can be taken back: what Z undoes."""
        return next((line for line in self.lines if line.is_mine and line.can_undo), None)

    @property
    def last_logged(self) -> Visit | None:
        """The visit that the member logged last: what E adds to and L prints."""
        return next((line.visit for line in self.lines if line.is_mine and line.kind == "arrived"), None)

    @cached_property
    def rows(self) -> list[Row]:
        """The queue as the screen shows it."""
        visits = {visit.pk: visit for visit in self.by_state[Visit.State.WAITING]}
        point = self.member.membership.point
        rows = []
        for one in self.waiting:
            visit = visits[one.visit_id]
            waited = waits.waited(visit.queued_at, visit.steps, self.at)  # type: ignore[attr-defined]  # annotated
            match = queue.match(one, self.team)
            free_at = match.later.free_at if match.later else None
            rows.append(
                Row(
                    visit=visit,
                    name=name_of(visit),
                    match=match,
                    since=(self.at - waited).replace(microsecond=0),
                    minutes=_minutes(waited),
                    level=queue.wait_level(
                        waited, target_minutes=point.wait_target_minutes, alarm_minutes=point.wait_alarm_minutes
                    ),
                    later_minutes=_minutes(free_at - self.at) if free_at else 0,
                    is_proposed=self.proposal is not None and self.proposal[0].visit_id == visit.pk,
                )
            )
        return rows

    @property
    def over(self) -> list[Row]:
        """Those who have waited over the limit."""
        return [row for row in self.rows if row.level == "over"]

    @property
    def first_over(self) -> Row | None:
        """Of those the one who can be helped first: somebody is free for them, or will be; else who came first."""
        return min(self.over, key=lambda row: 0 if row.match.best else 1 if row.match.later else 2, default=None)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The strip of figures at the top."""
        ended = [waits.until_first_call(one.queued_at, one.steps) for one in self.visits]  # type: ignore[attr-defined]  # annotated
        known = [_minutes(wait) for wait in ended if wait is not None]
        return {
            "waiting": len(self.rows),
            "longest": max((row.minutes for row in self.rows), default=0),
            "serving": len(self.by_state[Visit.State.IN_SERVICE]),
            "free": sum(one.colleague.is_free for one in self.people),
            "here": sum(not one.is_expected for one in self.people),
            "expected": sum(one.is_expected for one in self.people),
            "median_wait": round(median(known)) if known else None,
            "visits": len(self.visits),
            "employers": sum(visit.party == Party.EMPLOYER for visit in self.visits),
        }


def _freed(shift: Any) -> datetime:
    """Since when the colleague has had nobody: the beginning of the shift, or the end of the last visit."""
    moment: datetime = max(shift.starts_at, shift.freed_at or shift.starts_at)
    return moment


def _first_name(name: str | None) -> str:
    return first_name(name or "")


def _minutes(length: timedelta) -> int:
    return max(0, int(length.total_seconds() // 60))


def _waiting(visit: Visit) -> queue.Waiting:
    return queue.Waiting(
        visit_id=visit.pk,
        ticket=visit.ticket,
        queued_at=visit.queued_at,
        language=visit.language,
        professions=frozenset(visit.topic_professions),  # type: ignore[attr-defined]  # annotated
        asks_for=visit.asks_for_id,
        asks_for_profession=visit.asks_for_profession_id,
        has_interpreter=visit.needs_interpreter,
    )


def name_of(visit: Visit) -> str:
    """What the queue calls a visitor: the day's name, the known person's short name, the employer, or nothing."""
    note = getattr(visit, "note", None)
    if note is not None and note.called_name:
        return str(note.called_name)
    known: str | None = getattr(visit, "client_name", None)
    if known:
        parts = known.split()
        return known if len(parts) < 2 else f"{parts[0]} {parts[-1][0]}."
    return visit.employer.name if visit.employer else ""


def read(member: Member, *, at: datetime, day: ServiceDay | None = None) -> FrontDesk:
    """The desk of the member's service point at a moment: four statements, whatever the number of visitors.

    With the `day` already at hand (a press has just locked it) three, and without calls for help.
    """
    if day is None:
        day, help_calls = desk_rows.day_with_help(member.point_id, clock.local_date(at))
        desk = FrontDesk(member=member, day=day, at=at, help_calls=help_calls)
    else:
        desk = FrontDesk(member=member, day=day, at=at)
    if day is not None:
        desk.visits, desk.shifts = desk_rows.visits_of(day), desk_rows.shifts_of(day)
        desk.lines = feed.read(member, day)
    return desk


def read_queue(member: Member, *, at: datetime) -> FrontDesk:
    """The same without feed and who has gone, for an advisor's own screen: three statements."""
    day, help_calls = desk_rows.day_with_help(member.point_id, clock.local_date(at))
    desk = FrontDesk(member=member, day=day, at=at, help_calls=help_calls)
    if day is not None:
        desk.visits, desk.shifts = desk_rows.present_of(day), desk_rows.shifts_of(day)
    return desk
