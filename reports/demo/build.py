"""The whole demonstration, from an empty database to a day in progress."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection

from clients.actions import client as people
from clients.actions.consent import Given
from clients.models import Client
from employers import actions as employer_actions
from employers.models import Employer
from reports.demo import days as played
from reports.demo import house as frame
from reports.demo import words
from services.models import Service
from team.actions import day as service_days
from team.actions import device as devices
from team.actions import shift as shifts
from team.models import ServiceDay, Shift, User
from tyoparkki import clock
from tyoparkki.models import Installation, Municipality
from tyoparkki.outbox import Outbox

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
CLIENTS = 120


def holds_people() -> bool:
    """Whether anybody works in this database already."""
    return User.objects.exists()


def everything(*, seed: int, weeks: int, anchor: datetime) -> dict[str, Any]:
    """Replace all data; the same seed and anchor give the same days."""
    random = Random(seed)  # noqa: S311 - a demonstration, not a secret
    _empty()
    Installation.objects.create(id=1, is_demo=True, demo_seed=seed, demo_anchor=anchor)
    house = frame.build(anchor)
    clients = _clients(house, random)
    employers = _employers(house, random)
    services = list(Service.objects.published().order_by("source_id"))
    for day in _wednesdays(house, weeks):
        frame.roster(house, day)
        played.past_day(played.Play(house, random, day, clients, employers, services, until=day.ends + timedelta(hours=3)))
    today = frame.open_today(house)
    frame.roster(house, today)
    played.today(played.Play(house, random, today, clients, employers, services, until=anchor))
    _break(house, today)
    played.answer_referrals(house, random)
    _coming_days(house)
    tablet = devices.pair_directly(house.point, kind="feedback", name="Oven tabletti", at=anchor)
    board = devices.pair_directly(house.point, kind="board", name="Aulan taulu", at=anchor)
    _later(house, random)
    return {
        "point": str(house.point.pk),
        "slug": house.point.slug,
        "password": frame.PASSWORD,
        "sign_ins": ["vastaanotto", "neuvoja", "kumppani", "esihenkilo", "paakayttaja"],
        "today": str(today.pk),
        "tablet": {"device": str(tablet.device.pk), "token": tablet.token},
        "board": {"device": str(board.device.pk), "token": board.token},
        "addresses": {"tablet": "/tabletti/", "board": "/taulu/"},
        "days": ServiceDay.objects.filter(point=house.point).count(),
    }


def frame_only(*, seed: int, anchor: datetime) -> tuple[frame.House, dict[str, Any]]:
    """The frame with today open and everybody on shift, without played days: where bulk data go."""
    _empty()
    Installation.objects.create(id=1, is_demo=True, demo_seed=seed, demo_anchor=anchor)
    house = frame.build(anchor)
    today = frame.open_today(house)
    frame.roster(house, today)
    service_days.open_day(today, by=house.members["vastaanotto"], at=anchor)
    board = devices.pair_directly(house.point, kind="board", name="Aulan taulu", at=anchor)
    tablet = devices.pair_directly(house.point, kind="feedback", name="Oven tabletti", at=anchor)
    return house, {
        "point": str(house.point.pk),
        "slug": house.point.slug,
        "password": frame.PASSWORD,
        "board_token": board.token,
        "tablet_token": tablet.token,
    }


def _empty() -> None:
    tables = [table for table in connection.introspection.table_names() if table not in KEPT]
    tables = [table for table in tables if not table.startswith(("tyoparkki_auditevent_", "tyoparkki_accessevent_"))]
    quoted = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")


def _clients(house: frame.House, random: Random) -> list[Client]:
    """People on file by consent, of invented names."""
    town = Municipality.objects.get(code="109")
    found = []
    desk = house.members["neuvoja"]
    for n in range(CLIENTS):
        person = people.Person(
            name=f"{random.choice(words.FIRST_NAMES)} {random.choice(words.LAST_NAMES)}",
            contact_kind="phone",
            contact_value=f"+358 000 001 {n:03d}",
            language=random.choice(["fi"] * 8 + ["ru", "uk", "ar"]),
            municipality=town if random.random() < 0.8 else None,
            year_of_birth=random.randint(1962, 1995),
        )
        at = house.anchor - timedelta(days=random.randint(60, 300))
        found.append(people.record_person(person, by=desk, at=at, consent=Given(), may_contact=random.random() < 0.8))
    return found


def _employers(house: frame.House, random: Random) -> list[Employer]:
    """Employers with their contacts and open positions."""
    petri, neuvoja = house.members["petri"], house.members["neuvoja"]
    town = Municipality.objects.get(code="109")
    found = []
    for name, industry, size in words.EMPLOYERS:
        at = house.anchor - timedelta(days=random.randint(30, 400))
        employer = employer_actions.register(
            name=name, industry=industry, size=size, municipality=town, by=petri, at=at,
            contact_name=f"{random.choice(words.FIRST_NAMES)} {random.choice(words.LAST_NAMES)}",
            contact_phone=f"+358 000 002 {len(found):03d}",
        )  # fmt: skip
        found.append(employer)
        for _n in range(random.randint(1, 3)):
            employer_actions.log_contact(
                employer,
                kind=random.choice(["phone", "visit", "message"]),
                about=random.choice(words.CONTACTS),
                by=random.choice([petri, neuvoja, house.members["mikael"]]),
                at=house.anchor - timedelta(days=random.randint(1, 90)),
            )
        for title, kind in random.sample(words.POSITIONS, k=random.randint(0, 2)):
            opened = house.anchor - timedelta(days=random.randint(1, 40))
            employer_actions.open_position(
                employer, kind=kind, title=title, by=petri, at=opened, today=clock.local_date(opened)
            )
    return found


def _wednesdays(house: frame.House, weeks: int) -> list[ServiceDay]:
    """The past weeks' service days, by the opening rule."""
    today = clock.local_date(house.anchor)
    past = service_days.plan_days(
        house.point, today - timedelta(days=1), since=today - timedelta(weeks=weeks), at=house.anchor
    )
    return past


def _coming_days(house: frame.House) -> None:
    """The next eight weeks are planned, most colleagues signed up."""
    today = clock.local_date(house.anchor)
    coming = service_days.plan_days(
        house.point, today + timedelta(weeks=8), since=today + timedelta(days=1), at=house.anchor
    )
    for day in coming:
        frame.roster(house, day)
    Shift.objects.filter(day__in=coming[3:], membership=house.members["elif"].membership).delete()


def _break(house: frame.House, today: ServiceDay) -> None:
    """One colleague has gone for coffee."""
    shift = Shift.objects.get(day=today, membership=house.members["riikka"].membership)
    busy = house.members["riikka"].membership.participations.filter(ended_at__isnull=True).exists()
    if not busy:
        until = house.anchor + timedelta(minutes=14)
        shifts.start_break(shift, by=house.members["riikka"], at=house.anchor - timedelta(minutes=6), until=until)


def _later(house: frame.House, random: Random) -> None:
    """What apps above add of their own: feedback, then the count of every day."""
    for config in apps.get_app_configs():
        extend = getattr(config, "extend_demo", None)
        if extend is not None:
            extend(house, random)
    Outbox.objects.all().delete()
