"""The statements behind the desk: today's visits, who is on shift, and who asks for help, in few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, Max, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONObject

from clients.models.consent import Consent, Purpose
from team.models import Break, HelpCall, ServiceDay, Shift, Topic, User
from tyoparkki.clock import HELSINKI
from tyoparkki.prepared import Prepared
from visits import waits
from visits.models import Invitation, Participation, Visit, VisitClient, VisitEvent


@dataclass(frozen=True, slots=True)
class Help:
    """A colleague who asks somebody to come."""

    id: UUID
    by: UUID
    name: str
    desk: int | None
    at: datetime


def day_with_help(point_id: UUID, on: date) -> tuple[ServiceDay | None, list[Help]]:
    """The service day of a date and the calls for help that nobody has answered, in one statement on a service day."""
    day = next(iter(_DAY.rows(point=point_id, on=on)), None)
    if day is None:
        return None, [help_call(row["json"]) for row in open_help().filter(point_id=point_id)]
    return day, [help_call(one) for one in day.help_calls]  # type: ignore[attr-defined]  # annotated


def _day(point: UUID, on: date) -> QuerySet[ServiceDay]:
    here = ArraySubquery(open_help().filter(point=OuterRef("point")))
    return ServiceDay.objects.at(point).on(on).annotate(help_calls=here)


def open_help() -> QuerySet[HelpCall, Any]:
    """Calls for help that nobody has answered, the oldest first, each as a small JSON row."""
    rows = HelpCall.objects.filter(ended_at__isnull=True).order_by("called_at", "pk")
    return rows.values(
        json=JSONObject(
            id=F("pk"), by=F("called_by_id"), name=F("called_by__user__name"), desk=F("desk__number"), at=F("called_at")
        )
    )


def help_call(one: dict[str, Any]) -> Help:
    """A call from its JSON row."""
    return Help(UUID(one["id"]), UUID(one["by"]), one["name"], one["desk"], datetime.fromisoformat(one["at"]))


def own_of(calls: list[Help], membership_id: UUID) -> Help | None:
    """The call of one member among those that are open: there is one at most."""
    return next((one for one in calls if one.by == membership_id), None)


def visits_of(day: ServiceDay) -> list[Visit]:
    """The day's visits in two statements: those in the house with all that the desk shows, the rest for the figures."""
    return [*present_of(day), *_with_steps(_GONE.rows(day=day.pk))]


def present_of(day: ServiceDay) -> list[Visit]:
    """The visitors in the house, in one statement: what the queue's rules need of the day."""
    return _with_steps(_PRESENT.rows(day=day.pk, on=day.on))


def _with_steps(visits: list[Visit]) -> list[Visit]:
    for visit in visits:
        course: list[dict[str, str]] = visit.course  # type: ignore[attr-defined]  # annotated
        visit.steps = [(step["kind"], datetime.fromisoformat(step["at"])) for step in course]  # type: ignore[attr-defined]  # for waits
    return visits


def _gone(day: ServiceDay) -> QuerySet[Visit]:
    return Visit.objects.on_day(day).gone().for_figures().annotate(course=_course())


def _present(day: ServiceDay, on: date) -> QuerySet[Visit]:
    """Each with who sits there, who knows its topic, the name it may be called by, and its course."""
    people = Participation.objects.filter(encounter__visit=OuterRef("pk"), ended_at__isnull=True).values(
        json=JSONObject(membership=F("membership_id"), at=F("joined_at"))
    )
    professions = Topic.professions.through.objects.filter(topic_id=OuterRef("topic_id")).values("profession_id")
    recorded = Consent.objects.in_force(on).filter(
        client=OuterRef("client"), purpose=Purpose.RECORD, recipient_point=OuterRef("visit__point")
    )
    known = VisitClient.objects.filter(Exists(recorded), visit=OuterRef("pk"), ended_at__isnull=True)
    following = Invitation.objects.filter(visit=OuterRef("pk")).afterwards().values("invited__user__name")[:1]
    return (
        Visit.objects.on_day(day)
        .present()
        .for_desk()
        .annotate(
            people=ArraySubquery(people),
            topic_professions=ArraySubquery(professions),
            client_name=Subquery(known.values("client__name")[:1]),
            following=Case(When(state=Visit.State.IN_SERVICE, then=Subquery(following))),
            course=_course(),
        )
    )


def _course() -> ArraySubquery:
    steps = VisitEvent.objects.holding().filter(visit=OuterRef("pk"), kind__in=waits.STEPS)
    return ArraySubquery(steps.order_by("pk").values(json=JSONObject(kind=F("kind"), at=F("at"))))


def shifts_of(day: ServiceDay) -> list[Shift]:
    """The day's shifts with people, their trades, the break that is going on, and what each has done today.

    Served is who was sat with, called or not; who is free is free since the last visitor stood up.
    """
    begins = datetime.combine(day.on, time(), tzinfo=HELSINKI)
    return _SHIFTS.rows(day=day.pk, begins=begins, ends=begins + timedelta(days=1))


def _shifts(day: ServiceDay, begins: datetime, ends: datetime) -> QuerySet[Shift]:
    professions = User.professions.through.objects.filter(user_id=OuterRef("membership__user_id")).values(
        "profession_id"
    )
    away = Break.objects.filter(shift=OuterRef("pk"), ended_at__isnull=True)
    parts = Participation.objects.held().filter(
        membership=OuterRef("membership"), joined_at__gte=begins, joined_at__lt=ends
    )
    of_today = parts.order_by().values("membership")
    return (
        Shift.objects.on_day(day)
        .with_people()
        .annotate(
            professions=ArraySubquery(professions),
            away_since=Subquery(away.values("started_at")[:1]),
            away_until=Subquery(away.values("until")[:1]),
            served=Coalesce(Subquery(of_today.annotate(n=Count("encounter", distinct=True)).values("n")), 0),
            freed_at=Subquery(of_today.annotate(last=Max("ended_at")).values("last")),
        )
    )


_DAY = Prepared(_day, point=UUID, on=date)
_PRESENT = Prepared(lambda day, on: _present(ServiceDay(pk=day), on), day=UUID, on=date)
_GONE = Prepared(lambda day: _gone(ServiceDay(pk=day)), day=UUID)
_SHIFTS = Prepared(
    lambda day, begins, ends: _shifts(ServiceDay(pk=day), begins, ends), day=UUID, begins=datetime, ends=datetime
)
