"""Large data from the same shares as the demonstration, written in bulk: for benchmarks, never for people."""

# ruff: noqa: E501 - a column list reads best on a line
from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from django.db import connection

from clients.keys import phone_parts
from clients.models.consent import ConsentText, Purpose
from clients.sounds import sound_parts
from feedback.actions import create_default_questionnaire
from reports.demo import calibration, words
from reports.demo.days import AGES, LANGUAGES, PRESS, SITUATIONS
from reports.demo.house import House
from reports.recount import rebuild
from services.models import Service
from team.models import Device, ServiceDay, Term
from tyoparkki.clock import HELSINKI
from tyoparkki.ids import new_id
from tyoparkki.names import name_key, name_parts

VISITS_A_DAY = 120

# Each visit of the load: arrived by the day's profile, called after a wait, started, finished; one in 25 left.
VISITS = """
CREATE TEMP TABLE load ON COMMIT DROP AS
SELECT uuidv7() AS id, uuidv7() AS encounter, day.id AS day, day.on, seat.n,
       row_number() OVER (PARTITION BY day.id ORDER BY seat.at, seat.n) AS number, seat.at,
       %(topics)s::uuid[] AS topics, width_bucket(random(), %(topic_cuts)s::float8[]) + 1 AS topic,
       (%(languages)s::text[])[width_bucket(random(), %(language_cuts)s::float8[]) + 1] AS language,
       (%(situations)s::bigint[])[width_bucket(random(), %(situation_cuts)s::float8[]) + 1] AS situation,
       (%(ages)s::bigint[])[width_bucket(random(), %(age_cuts)s::float8[]) + 1] AS age,
       random() AS luck, random() AS team_luck, random() AS referral_luck, random() AS face_luck,
       exp(2.0 + 0.9 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS wait, 8 + 30 * random() AS length,
       %(advisors)s::uuid[] AS advisors, 1 + (seat.n %% %(advisor_count)s) AS advisor
FROM team_serviceday day
CROSS JOIN LATERAL (
    SELECT n, (day.on + (%(quarters)s::time[])[width_bucket(random(), %(quarter_cuts)s::float8[]) + 1]
               + random() * interval '14 minutes 59 seconds') AT TIME ZONE 'Europe/Helsinki' AS at
    FROM generate_series(1, %(per_day)s) AS n
    WHERE day.id IS NOT NULL
) AS seat
WHERE day.id = ANY(%(days)s)
"""

ROWS = """
UPDATE load SET wait = least(wait, 75);

INSERT INTO visits_visit (id, point_id, day_id, party, letter, number, party_size, topic_id, language, needs_interpreter,
    situation_id, age_band_id, state, arrived_at, queued_at, called_for_id, called_at, calls, result_id, ended_at)
SELECT id, %(point)s, day, 'client', 'A', number, 1, topics[topic], language, false, situation, age,
    CASE WHEN luck < 0.04 THEN 'left' ELSE 'done' END, at, at,
    CASE WHEN luck >= 0.04 THEN advisors[advisor] END, CASE WHEN luck >= 0.04 THEN at + wait * interval '1 minute' END,
    CASE WHEN luck >= 0.04 THEN 1 ELSE 0 END,
    CASE WHEN luck >= 0.04 THEN CASE WHEN referral_luck < 0.48 THEN %(guided)s ELSE %(enough)s END END,
    at + (wait + CASE WHEN luck < 0.04 THEN 5 ELSE length END) * interval '1 minute'
FROM load;

INSERT INTO visits_encounter (id, visit_id, sequence, started_at, ended_at)
SELECT encounter, id, 1, at + (wait + 1) * interval '1 minute', at + (wait + length) * interval '1 minute'
FROM load WHERE luck >= 0.04;

INSERT INTO visits_guidance (encounter_id, notes, works, wish, next_step, version, saved_at, closed_at)
SELECT encounter, 'Käytiin läpi vaihtoehdot.', '', '', '', 1, at, at + (wait + length) * interval '1 minute'
FROM load WHERE luck >= 0.04;

INSERT INTO visits_participation (encounter_id, membership_id, organisation_id, profession_id, joined_at, ended_at)
SELECT encounter, membership.id, membership.organisation_id, trade.profession_id,
    at + (wait + CASE WHEN guest THEN 3 ELSE 1 END) * interval '1 minute', at + (wait + length) * interval '1 minute'
FROM load CROSS JOIN (VALUES (false), (true)) AS side (guest)
JOIN team_membership membership ON membership.id = advisors[CASE WHEN guest THEN 1 + advisor %% %(advisor_count)s ELSE advisor END]
LEFT JOIN LATERAL (SELECT min(profession_id) AS profession_id FROM team_user_professions WHERE user_id = membership.user_id) AS trade ON true
WHERE luck >= 0.04 AND (NOT guest OR team_luck < 0.22);

INSERT INTO visits_visitevent (visit_id, point_id, day_id, kind, at, recorded_at, by_id, who_id, before)
SELECT id, %(point)s, day, kind, moment, moment, %(desk)s, CASE WHEN kind IN ('called', 'started') THEN advisors[advisor] END, '{}'
FROM load CROSS JOIN LATERAL (VALUES
    ('arrived', at, true), ('left', at + (wait + 5) * interval '1 minute', luck < 0.04),
    ('called', at + wait * interval '1 minute', luck >= 0.04), ('started', at + (wait + 1) * interval '1 minute', luck >= 0.04),
    ('finished', at + (wait + length) * interval '1 minute', luck >= 0.04)
) AS course (kind, moment, holds) WHERE holds ORDER BY moment;

INSERT INTO visits_daycounter (day_id, letter, last) SELECT day, 'A', max(number) FROM load GROUP BY day;

INSERT INTO visits_visittopic (visit_id, topic_id, source)
SELECT id, topics[1 + topic %% array_length(topics, 1)], 'discussed' FROM load WHERE luck >= 0.5;

INSERT INTO visits_visitclient (visit_id, client_id, joined_at, joined_by_id)
SELECT load.id, client.id, load.at, %(desk)s
FROM (SELECT id, at, floor(random() * %(clients)s)::int AS pick FROM load WHERE luck > 0.6) AS load
JOIN load_client client ON client.n = load.pick;

CREATE TEMP TABLE load_referral ON COMMIT DROP AS
SELECT uuidv7() AS id, load.encounter, joined.client_id AS client, load.at + (wait + length) * interval '1 minute' AS sent, advisors[advisor] AS sender,
    row_number() OVER () AS n, random() AS luck, (%(services)s::uuid[])[1 + floor(random() * array_length(%(services)s::uuid[], 1))::int] AS service
FROM load LEFT JOIN visits_visitclient joined ON joined.visit_id = load.id WHERE load.luck >= 0.04 AND referral_luck < 0.48;

INSERT INTO clients_referral (id, point_id, client_id, carrier_code, service_id, organisation_id, sender_id,
    sender_organisation_id, reason, recipient_email, recipient_phone, kind, criteria, return_note, language, meeting_place, status, refusal_id, result_id, next_actor, next_on, sent_at, answered_at)
SELECT made.id, %(point)s, made.client, regexp_replace(lpad(made.n::text, 8, '0'), '(....)(....)', '\\1-\\2'), service.id, service.organisation_id,
    made.sender, membership.organisation_id, '', '', '', 'service', '{}', '', 'fi', '', state.status,
    CASE WHEN state.status = 'declined' THEN %(refusal)s END, CASE WHEN state.status = 'ended' THEN %(ending)s END,
    CASE state.status WHEN 'declined' THEN 'sender' WHEN 'ended' THEN 'nobody' ELSE 'recipient' END,
    CASE WHEN state.status <> 'ended' THEN (made.sent + interval '7 days')::date END,
    made.sent, CASE WHEN state.status <> 'sent' THEN made.sent + (made.luck * 8) * interval '1 day' END
FROM load_referral made JOIN services_service service ON service.id = made.service
JOIN team_membership membership ON membership.id = made.sender
CROSS JOIN LATERAL (SELECT CASE WHEN made.luck < 0.16 THEN 'sent' WHEN made.luck < 0.31 THEN 'declined'
    WHEN made.luck < 0.4 THEN 'received' ELSE 'ended' END AS status) AS state;

INSERT INTO clients_referralevent (referral_id, status, at, by_id)
SELECT id, 'sent', sent_at, sender_id FROM clients_referral;

INSERT INTO clients_referralevent (referral_id, status, at, by_id)
SELECT id, CASE status WHEN 'ended' THEN 'received' ELSE status END, answered_at, sender_id FROM clients_referral WHERE answered_at IS NOT NULL;

INSERT INTO clients_referralevent (referral_id, status, at, by_id)
SELECT id, status, answered_at + interval '9 days', sender_id FROM clients_referral WHERE status = 'ended';

INSERT INTO visits_encounterreferral (encounter_id, referral_id) SELECT encounter, id FROM load_referral;

INSERT INTO feedback_response (key, questionnaire_id, point_id, "on", hour, language, mode, faces, words, body_hash)
SELECT gen_random_uuid(), %(questionnaire)s, %(point)s, load.on,
    extract(hour FROM load.at AT TIME ZONE 'Europe/Helsinki')::int, 'fi', 'tablet',
    jsonb_object_agg(question, width_bucket(spot, %(face_cuts)s::float8[]) + 1), '', md5(load.id::text)
FROM load CROSS JOIN unnest(%(questions)s::text[]) AS question CROSS JOIN LATERAL (SELECT random() AS spot WHERE load.id IS NOT NULL AND question <> '') AS drawn
WHERE load.luck >= 0.04 AND face_luck < 0.4 GROUP BY load.id, load.on, load.at;

INSERT INTO feedback_deviceday (device_id, "on", answers)
SELECT %(tablet)s, "on", count(*) FROM feedback_response GROUP BY "on";
"""

# Each twentieth person has somebody who answers, and an approved plan; each fifth lets the partner know of it.
FILES = """
CREATE TEMP TABLE load_file ON COMMIT DROP AS
SELECT id AS client, uuidv7() AS plan, uuidv7() AS goal, (%(advisors)s::uuid[])[1 + (n / 20) %% %(advisor_count)s] AS advisor
FROM load_client WHERE n %% 20 = 0;

INSERT INTO clients_responsibility (client_id, membership_id, point_id, since_at, since_by_id, ending, end_reason)
SELECT client, advisor, %(point)s, %(at)s, advisor, '', '' FROM load_file;

INSERT INTO clients_plan (id, client_id, point_id, opened_at, opened_by_id, ending, result, summary, intensity, template,
    phase, version, approved_version, approved_at, approved_how, approved_by_id)
SELECT plan, client, %(point)s, %(at)s, advisor, '', '', '', 'sparse', '', '', 3, 3, %(at)s, 'words', advisor FROM load_file;

INSERT INTO clients_goal (id, plan_id, words, position) SELECT goal, plan, 'Työ läheltä kotia.', 1 FROM load_file;

INSERT INTO clients_planstep (id, plan_id, goal_id, what, who, who_words, by_on, benefit, no_next_reason, added_at)
SELECT uuidv7(), plan, goal, what, 'client', '', %(by_on)s, '', '', %(at)s
FROM load_file CROSS JOIN unnest(ARRAY['Soitan työnantajalle', 'Päivitän ansioluettelon']) AS what;

INSERT INTO clients_planversion (plan_id, version, content, approved_at, how, recorded_by_id)
SELECT plan, 3, '{"intensity": "sparse", "goals": [{"words": "Työ läheltä kotia."}], "steps": []}', %(at)s, 'words', advisor FROM load_file;

INSERT INTO clients_consent (id, client_id, purpose, recipient_organisation_id, contents, text_id, how, given_at, recorded_by_id, is_short)
SELECT uuidv7(), id, 'share', %(partner)s, '{contact,plan}', %(text)s, 'words', %(at)s, %(by)s, false FROM load_client WHERE n %% 5 = 0;
"""


def load(house: House, *, clients: int, visits: int, seed: int) -> dict[str, int]:
    """Write so many clients and finished visits over past days of the house's point; returns what was written."""
    random = Random(seed)  # noqa: S311 - benchmark data
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [(seed % 1000) / 1000])
    _write_clients(house, clients, random)
    days = _write_days(house, -(-visits // VISITS_A_DAY))
    _write_files(house)
    _write_visits(house, days, clients)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE load_client")
    rebuild(at=house.anchor, using="default")
    return {"clients": clients, "visits": len(days) * VISITS_A_DAY, "days": len(days)}


def _write_clients(house: House, number: int, random: Random) -> None:
    by = house.members["neuvoja"].membership
    text = ConsentText.objects.filter(purpose=Purpose.RECORD, language="fi").order_by("-version").first()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE load_client (n int PRIMARY KEY, id uuid NOT NULL)")
        for table, columns, rows in _client_tables(house, number, random, by, text):
            # COPY does not go through a wall, not even the owner's; INSERT does.
            cursor.execute(f"CREATE TEMP TABLE incoming AS SELECT {columns} FROM {table} WITH NO DATA")  # noqa: S608 - our own names
            with cursor.copy(f"COPY incoming ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming")  # noqa: S608 - our own names
            cursor.execute("DROP TABLE incoming")


def _client_tables(
    house: House, number: int, random: Random, by: Any, text: ConsentText | None
) -> Iterator[tuple[str, str, Iterator[tuple[Any, ...]]]]:
    at = house.anchor - timedelta(days=200)
    ids = [new_id() for _n in range(number)]
    names = [f"{random.choice(words.FIRST_NAMES)} {random.choice(words.LAST_NAMES)}" for _n in range(number)]
    keys = {name: (name_key(name), name_parts(name), sound_parts(name)) for name in set(names)}
    phones = [f"+358 000 {n // 1000:03d} {n % 1000:03d}" for n in range(number)]
    yield "load_client", "n, id", ((n, ids[n]) for n in range(number))
    yield (
        "clients_client",
        "id, controller_id, point_id, name, is_alias, name_key, name_parts, sound_parts, year_of_birth, language, is_non_disclosure, created_at, created_by_id, version",
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
        "id, client_id, purpose, recipient_point_id, contents, text_id, how, given_at, recorded_by_id, is_short",
        (
            (
                new_id(),
                ids[n],
                Purpose.RECORD.value,
                house.point.pk,
                [],
                text.pk if text else None,
                "words",
                at,
                by.pk,
                False,
            )
            for n in range(number)
        ),
    )  # fmt: skip


def _write_files(house: House) -> None:
    """Who answers, plans and what is told to the partner, before the visits with their referrals."""
    advisors = [member.membership_id for member in house.advisors]
    text = ConsentText.objects.filter(purpose=Purpose.SHARE, language="fi").order_by("-version").first()
    values: dict[str, Any] = {
        "point": house.point.pk,
        "advisors": advisors,
        "advisor_count": len(advisors),
        "at": house.anchor - timedelta(days=60),
        "by_on": (house.anchor + timedelta(days=10)).date(),
        "partner": house.members["kumppani"].organisation_id,
        "text": text.pk if text else None,
        "by": house.members["neuvoja"].membership_id,
    }
    with connection.cursor() as cursor:
        for statement in filter(str.strip, FILES.split(";\n")):
            cursor.execute(statement, values)


def _write_days(house: House, number: int) -> list[ServiceDay]:
    """One service day a date, backwards from two months before the anchor."""
    last: date = (house.anchor - timedelta(days=70)).date()
    taken = set(ServiceDay.objects.filter(point=house.point).values_list("on", flat=True))
    dates = [last - timedelta(days=n) for n in range(number * 2) if last - timedelta(days=n) not in taken][:number]
    return ServiceDay.objects.bulk_create([_day(house, on) for on in dates])


def _day(house: House, on: date) -> ServiceDay:
    day = ServiceDay(point=house.point, on=on, opens_at="10:00", closes_at="18:00", state=ServiceDay.State.CLOSED)
    day.opened_at = datetime.combine(on, time(10), tzinfo=HELSINKI)
    day.closed_at = datetime.combine(on, time(18, 5), tzinfo=HELSINKI)
    return day


def _write_visits(house: House, days: list[ServiceDay], clients: int) -> None:
    topics = list(house.topics)
    shares = dict.fromkeys(topics, 0.0)
    for code, weight in calibration.figures()["topic_mix_primary"].items():
        for topic in PRESS[code]:
            shares[topic] += weight / len(PRESS[code])
    told = [code for code in topics if shares[code]]
    situations, ages = "status_self_reported", "age_band"
    questionnaire = create_default_questionnaire(house.point, at=house.anchor)
    tablet = Device.objects.filter(point=house.point, kind="feedback").order_by("pk").first()
    advisors = [member.membership_id for member in house.advisors]
    values: dict[str, Any] = {
        "point": house.point.pk,
        "days": [day.pk for day in days],
        "per_day": VISITS_A_DAY,
        "desk": house.members["vastaanotto"].membership_id,
        "guided": house.terms["result", "ohjattu"].pk,
        "enough": house.terms["result", "riitti"].pk,
        "refusal": _first(house, Term.Kind.REFUSAL),
        "ending": _first(house, Term.Kind.ENDING),
        "clients": clients,
        "topics": [house.topics[code].pk for code in told],
        "topic_cuts": _cuts([shares[code] for code in told]),
        "languages": [LANGUAGES.get(code, code) for code in calibration.figures()["language"]],
        "language_cuts": _cuts(calibration.figures()["language"].values()),
        "situations": [_term(house, "situation", SITUATIONS.get(c, c)) for c in calibration.figures()[situations]],
        "situation_cuts": _cuts(calibration.figures()[situations].values()),
        "ages": [_term(house, "age_band", AGES.get(c, c.replace("-", "_"))) for c in calibration.figures()[ages]],
        "age_cuts": _cuts(calibration.figures()[ages].values()),
        "quarters": list(calibration.figures()["arrival_profile"]),
        "quarter_cuts": _cuts(calibration.figures()["arrival_profile"].values()),
        "advisors": advisors,
        "advisor_count": len(advisors),
        "services": list(Service.objects.published().order_by("source_id").values_list("pk", flat=True)),
        "questionnaire": questionnaire.pk,
        "questions": [row.code for row in questionnaire.questions.all() if row.kind == "faces"],
        "face_cuts": _cuts(calibration.figures()["feedback_face"].values()),
        "tablet": tablet.pk if tablet else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(VISITS, values)
        cursor.execute("CREATE INDEX ON load (day); ANALYZE load;")
        for statement in ROWS.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        cursor.execute("ANALYZE")


def _cuts(weights: Iterable[float]) -> list[float]:
    """Where the shares end between 0 and 1, but for the last one."""
    parts = list(weights)
    return [reached / sum(parts) for reached in accumulate(parts[:-1])]


def _first(house: House, kind: str) -> int:
    """The first word of a kind."""
    return Term.objects.at(house.point.pk, kind)[0].pk


def _term(house: House, kind: str, code: str) -> int:
    return house.terms[kind, code].pk
