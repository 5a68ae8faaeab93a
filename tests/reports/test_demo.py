"""The demonstration: the same every time, whatever the weekday and hour, and only where invented people may be."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from reports.consistency import broken
from reports.demo import build, calibration
from reports.demo.owning import as_owner
from reports.figures import percentile
from reports.recount import differences
from tyoparkki.clock import HELSINKI

if TYPE_CHECKING:
    from collections.abc import Iterator

ANCHOR = "2026-11-18T14:36+02:00"


@pytest.fixture(name="as_owner")
def is_owner(transactional_db: None) -> Iterator[None]:
    """What a command left is read as it was written: by the tables' owner."""
    with as_owner():
        yield


def rows(query: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def demo(anchor: str = ANCHOR, weeks: int = 1, seed: int = 1) -> dict[str, Any]:
    told = io.StringIO()
    call_command("demo", seed=seed, weeks=weeks, anchor=anchor, stdout=told)
    found: dict[str, Any] = json.loads(told.getvalue())
    return found


pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats"])]


def digests() -> dict[str, str]:
    """What every table holds, as one mark each."""
    ours = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
    mark = "SELECT md5(string_agg(md5(t::text), '' ORDER BY t::text)) FROM {} t"
    return {name: str(rows(mark.format(name))) for (name,) in rows(ours)}


def test_the_same_seed_and_anchor_give_the_same_answer_and_the_same_rows_in_every_table(as_owner: None) -> None:
    first, marks = demo(), digests()
    again, others = demo(), digests()
    assert first == again
    assert {name for name in marks if marks[name] != others[name]} == set()
    assert differences(using="stats") == []
    assert broken() == []
    assert demo(seed=2)["point"] != first["point"]


def test_waits_come_out_as_calibrated(as_owner: None) -> None:
    demo(weeks=4)
    told = rows("SELECT part, sum(n) FROM reports_dailyfigure WHERE figure = 'wait_minutes' GROUP BY part")
    waits = {int(minute): int(n) for minute, n in told}
    wanted = calibration.figures()["wait"]
    for share, figure, slack in ((0.5, "wait_minutes_median", 1), (0.75, "wait_minutes_p75", 3)):
        assert abs((percentile(waits, share) or 0) - wanted[figure]) <= slack


@pytest.mark.parametrize("hour", [0, 3, 23])
def test_the_day_runs_at_any_hour(as_owner: None, hour: int) -> None:
    anchor = datetime(2026, 11, 21, hour, 9, tzinfo=HELSINKI)  # a Saturday
    demo(anchor.isoformat(), weeks=0)
    today = "JOIN team_serviceday d ON d.id = v.day_id WHERE d.\"on\" = '2026-11-21' GROUP BY v.state"
    states = dict(rows(f"SELECT v.state, count(*) FROM visits_visit v {today}"))
    assert states["waiting"] == 5
    assert states["in_service"] == 4
    assert rows(f"SELECT 1 FROM visits_visitevent WHERE at > '{anchor.isoformat()}'") == []
    assert differences(using="stats") == []
    assert broken() == []


@pytest.mark.parametrize(
    "anchor",
    [
        "2026-10-25T03:30+03:00",  # an hour that comes twice: the first time
        "2026-10-25T03:30+02:00",  # and the second
        "2026-03-29T04:05+03:00",  # after an hour that never was
        "2026-12-31T23:50+02:00",
        "2026-12-06T12:00+02:00",  # Independence Day
        "2028-02-29T11:11+02:00",
        "2026-11-18T00:00+02:00",
        "2026-11-18T23:59:40+02:00",
    ],
)
def test_odd_moments_are_days_like_others(as_owner: None, anchor: str) -> None:
    demo(anchor, weeks=0)
    waiting = rows("SELECT count(*) FROM visits_visit WHERE state = 'waiting'")
    assert waiting == [(5,)]
    assert rows(f"SELECT 1 FROM visits_visitevent WHERE at > '{anchor}'") == []
    assert differences(using="stats") == []
    assert broken() == []


def test_amid_the_usual_hours_the_day_keeps_them(as_owner: None) -> None:
    demo(weeks=0)
    today = "SELECT opens_at::text, closes_at::text FROM team_serviceday WHERE \"on\" = '2026-11-18' AND point_id = "
    point = "(SELECT id FROM team_servicepoint WHERE slug = 'hameenlinna')"
    assert rows(today + point) == [("10:00:00", "18:00:00")]
    demo("2026-11-18T16:30+02:00", weeks=0)
    assert rows(today + point) == [("00:00:00", "23:59:00")]


def counts(query: str) -> dict[str, int]:
    return {key: int(n) for key, n in rows(query)}


def test_people_are_on_file_of_whom_something_goes_on(as_owner: None) -> None:
    demo(weeks=0)
    held = rows("SELECT count(*) FROM clients_responsibility WHERE ended_at IS NULL")
    assert held[0][0] >= 8
    unheld = """SELECT p.id FROM clients_plan p WHERE closed_at IS NULL AND NOT EXISTS
                (SELECT 1 FROM clients_responsibility r WHERE r.client_id = p.client_id AND ended_at IS NULL)"""
    assert rows(unheld) == []
    plans = counts("""SELECT CASE WHEN closed_at IS NOT NULL THEN 'closed'
                      WHEN approved_version = version THEN 'approved'
                      ELSE 'waits' END, count(*) FROM clients_plan GROUP BY 1""")
    assert set(plans) == {"approved", "waits", "closed"}
    states = counts("SELECT status, count(*) FROM clients_referral WHERE client_id IS NOT NULL GROUP BY 1")
    assert {"sent", "contacted", "started", "ended", "declined"} <= set(states)
    raised = counts("SELECT kind, count(*) FROM clients_reminder WHERE settled_at IS NULL GROUP BY 1")
    wanted = {"first_contact", "next_contact", "lost", "measure_ends", "referral_waits", "referral_late"}
    assert wanted <= set(raised)
    assert rows("SELECT max(n) FROM (SELECT count(*) AS n FROM clients_selfassessment GROUP BY client_id) AS told") == [
        (3,)
    ]
    due = "SELECT count(*) FROM clients_followup WHERE answered_at IS NULL AND due_on <= '2026-11-18'"
    assert rows(due)[0][0] >= 1


def test_real_people_are_never_replaced(as_owner: None) -> None:
    demo(weeks=0)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE tyoparkki_installation SET is_demo = false")
    with pytest.raises(CommandError):
        demo(weeks=0)
    assert build.holds_people()
