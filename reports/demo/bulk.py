"""Large data from the same shares as the demonstration, written in bulk: for benchmarks, never for people."""

# ruff: noqa: E501 - a column list reads best on a line
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from clients.keys import phone_parts
from clients.models.consent import ConsentText, Purpose
from reports.demo import words
from reports.demo.house import House
from team.models import ServiceDay
from tyoparkki.ids import new_id
from tyoparkki.names import name_key, name_parts

VISITS_A_DAY = 120

# Each visit of the load: arrived by the day's profile, called after a wait, started, finished; one in twenty left.
VISITS = """
CREATE TEMP TABLE load ON COMMIT DROP AS
SELECT uuidv7() AS id, uuidv7() AS encounter, day.id AS day, day.on, seat.n,
       row_number() OVER (PARTITION BY day.id ORDER BY seat.at, seat.n) AS number,
       day.on + time '10:00' AS opens, seat.at,
       (SELECT array_agg(id ORDER BY position) FROM team_topic WHERE point_id = %(point)s AND 'client' = ANY(parties)) AS topics,
       random() AS luck, 2 + 12 * random() * random() AS wait, 8 + 30 * random() AS length,
       advisors.ids[1 + (seat.n %% array_length(advisors.ids, 1))] AS advisor
FROM team_serviceday day
CROSS JOIN LATERAL (
    SELECT n, (day.on + time '10:00' + (power(random(), 1.25) * interval '7 hours 50 minutes')) AT TIME ZONE 'Europe/Helsinki' AS at
    FROM generate_series(1, %(per_day)s) AS n
    WHERE day.id IS NOT NULL
) AS seat
CROSS JOIN (SELECT array_agg(membership.id) AS ids FROM team_membership membership
            WHERE membership.point_id = %(point)s AND membership.role = 'advisor') AS advisors
WHERE day.id = ANY(%(days)s)
"""

ROWS = """
INSERT INTO visits_visit (id, point_id, day_id, party, letter, number, party_size, topic_id, language, needs_interpreter,
    situation_id, age_band_id, state, arrived_at, queued_at, called_for_id, called_at, calls, result_id, ended_at)
SELECT id, %(point)s, day, 'client', 'A', number, 1, topics[1 + floor(power(random(), 2) * array_length(topics, 1))],
    CASE WHEN random() < 0.77 THEN 'fi' WHEN random() < 0.3 THEN 'ru' WHEN random() < 0.3 THEN 'uk' ELSE 'en' END, false,
    %(situation)s, %(age)s, CASE WHEN luck < 0.04 THEN 'left' ELSE 'done' END, at, at,
    CASE WHEN luck >= 0.04 THEN advisor END, CASE WHEN luck >= 0.04 THEN at + wait * interval '1 minute' END,
    CASE WHEN luck >= 0.04 THEN 1 ELSE 0 END, CASE WHEN luck >= 0.04 THEN %(result)s END,
    at + (wait + CASE WHEN luck < 0.04 THEN 5 ELSE length END) * interval '1 minute'
FROM load;

INSERT INTO visits_encounter (id, visit_id, sequence, started_at, ended_at)
SELECT encounter, id, 1, at + (wait + 1) * interval '1 minute', at + (wait + length) * interval '1 minute'
FROM load WHERE luck >= 0.04;

INSERT INTO visits_guidance (encounter_id, notes, works, wish, next_step, version, saved_at, closed_at)
SELECT encounter, 'Käytiin läpi vaihtoehdot.', '', '', '', 1, at, at + (wait + length) * interval '1 minute'
FROM load WHERE luck >= 0.04;

INSERT INTO visits_participation (encounter_id, membership_id, organisation_id, joined_at, ended_at)
SELECT encounter, advisor, membership.organisation_id, at + (wait + 1) * interval '1 minute', at + (wait + length) * interval '1 minute'
FROM load JOIN team_membership membership ON membership.id = advisor WHERE luck >= 0.04;

INSERT INTO visits_visitevent (visit_id, point_id, day_id, kind, at, recorded_at, by_id, who_id, before)
SELECT id, %(point)s, day, kind, moment, moment, %(desk)s, CASE WHEN kind IN ('called', 'started') THEN advisor END, '{}'
FROM load CROSS JOIN LATERAL (VALUES
    ('arrived', at, true), ('left', at + (wait + 5) * interval '1 minute', luck < 0.04),
    ('called', at + wait * interval '1 minute', luck >= 0.04), ('started', at + (wait + 1) * interval '1 minute', luck >= 0.04),
    ('finished', at + (wait + length) * interval '1 minute', luck >= 0.04)
) AS course (kind, moment, holds) WHERE holds ORDER BY moment;

INSERT INTO visits_daycounter (day_id, letter, last) SELECT day, 'A', max(number) FROM load GROUP BY day;

INSERT INTO visits_visitclient (visit_id, client_id, joined_at, joined_by_id)
SELECT load.id, client.id, load.at, %(desk)s
FROM (SELECT id, at, floor(random() * %(clients)s)::int AS pick FROM load WHERE luck > 0.6) AS load
JOIN load_client client ON client.n = load.pick;
"""


def load(house: House, *, clients: int, visits: int, seed: int) -> dict[str, int]:
    """Write so many clients and finished visits over past days of the house's point; returns what was written."""
    random = Random(seed)  # noqa: S311 - benchmark data
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [(seed % 1000) / 1000])
    _write_clients(house, clients, random)
    days = _write_days(house, -(-visits // VISITS_A_DAY))
    _write_visits(house, days, clients)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE load_client")
    return {"clients": clients, "visits": len(days) * VISITS_A_DAY, "days": len(days)}


def _write_clients(house: House, number: int, random: Random) -> None:
    by = house.members["neuvoja"].membership
    text = ConsentText.objects.filter(purpose=Purpose.RECORD, language="fi").order_by("-version").first()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE load_client (n int PRIMARY KEY, id uuid NOT NULL)")
        for table, columns, rows in _client_tables(house, number, random, by, text):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def _client_tables(
    house: House, number: int, random: Random, by: Any, text: ConsentText | None
) -> Iterator[tuple[str, str, Iterator[tuple[Any, ...]]]]:
    at = house.anchor - timedelta(days=200)
    ids = [new_id() for _n in range(number)]
    names = [f"{random.choice(words.FIRST_NAMES)} {random.choice(words.LAST_NAMES)}" for _n in range(number)]
    keys = {name: (name_key(name), name_parts(name)) for name in set(names)}
    phones = [f"+358 000 {n // 1000:03d} {n % 1000:03d}" for n in range(number)]
    yield "load_client", "n, id", ((n, ids[n]) for n in range(number))
    yield (
        "clients_client",
        "id, controller_id, point_id, name, is_alias, name_key, name_parts, year_of_birth, language, is_non_disclosure, created_at, created_by_id, version",
        (
            (ids[n], by.organisation_id, house.point.pk, names[n], False, *keys[names[n]], random.randint(1960, 1996),
             "fi", False, at, by.pk, 1)
            for n in range(number)
        ),
    )  # fmt: skip
    yield (
        "clients_contactpoint",
        "client_id, kind, value, value_key, value_parts, created_at",
        (
            (ids[n], "phone", phones[n], "".join(filter(str.isdigit, phones[n])), phone_parts(phones[n]), at)
            for n in range(number)
        ),
    )
    yield (
        "clients_consent",
        "id, client_id, purpose, recipient_point_id, contents, text_id, how, given_at, recorded_by_id",
        (
            (new_id(), ids[n], Purpose.RECORD.value, house.point.pk, [], text.pk if text else None, "words", at, by.pk)
            for n in range(number)
        ),
    )


def _write_days(house: House, number: int) -> list[ServiceDay]:
    """One service day a date, backwards from two months before the anchor."""
    last: date = (house.anchor - timedelta(days=70)).date()
    taken = set(ServiceDay.objects.filter(point=house.point).values_list("on", flat=True))
    dates = [last - timedelta(days=n) for n in range(number * 2) if last - timedelta(days=n) not in taken][:number]
    return ServiceDay.objects.bulk_create([_day(house, on) for on in dates])


def _day(house: House, on: date) -> ServiceDay:
    day = ServiceDay(point=house.point, on=on, opens_at="10:00", closes_at="18:00", state=ServiceDay.State.CLOSED)
    day.opened_at = day.closed_at = datetime.fromisoformat(f"{on.isoformat()}T18:05:00+02:00")
    return day


def _write_visits(house: House, days: list[ServiceDay], clients: int) -> None:
    values: dict[str, Any] = {
        "point": house.point.pk,
        "days": [day.pk for day in days],
        "per_day": VISITS_A_DAY,
        "desk": house.members["vastaanotto"].membership_id,
        "situation": house.terms["situation", "ei_kysytty"].pk,
        "age": house.terms["age_band", "ei_kysytty"].pk,
        "result": house.terms["result", "riitti"].pk,
        "clients": clients,
    }
    with connection.cursor() as cursor:
        cursor.execute(VISITS, values)
        cursor.execute("CREATE INDEX ON load (day); ANALYZE load;")
        for statement in ROWS.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        cursor.execute("ANALYZE")
