"""The desk as it is now, read in a fixed number of statements: who waits, who is with whom, the day so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from clients.models.consent import Purpose
from team.access import Member
from team.models import Break, HelpCall, Party, ServiceDay, Shift, Topic, User
from team.permissions import ROLES, Perm
from tyoparkki import clock
from visits import queue
from visits.models import Participation, Visit, VisitClient, VisitEvent

FEED_LENGTH = 12
NO_NEWS = (VisitEvent.Kind.DETAILED, VisitEvent.Kind.UNDONE)


@dataclass(frozen=True, slots=True)
class Row:
    """A visit in the queue, with who could take it and how long it has waited."""

    visit: Visit
    name: str
    match: queue.Match
    minutes: int
    level: str
    is_proposed: bool = False


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
    is_expected: bool


@dataclass
class Desk:
    """Everything the front desk's screen shows of a day at a moment."""

    member: Member
    day: ServiceDay | None
    at: datetime
    visits: list[Visit] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    help_calls: list[HelpCall] = field(default_factory=list)
    events: list[VisitEvent] = field(default_factory=list)

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
            people = sorted(visit.people, key=lambda part: part["at"])  # type: ignore[attr-defined]
            for place, part in enumerate(people):
                since = datetime.fromisoformat(part["at"])
                found[UUID(part["membership"])] = (visit, since, len(people), place > 0)
        return found

    @cached_property
    def called(self) -> dict[UUID, Visit]:
        """Whose visitor is on the way."""
        return {visit.called_for_id: visit for visit in self.by_state[Visit.State.CALLED] if visit.called_for_id}

    @cached_property
    def served(self) -> dict[UUID, int]:
        """How many visits each colleague has been called for today: the fair turn among the free."""
        counts: dict[UUID, int] = {}
        for visit in self.visits:
            if visit.called_for_id:
                counts[visit.called_for_id] = counts.get(visit.called_for_id, 0) + 1
        return counts

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
        is_away = shift.away_since is not None  # type: ignore[attr-defined]
        is_guide = Perm.GUIDE in ROLES[shift.membership.role]
        is_free = is_guide and sitting is None and coming is None and not is_away and not is_expected
        visit = sitting[0] if sitting else coming
        since = sitting[1] if sitting else coming.called_at if coming else max(shift.starts_at, self._freed(shift))
        colleague = queue.Colleague(
            membership_id=shift.membership_id,
            name=user.first_name,
            desk=shift.desk.number if shift.desk else None,
            professions=frozenset(shift.professions),  # type: ignore[attr-defined]
            languages=frozenset(user.languages),
            is_free=is_free,
            free_since=since if is_free else None,
            free_at=self._free_at(visit, since) if visit and not is_away else None,
            served=self.served.get(shift.membership_id, 0),
        )
        return Person(
            shift=shift,
            colleague=colleague,
            visit=visit,
            since=since,
            minutes=_minutes(self.at - since) if since else 0,
            companions=sitting[2] if sitting else 0,
            is_guest=bool(sitting and sitting[3]),
            is_guide=is_guide,
            is_away=is_away,
            away_until=shift.away_until,  # type: ignore[attr-defined]
            is_expected=is_expected,
        )

    def _freed(self, shift: Shift) -> datetime:
        ends = [v.ended_at for v in self.visits if v.called_for_id == shift.membership_id and v.ended_at is not None]
        return max(ends, default=shift.starts_at)

    def _free_at(self, visit: Visit, since: datetime | None) -> datetime:
        guess = (since or self.at) + timedelta(minutes=visit.topic.guidance_minutes)
        return max(guess, self.at + timedelta(minutes=5))

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
        """The call that the screen offers under Enter."""
        return queue.propose(self.waiting, self.team)

    @cached_property
    def rows(self) -> list[Row]:
        """The queue as the screen shows it."""
        visits = {visit.pk: visit for visit in self.by_state[Visit.State.WAITING]}
        point = self.member.membership.point
        rows = []
        for one in self.waiting:
            visit = visits[one.visit_id]
            waited = self.at - visit.queued_at
            rows.append(
                Row(
                    visit=visit,
                    name=name_of(visit),
                    match=queue.match(one, self.team),
                    minutes=_minutes(waited),
                    level=queue.wait_level(
                        waited, target_minutes=point.wait_target_minutes, alarm_minutes=point.wait_alarm_minutes
                    ),
                    is_proposed=self.proposal is not None and self.proposal[0].visit_id == visit.pk,
                )
            )
        return rows

    @property
    def over(self) -> list[Row]:
        """Those who have waited over the limit."""
        return [row for row in self.rows if row.level == "over"]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The strip of figures at the top."""
        waits = [_minutes(v.called_at - v.queued_at) for v in self.visits if v.called_at and v.calls]
        real = [visit for visit in self.visits if visit.state != Visit.State.UNDONE]
        return {
            "waiting": len(self.rows),
            "serving": len(self.by_state[Visit.State.IN_SERVICE]),
            "free": sum(one.colleague.is_free for one in self.people),
            "median_wait": round(median(waits)) if waits else None,
            "visits": len(real),
            "employers": sum(visit.party == Party.EMPLOYER for visit in real),
        }

    @property
    def free_desks(self) -> list[Person]:
        """The colleagues to whom a visitor can be called now."""
        return [one for one in self.people if one.colleague.is_free]


def _minutes(length: timedelta) -> int:
    return max(0, int(length.total_seconds() // 60))


def _waiting(visit: Visit) -> queue.Waiting:
    return queue.Waiting(
        visit_id=visit.pk,
        ticket=visit.ticket,
        queued_at=visit.queued_at,
        language=visit.language,
        professions=frozenset(visit.topic_professions),  # type: ignore[attr-defined]
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


def read(member: Member, *, at: datetime) -> Desk:
    """The desk of the member's service point at a moment: five statements, whatever the number of visitors."""
    day = ServiceDay.objects.at(member.point_id).on(clock.local_date(at)).first()
    desk = Desk(member=member, day=day, at=at)
    desk.help_calls = list(
        HelpCall.objects.filter(point_id=member.point_id, ended_at__isnull=True)
        .select_related("called_by__user", "desk")
        .order_by("called_at", "pk")
    )
    if day is None:
        return desk
    desk.visits = _visits(day)
    desk.shifts = _shifts(day)
    desk.events = list(
        VisitEvent.objects.filter(day=day, undone_by__isnull=True)
        .exclude(kind__in=NO_NEWS)
        .select_related("visit__topic", "visit__result", "by__user", "who__user", "desk")
        .order_by("-id")[:FEED_LENGTH]
    )
    _mark_undoable(desk.events)
    return desk


def read_queue(member: Member, *, at: datetime) -> Desk:
    """The same without calls for help and feed, for an advisor's own screen: three statements."""
    day = ServiceDay.objects.at(member.point_id).on(clock.local_date(at)).first()
    desk = Desk(member=member, day=day, at=at)
    if day is not None:
        desk.visits, desk.shifts = _visits(day), _shifts(day)
    return desk


def _visits(day: ServiceDay) -> list[Visit]:
    people = Participation.objects.filter(encounter__visit=OuterRef("pk"), ended_at__isnull=True).values(
        json=JSONObject(membership=F("membership_id"), at=F("joined_at"))
    )
    professions = Topic.professions.through.objects.filter(topic_id=OuterRef("topic_id")).values("profession_id")
    known = VisitClient.objects.filter(
        visit=OuterRef("pk"),
        ended_at__isnull=True,
        client__consents__purpose=Purpose.RECORD,
        client__consents__recipient_point=OuterRef("point"),
        client__consents__withdrawn_at__isnull=True,
    ).values("client__name")[:1]
    return list(
        Visit.objects.on_day(day)
        .for_desk()
        .annotate(people=ArraySubquery(people), topic_professions=ArraySubquery(professions), client_name=Subquery(known))
    )


def _shifts(day: ServiceDay) -> list[Shift]:
    professions = User.professions.through.objects.filter(user_id=OuterRef("membership__user_id")).values("profession_id")
    away = Break.objects.filter(shift=OuterRef("pk"), ended_at__isnull=True)
    return list(
        Shift.objects.on_day(day)
        .with_people()
        .annotate(
            professions=ArraySubquery(professions),
            away_since=Subquery(away.values("started_at")[:1]),
            away_until=Subquery(away.values("until")[:1]),
        )
    )


def _mark_undoable(events: Sequence[VisitEvent]) -> None:
    """Only the newest act on each visit can be taken back."""
    seen: set[UUID] = set()
    for event in events:
        event.can_undo = event.visit_id not in seen  # type: ignore[attr-defined]
        seen.add(event.visit_id)
