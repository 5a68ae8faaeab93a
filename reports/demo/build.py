"""The whole demonstration, from an empty database to a day in progress."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from clients.actions import client as people
from clients.actions.consent import Given
from clients.models import Client, Referral
from employers import actions as employer_actions
from employers.models import Employer
from reports.actions import count_day
from reports.demo import calibration, voices, words
from reports.demo import days as played
from reports.demo import house as frame
from reports.demo.files import play_files
from reports.demo.today import play_today
from services.models import Service
from team.actions import day as service_days
from team.actions import device as devices
from team.models import ServiceDay, Shift, User
from tyoparkki import clock
from tyoparkki.ids import ids_from
from tyoparkki.models import Installation, Municipality, Outbox
from visits.models import Visit

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
CLIENTS = 120


def holds_people() -> bool:
    """Whether anybody works in this database already."""
    return User.objects.exists()


def everything(*, seed: int, weeks: int, anchor: datetime) -> dict[str, Any]:
    """Replace all data; the same seed and anchor give the same days and the same ids."""
    random = Random(seed)  # noqa: S311 - a demonstration, not a secret
    with ids_from(Random(f"ids {seed}"), since=anchor):  # noqa: S311 - a demonstration, not a secret
        return _everything(random, seed=seed, weeks=weeks, anchor=anchor)


def _everything(random: Random, *, seed: int, weeks: int, anchor: datetime) -> dict[str, Any]:
    _empty()
    Installation.objects.create(id=1, is_demo=True, demo_seed=seed, demo_anchor=anchor)
    house = frame.build(anchor)
    first = anchor - timedelta(weeks=weeks + 1)
    tablet = devices.pair_directly(house.point, kind="feedback", name="Oven tabletti", at=first)
    board = devices.pair_directly(house.point, kind="board", name="Aulan taulu", at=first)
    clients = _clients(house, random)
    employers = _employers(house, random)
    services = list(Service.objects.published().order_by("source_id"))
    for day in _past_days(house, weeks):
        frame.roster(house, day)
        until = day.ends + timedelta(hours=3)
        played.past_day(played.Play(house, random, day, clients, employers, services, until=until))
    today = frame.open_today(house)
    frame.roster(house, today)
    play_today(played.Play(house, random, today, clients, employers, services, until=anchor))
    played.answer_referrals(house, random)
    followed = play_files(house)
    _coming_days(house)
    voices.answer_all(house, random, tablet.device)
    voices.tell_what_followed(house)
    count_all(house.anchor)
    offer = devices.offer_code(house.point, kind="feedback", name="Aulan tabletti", by=None, at=anchor)
    return {
        "point": str(house.point.pk),
        "slug": house.point.slug,
        "password": frame.PASSWORD,
        "sign_ins": ["vastaanotto", "neuvoja", "kumppani", "esihenkilo", "paakayttaja", "forssa"],
        "today": str(today.pk),
        "tablet": {"device": str(tablet.device.pk), "token": tablet.token},
        "board": {"device": str(board.device.pk), "token": board.token},
        "pairing_code": offer.code,
        "addresses": {"tablet": "/tabletti/", "board": "/taulu/"},
        "days": ServiceDay.objects.filter(point=house.point).count(),
        "visits": Visit.objects.count(),
        "clients": len(clients) + followed,
        "employers": len(employers),
        "services": len(services),
    }


def count_all(at: datetime) -> None:
    """Every day's figures, and nothing left to do."""
    days = set(ServiceDay.objects.filter(opened_at__isnull=False).values_list("point_id", "on"))
    sent = Referral.objects.values_list("point_id", "sent_at")  # some from a person's page, on a day without visitors
    days |= {(point, clock.local_date(moment)) for point, moment in sent}
    for point, on in sorted(days, key=lambda day: (day[1], day[0])):
        count_day(point, on, at=at, using="default")
    Outbox.objects.all().delete()


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
    towns = {town.code: town for town in Municipality.objects.all()}
    found: list[Client] = []
    desk = house.members["neuvoja"]
    for n in range(CLIENTS):
        person = people.Person(
            name=f"{random.choice(words.FIRST_NAMES)} {random.choice(words.LAST_NAMES)}",
            contact_kind="phone",
            contact_value=f"+358 000 001 {n:03d}",
            language=random.choice(["fi"] * 8 + ["ru", "uk", "ar"]),
            municipality=towns.get(calibration.draw(random, "municipality").split()[0]),
            year_of_birth=random.randint(1962, 1995),
        )
        at = house.anchor - timedelta(days=random.randint(60, 300))
        found.append(people.record_person(person, by=desk, at=at, consent=Given(), may_contact=random.random() < 0.8))
    return found


def _employers(house: frame.House, random: Random) -> list[Employer]:
    """Employers with their contacts and open positions."""
    petri, neuvoja = house.members["petri"], house.members["neuvoja"]
    town = Municipality.objects.get(code="109")
    found: list[Employer] = []
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


def _past_days(house: frame.House, weeks: int) -> list[ServiceDay]:
    """The past weeks' service days, by the opening rule."""
    today = clock.local_date(house.anchor)
    since = today - timedelta(weeks=weeks)
    return service_days.plan_days(house.point, today - timedelta(days=1), since=since, at=house.anchor)


def _coming_days(house: frame.House) -> None:
    """The next eight weeks are planned, most colleagues signed up."""
    today = clock.local_date(house.anchor)
    coming = service_days.plan_days(
        house.point, today + timedelta(weeks=8), since=today + timedelta(days=1), at=house.anchor
    )
    for day in coming:
        frame.roster(house, day)
    Shift.objects.filter(day__in=coming[3:], membership=house.members["elif"].membership).delete()
