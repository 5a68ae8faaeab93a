"""The floor: the same work as bare WSGI on psycopg, every statement that the product needs and nothing else."""

import json
import os
import threading
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

_local = threading.local()

TODAY = "(now() AT TIME ZONE 'Europe/Helsinki')::date"  # of Helsinki, whatever the session's own day
SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"
USER = "SELECT id, name, language FROM team_user WHERE id = %s"
MEMBERSHIP = "SELECT id, organisation_id, point_id, role FROM team_membership WHERE user_id = %s"
CONTEXT = (
    "SELECT set_config('tp.kind', 'member', true), set_config('tp.membership', %s, true),"
    " set_config('tp.organisation', %s, true), set_config('tp.point', %s, true),"
    " set_config('tp.may', 'see_desk log_arrival call guide see_clients edit_clients', true),"
    f" set_config('tp.today', {TODAY}::text, true)"
)
KEY = (
    "INSERT INTO tyoparkki_submission (key, actor, route, body_hash, object_id, at)"
    " VALUES (%s, 'bare', 'bare', '', %s, now())"
)
DAY = f"SELECT id FROM team_serviceday WHERE point_id = %s AND team_serviceday.on = {TODAY}"  # noqa: S608 - our own words
TOPIC = "SELECT id FROM team_topic WHERE id = %s"
EVENT = (
    "INSERT INTO visits_visitevent (visit_id, point_id, day_id, kind, at, recorded_at, by_id, who_id, before)"
    " VALUES (%s, %s, %s, %s, now(), now(), %s, %s, '{}')"
)
AUDIT = (
    "INSERT INTO tyoparkki_auditevent (at, actor_kind, verb, object_kind, object_id, fields)"
    " VALUES (now(), 'member', %s, 'visits.visit', %s, '{}')"
)
OUTBOX = (
    "INSERT INTO tyoparkki_outbox (task, payload, created_at, next_try_at, attempts, last_error_kind)"
    " VALUES ('reports.day_changed', '{}', now(), now(), 0, '')"
)
NOTIFY = "SELECT pg_notify('tp_bare', %s)"
COUNTER = (
    "INSERT INTO visits_daycounter AS c (day_id, letter, last) VALUES (%s, 'B', 1)"
    " ON CONFLICT (day_id, letter) DO UPDATE SET last = c.last + 1 RETURNING last"
)
VISIT = (
    "INSERT INTO visits_visit (id, point_id, day_id, party, letter, number, party_size, topic_id, language,"
    " needs_interpreter, state, arrived_at, queued_at, calls)"
    " VALUES (%s, %s, %s, 'client', 'B', %s, 1, %s, 'fi', false, 'waiting', now(), now(), 0)"
)
BUSY = "SELECT 1 FROM visits_participation WHERE membership_id = %s AND ended_at IS NULL"
NEXT = (
    "SELECT id FROM visits_visit WHERE point_id = %s AND day_id = %s AND state = 'waiting'"
    " ORDER BY queued_at, number FOR UPDATE SKIP LOCKED LIMIT 1"
)
SEAT = "SELECT desk_id FROM team_shift WHERE day_id = %s AND membership_id = %s AND cancelled_at IS NULL"
CALL = (
    "UPDATE visits_visit SET state = 'called', called_for_id = %s, called_at = now(), calls = 1, desk_id = %s"
    " WHERE id = %s"
)
LOCK = "SELECT id FROM visits_visit WHERE day_id = %s AND called_for_id = %s AND state = %s FOR UPDATE"
SIT = "INSERT INTO visits_encounter (id, visit_id, sequence, started_at) VALUES (%s, %s, 1, now())"
GUIDANCE = (
    "INSERT INTO visits_guidance (encounter_id, notes, works, wish, next_step, version, saved_at)"
    " VALUES (%s, '', '', '', '', 1, now())"
)
TAKE_PART = (
    "INSERT INTO visits_participation (encounter_id, membership_id, organisation_id, joined_at)"
    " VALUES (%s, %s, %s, now())"
)
BEGIN = "UPDATE visits_visit SET state = 'in_service' WHERE id = %s"
SITTING = "SELECT id FROM visits_encounter WHERE visit_id = %s AND ended_at IS NULL FOR UPDATE"
STAND_UP = "UPDATE visits_participation SET ended_at = now() WHERE encounter_id = %s AND ended_at IS NULL"
END = "UPDATE visits_encounter SET ended_at = now() WHERE id = %s"
CLOSE = "UPDATE visits_guidance SET closed_at = now(), saved_at = now() WHERE encounter_id = %s"
DONE = "UPDATE visits_visit SET state = 'done', ended_at = now() WHERE id = %s"


def check_in(connection: Any, session: str, user: str, topic: str) -> int:
    """One arrival in one durable transaction."""
    membership, organisation, point = _signed_in(connection, session, user)
    with connection.transaction(), connection.cursor() as cursor:
        visit = uuid.uuid4()
        day = _begin(cursor, membership, organisation, point, visit)
        cursor.execute(TOPIC, [topic])
        _trace(cursor, visit, point, day, "arrived", membership, None)
        cursor.execute(COUNTER, [day])
        number: int = cursor.fetchone()[0]
        cursor.execute(VISIT, [visit, point, day, number, topic])
    return number


def call_next(connection: Any, session: str, user: str) -> int:
    """The first in the queue comes to the caller's desk, in one durable transaction."""
    membership, organisation, point = _signed_in(connection, session, user)
    with connection.transaction(), connection.cursor() as cursor:
        day = _begin(cursor, membership, organisation, point, "")
        cursor.execute(BUSY, [membership])
        cursor.execute(NEXT, [point, day])
        visit = cursor.fetchone()[0]
        cursor.execute(SEAT, [day, membership])
        seat = cursor.fetchone()
        cursor.execute(CALL, [membership, seat and seat[0], visit])
        _trace(cursor, visit, point, day, "called", membership, membership)
    return 1


def start(connection: Any, session: str, user: str) -> int:
    """The called visitor sits down."""
    membership, organisation, point = _signed_in(connection, session, user)
    with connection.transaction(), connection.cursor() as cursor:
        day = _begin(cursor, membership, organisation, point, "")
        cursor.execute(LOCK, [day, membership, "called"])
        visit, encounter = cursor.fetchone()[0], uuid.uuid4()
        cursor.execute(SIT, [encounter, visit])
        cursor.execute(TAKE_PART, [encounter, membership, organisation])
        cursor.execute(GUIDANCE, [encounter])
        cursor.execute(BEGIN, [visit])
        _trace(cursor, visit, point, day, "started", membership, membership)
    return 1


def finish(connection: Any, session: str, user: str) -> int:
    """The visit is over, with all that ends with it, in one durable transaction."""
    membership, organisation, point = _signed_in(connection, session, user)
    with connection.transaction(), connection.cursor() as cursor:
        day = _begin(cursor, membership, organisation, point, "")
        cursor.execute(LOCK, [day, membership, "in_service"])
        visit = cursor.fetchone()[0]
        cursor.execute(SITTING, [visit])
        encounter = cursor.fetchone()[0]
        for statement in (STAND_UP, END, CLOSE):
            cursor.execute(statement, [encounter])
        cursor.execute(DONE, [visit])
        _trace(cursor, visit, point, day, "finished", membership, None)
    return 1


def _signed_in(connection: Any, session: str, user: str) -> tuple[Any, Any, Any]:
    with connection.cursor() as cursor:
        cursor.execute(SESSION, [session])
        cursor.execute(USER, [user])
        cursor.execute(MEMBERSHIP, [user])
        membership, organisation, point, _role = cursor.fetchone()
    return membership, organisation, point


def _begin(cursor: Any, membership: Any, organisation: Any, point: Any, made: object) -> Any:
    cursor.execute(CONTEXT, [str(membership), str(organisation), str(point)])
    cursor.execute(KEY, [uuid.uuid4(), str(made)])
    cursor.execute(DAY, [point])
    return cursor.fetchone()[0]


def _trace(cursor: Any, visit: Any, point: Any, day: Any, kind: str, by: Any, who: Any) -> None:
    cursor.execute(EVENT, [visit, point, day, kind, by, who])
    cursor.execute(AUDIT, [f"visit.{kind}", str(visit)])
    cursor.execute(OUTBOX)
    cursor.execute(NOTIFY, [str(point)])


def connect() -> Any:
    """An autocommitting connection to the benchmark's database, in the product's own role."""
    connection = psycopg.connect(os.environ["BENCH_DSN"], autocommit=True)
    connection.execute("SET timezone = 'Europe/Helsinki'")
    return connection


WORK: dict[str, Callable[..., int]] = {"/": check_in, "/call": call_next, "/start": start, "/finish": finish}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """`POST /`, `/call`, `/start` or `/finish` with {"session", "user"} and, at the door, {"topic"}."""
    if not hasattr(_local, "connection"):
        _local.connection = connect()
    body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
    number = WORK[environ["PATH_INFO"]](_local.connection, **body) if body else 0
    answer = json.dumps({"number": number}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]
