"""The door: a press makes a complete, countable visit; everything else can follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from employers.models import Employer
from team.access import Member
from team.actions import day as days
from team.calendar import service_day
from team.models import Membership, Party, Profession, ServiceDay, ServicePoint, Term, Topic
from tyoparkki import clock
from tyoparkki.errors import Refused
from tyoparkki.ids import new_id
from visits.actions import moves
from visits.models import DayCounter, Visit, VisitEvent, VisitNote, VisitTopic


class OutsideHours(Refused):
    """The doors are not open now: asks, does not forbid."""

    message = _("The service point is not open now. Log the arrival all the same?")


class WrongTopic(Refused):
    """The topic is not in use here."""

    message = _("This topic is not in use at this service point.")


@transaction.atomic(savepoint=False)
def arrive(
    *,
    point: ServicePoint,
    topic: Topic,
    by: Member,
    at: datetime,
    party: str = Party.CLIENT,
    language: str = "fi",
    party_size: int = 1,
    employer: Employer | None = None,
    asks_for: Membership | None = None,
    asks_for_profession: Profession | None = None,
    called_name: str = "",
    note: str = "",
    outside_hours: bool = False,
    recorded_at: datetime | None = None,
    visit_id: UUID | None = None,
) -> Visit:
    """Somebody comes in: a visit with its number is in the queue.

    `at` is when it happened, `recorded_at` when it was written (a paper number entered later keeps its time).
    Raises OutsideHours unless `outside_hours`, WrongTopic for a topic of another point.
    """
    if topic.point_id != point.pk or not topic.is_active:
        raise WrongTopic
    day = _day(point, by=by, at=at, outside_hours=outside_hours)
    visit = Visit(
        id=visit_id or new_id(),
        point=point,
        day=day,
        party=party,
        letter=point.letters.get(party, "M"),
        party_size=party_size,
        topic=topic,
        language=language,
        employer=employer,
        asks_for=asks_for,
        asks_for_profession=asks_for_profession,
        arrived_at=at,
        queued_at=at,
    )
    if called_name or note:
        VisitNote.objects.create(visit=visit, called_name=called_name, text=note, written_at=recorded_at or at)
    visit.arrival = moves.happened(visit, VisitEvent.Kind.ARRIVED, by=by, at=at, recorded_at=recorded_at)  # type: ignore[attr-defined]  # what an undo takes back
    # The counter's row is locked from here to the commit, so it comes last.
    visit.number = next_number(day, visit.letter)
    visit.save(force_insert=True)
    return visit


def _day(point: ServicePoint, *, by: Member, at: datetime, outside_hours: bool) -> ServiceDay:
    """The service day of the moment; opens it at its first arrival, and a closed one again when it is insisted on.

    Who is let in before the hour is in the queue, but the doors stay closed to others until they are opened.
    """
    on = clock.local_date(at)
    day = service_day(point.pk, on)
    if day is None or day.state == ServiceDay.State.PLANNED:
        day = days.service_day_for(point, on, at=at)
    inside = day is not None and day.starts <= at <= day.ends and day.state != ServiceDay.State.CLOSED
    if not inside and not outside_hours:
        raise OutsideHours
    if day is None:
        day = days.extra_day(point, on, by=by, at=at)
    if day.state == ServiceDay.State.CLOSED or (day.state == ServiceDay.State.PLANNED and at >= day.starts):
        day = days.open_day(day, by=by, at=at)
    return day


def next_number(day: ServiceDay, letter: str) -> int:
    """The next number of a series on a day: 1…n without gaps, because the row lives and dies with the visit."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {DayCounter._meta.db_table} AS counter (day_id, letter, last) VALUES (%s, %s, 1)"  # noqa: S608 - our own table's name
            " ON CONFLICT (day_id, letter) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [day.pk, letter],
        )
        row = cursor.fetchone()
    return int(row[0])


@transaction.atomic
def add_details(
    visit: Visit,
    *,
    by: Member,
    at: datetime,
    language: str,
    needs_interpreter: bool = False,
    situation: Term | None = None,
    age_band: Term | None = None,
    source: Term | None = None,
    second_topics: Sequence[Topic] = (),
    asks_for: Membership | None = None,
    asks_for_profession: Profession | None = None,
    party_size: int = 1,
    employer: Employer | None = None,
    called_name: str = "",
    note: str = "",
) -> Visit:
    """What the desk learns after the press: language, situation, age, who is asked for, a line for colleagues."""
    visit = moves.locked(visit)
    new: dict[str, object] = {
        "language": language,
        "needs_interpreter": needs_interpreter,
        "situation": situation,
        "age_band": age_band,
        "source": source,
        "asks_for": asks_for,
        "asks_for_profession": asks_for_profession,
        "party_size": party_size,
        "employer": employer,
    }
    changed = [name for name, value in new.items() if getattr(visit, _column(name)) != _key(value)]
    before = moves.snapshot(visit, [_column(name) for name in new])
    for name, value in new.items():
        setattr(visit, name, value)
    visit.save(update_fields=[*new])
    _set_topics(visit, second_topics, VisitTopic.Source.ASKED)
    VisitNote.objects.update_or_create(
        visit=visit, defaults={"called_name": called_name, "text": note, "written_at": at}
    )
    moves.happened(visit, VisitEvent.Kind.DETAILED, by=by, at=at, before=before, fields=changed)
    return visit


def _column(name: str) -> str:
    return Visit._meta.get_field(name).attname  # type: ignore[union-attr]  # plain columns and keys have one


def _key(value: object) -> object:
    return getattr(value, "pk", value)


def _set_topics(visit: Visit, topics: Sequence[Topic], source: str) -> None:
    """The visit's further topics of one source become these; the main topic is not repeated as one asked."""
    wanted = {topic.pk for topic in topics if topic.point_id == visit.point_id}
    if source == VisitTopic.Source.ASKED:
        wanted.discard(visit.topic_id)
    mine = VisitTopic.objects.filter(visit=visit, source=source)
    mine.exclude(topic_id__in=wanted).delete()
    present: set[UUID] = set(mine.values_list("topic_id", flat=True))
    VisitTopic.objects.bulk_create(
        [VisitTopic(visit=visit, topic_id=topic, source=source) for topic in sorted(wanted - present)]
    )


@transaction.atomic
def move_to_topic(visit: Visit, topic: Topic, *, by: Member, at: datetime) -> Visit:
    """The visitor came for something else: another topic, the same place in the queue."""
    if topic.point_id != visit.point_id or not topic.is_active:
        raise WrongTopic
    visit = moves.locked(visit)
    if not visit.is_present:
        raise moves.TooLate
    before = moves.snapshot(visit, ["topic_id"])
    visit.topic = topic
    visit.save(update_fields=["topic"])
    moves.happened(visit, VisitEvent.Kind.TOPIC_CHANGED, by=by, at=at, before=before, fields=["topic"])
    return visit
