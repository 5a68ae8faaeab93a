"""The floor: the same check-in as a bare WSGI application on psycopg, without a framework, a template or a rule."""

import json
import os
import threading
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

_local = threading.local()

SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"
USER = "SELECT id, name, language FROM team_user WHERE id = %s"
MEMBERSHIP = "SELECT id, organisation_id, point_id, role FROM team_membership WHERE user_id = %s"
CONTEXT = "SELECT set_config('tp.kind', 'member', true), set_config('tp.membership', %s, true)"
DAY = "SELECT id FROM team_serviceday WHERE point_id = %s AND team_serviceday.on = current_date"
TOPIC = "SELECT id FROM team_topic WHERE id = %s"
KEY = (
    "INSERT INTO tyoparkki_submission (key, actor, route, body_hash, object_id, at)"
    " VALUES (%s, 'bare', 'bare', '', %s, now())"
)
EVENT = (
    "INSERT INTO visits_visitevent (visit_id, point_id, day_id, kind, at, recorded_at, by_id, before)"
    " VALUES (%s, %s, %s, 'arrived', now(), now(), %s, '{}')"
)
AUDIT = (
    "INSERT INTO tyoparkki_auditevent (at, actor_kind, verb, object_kind, object_id, fields)"
    " VALUES (now(), 'member', 'visit.arrived', 'visits.visit', %s, '{}')"
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


def check_in(connection: Any, session: str, user: str, topic: str) -> int:
    """One arrival in one durable transaction: every statement that the product needs, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(SESSION, [session])
        cursor.execute(USER, [user])
        cursor.execute(MEMBERSHIP, [user])
        membership, _organisation, point, _role = cursor.fetchone()
    with connection.transaction(), connection.cursor() as cursor:
        visit = uuid.uuid4()
        cursor.execute(CONTEXT, [str(membership)])
        cursor.execute(KEY, [uuid.uuid4(), str(visit)])
        cursor.execute(DAY, [point])
        day = cursor.fetchone()[0]
        cursor.execute(TOPIC, [topic])
        cursor.execute(EVENT, [visit, point, day, membership])
        cursor.execute(AUDIT, [str(visit)])
        cursor.execute(OUTBOX)
        cursor.execute(NOTIFY, [str(point)])
        cursor.execute(COUNTER, [day])
        number: int = cursor.fetchone()[0]
        cursor.execute(VISIT, [visit, point, day, number, topic])
    return number


def connect() -> Any:
    """An autocommitting connection to the benchmark's database, in the product's own role."""
    connection = psycopg.connect(os.environ["BENCH_DSN"], autocommit=True)
    connection.execute("SET timezone = 'Europe/Helsinki'")
    return connection


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """`POST /` with {"session", "user", "topic"}: a check-in and its number."""
    if not hasattr(_local, "connection"):
        _local.connection = connect()
    body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
    number = check_in(_local.connection, body["session"], body["user"], body["topic"]) if body else 0
    answer = json.dumps({"number": number}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]
