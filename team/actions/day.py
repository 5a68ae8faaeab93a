"""The service day: made from the opening hours, opened in the morning, paused, resumed, marked as closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from team import opening
from team.models import ServiceDay, ServicePoint
from tyoparkki import audit, clock, live
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

State = ServiceDay.State
# Days of which the opening hours decide still; one to which somebody was let in before the hour is held.
_BY_THE_PLAN = (State.PLANNED, State.CALLED_OFF)


class DayCannotMove(Refused):
    """Somebody opened, paused or closed the day a moment ago, or it never was in the state the act needs."""

    SENTENCES = {
        State.PLANNED: _("The day has not been opened yet."),
        State.OPEN: _("The day is already open."),
        State.PAUSED: _("The day is already paused."),
        State.CLOSED: _("The day has already been closed."),
        State.CALLED_OFF: _("The service point is closed on that day by its opening hours."),
    }

    def __init__(self, day: ServiceDay) -> None:
        super().__init__(self._who_did(day) or self.SENTENCES[State(day.state)])

    @staticmethod
    def _who_did(day: ServiceDay) -> object:
        """Who opened or closed the day and when, where that is what stands in the way."""
        if day.state == State.CLOSED and day.closed_by and day.closed_at:
            who, at, said = day.closed_by, day.closed_at, _("%(name)s closed the day at %(time)s.")
        elif day.state == State.OPEN and day.opened_by and day.opened_at:
            who, at, said = day.opened_by, day.opened_at, _("The day is open: %(name)s opened it at %(time)s.")
        else:
            return None
        return said % {"name": who.user.first_name, "time": clock.local(at).strftime("%-H.%M")}


class NotToday(Refused):
    """Only today's day can be opened."""

    message = _("Only today's service day can be opened.")


@transaction.atomic
def service_day_for(point: ServicePoint, on: date, *, at: datetime | None = None) -> ServiceDay | None:
    """The service day of a point on a date, made from its opening hours when needed; None when the point is closed.

    A day that was opened, paused or closed is answered as it stands, whatever the hours say today.
    """
    day = ServiceDay.objects.at(point.pk).filter(on=on).first()
    if day is not None and day.state not in _BY_THE_PLAN:
        return day
    plan = opening.plan_of(on, point.opening_rules.all(), point.opening_exceptions.filter(on=on))
    return _made_from(point, plan, day, at=at)


@transaction.atomic
def plan_days(
    point: ServicePoint, until: date, *, since: date | None = None, at: datetime | None = None
) -> list[ServiceDay]:
    """All service days of a point from a date (today) to another, made from the opening hours, in order of date."""
    first = since or clock.local_date(at or clock.now())
    known = {day.on: day for day in ServiceDay.objects.at(point.pk).filter(on__range=(first, until))}
    plans = opening.plans_between(
        first, until, point.opening_rules.all(), point.opening_exceptions.filter(on__range=(first, until))
    )
    days = []
    for plan in plans:
        day = known.get(plan.on)
        if day is None or day.state in _BY_THE_PLAN:
            day = _made_from(point, plan, day, at=at)
        if day is not None:
            days.append(day)
    return days


def _made_from(
    point: ServicePoint, plan: opening.DayPlan, day: ServiceDay | None, *, at: datetime | None
) -> ServiceDay | None:
    at = at or clock.now()
    if plan.opens_at is None or plan.closes_at is None:
        if day is not None and day.state == State.PLANNED and not day.visits.exists():
            _replanned(day, "day.called_off", at=at, state=State.CALLED_OFF)
        return day if day is not None and day.state != State.CALLED_OFF else None
    if day is None:
        day = ServiceDay(point=point, on=plan.on, opens_at=plan.opens_at, closes_at=plan.closes_at)
        ServiceDay.objects.bulk_create([day], ignore_conflicts=True)
        made = ServiceDay.objects.at(point.pk).filter(on=plan.on).get()
        if made.pk == day.pk:
            audit.record("day.planned", made, by=SYSTEM, at=at)
        return made
    if (day.state, day.opens_at, day.closes_at) != (State.PLANNED, plan.opens_at, plan.closes_at):
        hours = {"opens_at": plan.opens_at, "closes_at": plan.closes_at}
        _replanned(day, "day.replanned", at=at, state=State.PLANNED, **hours)
    return day


def _replanned(day: ServiceDay, verb: str, *, at: datetime, **new: object) -> None:
    """A day to come follows other hours, or is not held; one that was opened meanwhile stays as it is."""
    changed = [name for name, value in new.items() if getattr(day, name) != value]
    if ServiceDay.objects.filter(pk=day.pk, state__in=_BY_THE_PLAN).update(**new):
        audit.record(verb, day, by=SYSTEM, at=at, fields=changed)
    day.refresh_from_db()


@transaction.atomic
def open_day(day: ServiceDay, *, by: Member, at: datetime) -> ServiceDay:
    """The doors open: arrivals are logged and called on this day from now on. A closed day may be opened again."""
    if day.on != clock.local_date(at):
        raise NotToday
    day = _locked(day, to=State.OPEN)
    if day.state == State.PAUSED:
        raise DayCannotMove(day)
    day.state = State.OPEN
    if day.opened_at is None:
        day.opened_at, day.opened_by = at, by.membership
    day.closed_at = day.closed_by = None
    day.save(update_fields=["state", "opened_at", "opened_by", "closed_at", "closed_by"])
    return _told("day.opened", day, by=by, at=at)


@transaction.atomic
def pause_day(day: ServiceDay, *, by: Member, at: datetime) -> ServiceDay:
    """Nobody is called for a while; arrivals are still logged."""
    day = _locked(day, to=State.PAUSED)
    day.state = State.PAUSED
    day.save(update_fields=["state"])
    return _told("day.paused", day, by=by, at=at)


@transaction.atomic
def resume_day(day: ServiceDay, *, by: Member, at: datetime) -> ServiceDay:
    """Calling goes on after a pause of the whole point."""
    day = _locked(day, to=State.OPEN)
    if day.state != State.PAUSED:
        raise DayCannotMove(day)
    day.state = State.OPEN
    day.save(update_fields=["state"])
    return _told("day.resumed", day, by=by, at=at)


@transaction.atomic
def mark_closed(day: ServiceDay, *, by: Member | None, at: datetime) -> ServiceDay:
    """The day ends, by a member or by the system; the visits' part of closing (who still waits) comes before this."""
    day = _locked(day, to=State.CLOSED)
    day.state = State.CLOSED
    day.closed_at, day.closed_by = at, by.membership if by else None
    day.save(update_fields=["state", "closed_at", "closed_by"])
    return _told("day.closed", day, by=by, at=at)


@transaction.atomic
def extra_day(
    point: ServicePoint,
    on: date,
    *,
    by: Member,
    at: datetime,
    opens_at: time | None = None,
    closes_at: time | None = None,
) -> ServiceDay:
    """A service day outside the opening hours, which stay as they are written: it is planned, and may be opened.

    Without hours it runs from this moment for four hours, or to the end of the date.
    """
    moment = clock.local(at).replace(second=0, microsecond=0)
    starts = opens_at or min(moment, moment.replace(hour=23, minute=0)).time()
    ends = closes_at or min(moment + timedelta(hours=4), moment.replace(hour=23, minute=59)).time()
    hours = {"opens_at": starts, "closes_at": ends}
    ServiceDay.objects.bulk_create([ServiceDay(point=point, on=on, **hours)], ignore_conflicts=True)
    known = ServiceDay.objects.at(point.pk).filter(on=on)
    known.filter(state=State.CALLED_OFF).update(state=State.PLANNED, **hours)
    day = known.select_related("point").get()
    return _told("day.extra", day, by=by, at=at, fields=["opens_at", "closes_at"])


def _locked(day: ServiceDay, *, to: State) -> ServiceDay:
    """The row, locked, when it may move there."""
    locked = ServiceDay.objects.select_for_update(of=("self",)).select_related("point").get(pk=day.pk)
    if to not in ServiceDay.MOVES[State(locked.state)]:
        raise DayCannotMove(locked)
    return locked


def _told(
    verb: str, day: ServiceDay, *, by: Member | None, at: datetime, fields: Sequence[str] = ("state",)
) -> ServiceDay:
    audit.record(verb, day, by=by.actor if by else SYSTEM, at=at, fields=fields)
    live.announce(day.point.live_topic)
    return day
