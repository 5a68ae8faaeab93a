"""The waiting room's view of the day: numbers, desks and honest ranges. No name, topic or language of anybody."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.utils import translation

from team.calendar import service_day
from team.models import OpeningException, OpeningRule, Party, ServiceDay, ServicePoint, Topic
from team.opening import DayPlan, plans_between
from tyoparkki import clock
from tyoparkki.templatetags import tp
from visits import desk_rows, estimate
from visits.desk import Floor
from visits.models import Participation, Visit

SHOWN_NEXT = 4
SHOWN_EARLIER = 3
STAYS = timedelta(minutes=30)
LOOK_AHEAD = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Call:
    """A number that was called to a desk; `again` grows with each call, so that the chime sounds anew."""

    ticket: str
    desk: int | None
    again: int
    is_waited_for: bool

    @property
    def mark(self) -> str:
        """Tells one call from another."""
        return f"{self.ticket}:{self.desk or ''}:{self.again}"


@dataclass(frozen=True, slots=True)
class Turn:
    """A number that waits, with its range."""

    ticket: str
    wait: estimate.Range | None


@dataclass
class Board:
    """What the room sees at a moment."""

    point: ServicePoint
    day: ServiceDay | None
    at: datetime
    visits: list[Visit] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    new: estimate.Range | None = None
    next_open: DayPlan | None = None

    @property
    def is_open(self) -> bool:
        """Whether the doors are open; a pause keeps them open."""
        return self.day is not None and self.day.state in (ServiceDay.State.OPEN, ServiceDay.State.PAUSED)

    @property
    def is_serving(self) -> bool:
        """Whether numbers are called: the doors are open, or somebody who came before they closed is still here."""
        return self.is_open or any(visit.is_present for visit in self.visits)

    @property
    def hours(self) -> str:
        """Today's hours."""
        return clock.hours(self.day.opens_at, self.day.closes_at) if self.day else ""

    @property
    def next_hours(self) -> str:
        """The hours of the next opening."""
        return clock.hours(self.next_open.opens_at, self.next_open.closes_at) if self.next_open else ""

    @property
    def is_paused(self) -> bool:
        """Whether nobody is called just now."""
        return self.day is not None and self.day.state == ServiceDay.State.PAUSED

    @property
    def calls(self) -> list[Call]:
        """Numbers called, the latest first: all that are still waited for, and the latest that have sat down."""
        shown = [
            visit
            for visit in self.visits
            if visit.called_at is not None
            and (
                visit.state == Visit.State.CALLED
                or (visit.state == Visit.State.IN_SERVICE and self.at - visit.called_at < STAYS)
            )
        ]
        shown.sort(key=lambda visit: (visit.state == Visit.State.CALLED, visit.called_at), reverse=True)
        return [
            Call(
                ticket=visit.ticket,
                desk=visit.desk.number if visit.desk else None,
                again=visit.calls,
                is_waited_for=visit.state == Visit.State.CALLED,
            )
            for visit in shown
        ]

    @property
    def now(self) -> Call | None:
        """The number in the middle: the latest call that somebody is still waited for."""
        return next((call for call in self.calls if call.is_waited_for), None)

    @property
    def earlier(self) -> list[Call]:
        """The calls beside it."""
        return [call for call in self.calls if call != self.now][:SHOWN_EARLIER]

    @property
    def following(self) -> list[Turn]:
        """The next numbers, as many as fit."""
        return self.turns[:SHOWN_NEXT]

    @property
    def more(self) -> int:
        """How many wait besides them."""
        return max(0, len(self.turns) - SHOWN_NEXT)

    def wait_of(self, ticket: str) -> estimate.Range | None:
        """The range of one number."""
        return next((turn.wait for turn in self.turns if turn.ticket == ticket), None)


@cache
def _words() -> dict[str, dict[str, Any]]:
    path = Path(__file__).parent / "data" / "board_words.json"
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def words_of(point: ServicePoint) -> list[dict[str, Any]]:
    """The board's words in the languages that take turns on it; the first language stands there all the time."""
    return [_words()[language] for language in point.board_languages if language in _words()] or [_words()["fi"]]


def said(words: dict[str, Any], board: Board) -> dict[str, Any]:
    """The words of one language with the hours and the day of this moment in them."""
    with translation.override(words["lang"]):
        day = tp.day(board.next_open.on if board.next_open else None)
    welcome = words["welcome"].format(day=day, hours=board.next_hours)
    if not board.is_open:
        state = f"{words['closed']}. {welcome}" if board.next_open else words["closed"]
    else:
        state = words["pause"] if board.is_paused else words["open"].format(hours=board.hours)
    return {**words, "state": state, "welcome": welcome}


def read(point: ServicePoint, *, at: datetime) -> Board:
    """The board of a point at a moment, in four statements on a service day."""
    today = clock.local_date(at)
    day = service_day(point.pk, today)
    board = Board(point=point, day=day, at=at)
    board.visits = _visits(day) if day else []
    if not board.is_open:
        board.next_open = _next_open(point, at, day)
    if day is None or not board.is_serving:
        return board
    floor = Floor(day=day, at=at, visits=board.visits, shifts=desk_rows.shifts_of(day))
    team = _servers(floor)
    minutes = {visit.pk: visit.topic.guidance_minutes for visit in board.visits}
    ranges = estimate.waits(floor.waiting, team, minutes=minutes, at=at)
    board.turns = [Turn(one.ticket, ranges[one.visit_id]) for one in floor.waiting]
    if board.is_open and not board.is_paused:
        topics = _topics(point)
        board.new = estimate.new_visitor(floor.waiting, team, minutes=minutes, at=at, topics=topics)
    return board


def _visits(day: ServiceDay) -> list[Visit]:
    """The day's visits with what the queue's rules need, and nothing of who they are."""
    people = Participation.objects.filter(encounter__visit=OuterRef("pk"), ended_at__isnull=True).values(
        json=JSONObject(membership=F("membership_id"), at=F("joined_at"))
    )
    professions = Topic.professions.through.objects.filter(topic_id=OuterRef("topic_id")).values("profession_id")
    return list(
        Visit.objects.on_day(day)
        .select_related("topic", "desk")
        .annotate(people=ArraySubquery(people), topic_professions=ArraySubquery(professions))
        .order_by("queued_at", "number", "pk")
    )


def _servers(floor: Floor) -> list[estimate.Server]:
    """The colleagues who can take somebody, now or later today: the busy, those on a break, those still to come."""
    found = []
    for one in floor.people:
        if not one.is_guide:
            continue
        if one.is_expected:
            free_at: datetime | None = one.shift.starts_at
        elif one.is_away:
            free_at = one.away_until
        else:
            free_at = floor.at if one.colleague.is_free else one.colleague.free_at
        if free_at is not None:
            found.append(estimate.Server(one.colleague, max(free_at, floor.at), one.shift.ends_at))
    return found


def _topics(point: ServicePoint) -> list[frozenset[int]]:
    """The professions that know each topic that clients come for."""
    knows = Topic.professions.through.objects.filter(topic_id=OuterRef("pk")).values("profession_id")
    topics = Topic.objects.at(point.pk).for_party(Party.CLIENT).annotate(knows=ArraySubquery(knows))
    return [frozenset(found) for found in topics.values_list("knows", flat=True)]


def _next_open(point: ServicePoint, at: datetime, day: ServiceDay | None) -> DayPlan | None:
    """When the doors open next: today if they have not been open yet."""
    first = clock.local_date(at)
    if (day is not None and day.state == ServiceDay.State.CLOSED) or (day is not None and day.ends <= at):
        first += timedelta(days=1)
    rules = OpeningRule.objects.filter(point=point).in_force_from(first)
    exceptions = OpeningException.objects.filter(point=point).from_day(first)
    plans = (plan for plan in plans_between(first, first + LOOK_AHEAD, rules, exceptions) if plan.is_open)
    return next((plan for plan in plans if not _is_over(plan, at)), None)


def _is_over(plan: DayPlan, at: datetime) -> bool:
    here = clock.local(at)
    return plan.on == here.date() and plan.closes_at is not None and plan.closes_at <= here.time()
