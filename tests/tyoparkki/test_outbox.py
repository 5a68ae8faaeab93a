"""Work that was written down with an act happens once, whatever dies in between."""

import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import LazySettings
from django.db import OperationalError, connection, connections, transaction
from django.db.models.functions import Now
from django.test import override_settings
from django.utils import timezone

from tests.fixtures import site, work
from tyoparkki import actor, clock, jobs, outbox, tasks
from tyoparkki.actor import Actor
from tyoparkki.models import AuditEvent, Heartbeat, JobSlot, Outbox, Submission


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A kind of work "test.note" that notes its payloads, and fails when told to."""
    noted: list[object] = []

    def note(payload: dict[str, outbox.Value]) -> None:
        if payload.get("fail"):
            raise ValueError("Aino Esimerkki")
        noted.append(payload["n"])

    monkeypatch.setitem(outbox._handlers, "test.note", outbox.Handler(note, "default", actor.SYSTEM, forget=False))
    return noted


def write(n: int = 1, **more: outbox.Value) -> None:
    """An act that leaves work behind."""
    with transaction.atomic():
        outbox.later("test.note", {"n": n, **more})


def is_due() -> None:
    """The wait before the next try is over."""
    Outbox.objects.update(next_try_at=Now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_work_written_with_an_act_is_carried_out_once(done: list[object]) -> None:
    write(1)
    write(2)
    assert outbox.drain() == 2
    assert outbox.drain() == 0
    assert sorted(done) == [1, 2]
    assert not outbox.waiting().exists()


@pytest.mark.django_db
def test_work_of_an_act_that_failed_is_never_done(done: list[object]) -> None:
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    assert outbox.drain() == 0
    assert not done


@pytest.mark.django_db
def test_equal_work_that_waits_is_done_together(done: list[object]) -> None:
    for n in (1, 1, 2, 1):
        write(n)
    assert outbox.drain() == 4
    assert sorted(done) == [1, 2]


@pytest.mark.django_db
def test_work_is_carried_out_as_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(payload: dict[str, outbox.Value]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('tp.kind', true), current_user")
            seen.append(cursor.fetchone())

    monkeypatch.setitem(
        outbox._handlers, "test.note", outbox.Handler(look, "default", Actor("aggregate"), forget=False)
    )
    write()
    outbox.drain()
    assert seen == [("aggregate", "tp_app")]
    assert actor.current() is None


@pytest.mark.django_db
def test_failed_work_waits_longer_each_time_and_is_given_up_after_five_tries(
    done: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    write(1, fail=True)
    write(2)
    waits = []
    for _ in range(5):
        outbox.drain()
        row = Outbox.objects.annotate(now=Now()).get(payload__n=1)
        waits.append(round((row.next_try_at - row.now).total_seconds()))
        assert outbox.drain() == 0
        is_due()
    assert waits == [5, 20, 80, 320, 1280]
    row = Outbox.objects.get(payload__n=1)
    assert (row.attempts, row.last_error_kind, row.done_at) == (5, "ValueError", None)
    assert row.dead_at
    assert outbox.drain() == 0
    assert done == [2]
    assert "given up" in caplog.text
    assert "Aino" not in caplog.text


@pytest.mark.django_db
def test_what_a_failed_piece_of_work_had_written_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(payload: dict[str, outbox.Value]) -> None:
        JobSlot.objects.create(task="half", slot="1", at=work.AT)
        raise ValueError

    monkeypatch.setitem(outbox._handlers, "test.note", outbox.Handler(half, "default", actor.SYSTEM, forget=False))
    write()
    outbox.drain()
    assert not JobSlot.objects.exists()
    assert outbox.waiting().get().attempts == 1


@pytest.mark.django_db
def test_work_that_runs_out_of_time_counts_as_a_try_and_ends_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(payload: dict[str, outbox.Value]) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setitem(outbox._handlers, "test.note", outbox.Handler(slow, "default", actor.SYSTEM, forget=False))
    write()
    with pytest.raises(SoftTimeLimitExceeded):
        outbox.drain()
    assert outbox.waiting().get().attempts == 1


class Killed(BaseException):
    """What a killed worker looks like from inside: nothing more is done."""


@pytest.mark.django_db(transaction=True)
def test_work_that_kills_its_worker_does_not_stand_in_the_way_of_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    done, deaths = [], []

    def deadly(payload: dict[str, outbox.Value]) -> None:
        if payload["n"] == 1:
            deaths.append(timezone.now())
            raise Killed
        done.append(payload["n"])

    monkeypatch.setitem(outbox._handlers, "test.note", outbox.Handler(deadly, "default", actor.SYSTEM, forget=False))
    for n in (1, 2, 3):
        write(n)
    with pytest.raises(Killed):
        outbox.drain()
    assert done == []
    assert outbox.drain() == 2
    assert done == [2, 3]
    assert outbox.drain() == 0  # and not at once again
    is_due()
    with pytest.raises(Killed):
        outbox.drain()
    assert len(deaths) == 2
    left = outbox.waiting().get()
    assert left.payload == {"n": 1}
    assert left.attempts == 0  # a worker killed from outside is no fault of the work: it is never given up


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_is_set_back_does_not_stop_the_work(done: list[object]) -> None:
    write(1)
    Outbox.objects.update(created_at=Now() + timedelta(hours=3), next_try_at=Now() + timedelta(hours=3))
    assert outbox.drain() == 1
    assert done == [1]


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [psycopg.errors.DiskFull, psycopg.errors.AdminShutdown])
def test_a_fault_of_the_database_is_no_try_of_the_work(
    fault: type[psycopg.Error], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(payload: dict[str, outbox.Value]) -> None:
        raise OperationalError from fault()

    monkeypatch.setitem(outbox._handlers, "test.note", outbox.Handler(failing, "default", actor.SYSTEM, forget=False))
    write()
    for _failure in range(outbox.MOST_TRIES + 1):
        outbox.drain()
        is_due()
    assert outbox.waiting().get().attempts == 0


@pytest.mark.django_db
def test_a_statement_that_takes_too_long_is_a_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(payload: dict[str, outbox.Value]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1")
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setitem(outbox._handlers, "test.note", outbox.Handler(slow, "default", actor.SYSTEM, forget=False))
    write()
    outbox.drain()
    assert outbox.waiting().get().attempts == 1


@pytest.mark.django_db
def test_work_that_must_leave_no_trace_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outbox._handlers, "test.note", outbox.Handler(len, "default", actor.SYSTEM, forget=True))
    write()
    outbox.drain()
    assert not Outbox.objects.exists()


@pytest.mark.django_db
def test_work_whose_name_nobody_knows_any_more_is_given_up_too() -> None:
    Outbox.objects.create(task="test.of_old", payload={}, created_at=Now(), next_try_at=Now(), attempts=4)
    outbox.drain()
    assert Outbox.objects.get().dead_at


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["a sentence that somebody wrote about a person, longer than any id is", ["x"], 1.5])
def test_a_payload_holds_ids_and_moments_only(done: list[object], value: Any) -> None:
    with pytest.raises(ValueError, match="ids and ISO strings"):
        write(note=value)


@pytest.mark.django_db
def test_unknown_work_is_refused_when_it_is_written() -> None:
    with pytest.raises(LookupError):
        outbox.later("test.unknown", {})


@pytest.mark.django_db(transaction=True)
def test_work_written_outside_a_transaction_is_a_fault(done: list[object]) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox.later("test.note", {"n": 1})


def in_threads(count: int, act: Callable[[], Any]) -> list[Any]:
    """The same act by several workers at once."""
    barrier = threading.Barrier(count, timeout=20)

    def one() -> Any:
        try:
            barrier.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(one) for _ in range(count)]]


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_do_each_piece_once(done: list[object]) -> None:
    for n in range(60):
        write(n)
    in_threads(4, outbox.drain)
    assert sorted(done) == list(range(60))


@pytest.mark.django_db(transaction=True)
def test_the_same_work_never_runs_twice_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work = threading.Lock()
    runs = []

    def alone(payload: dict[str, outbox.Value]) -> None:
        assert at_work.acquire(blocking=False)
        time.sleep(0.02)
        if len(runs) < 30:  # more of the same arrives meanwhile
            write(1)
        runs.append(payload)
        at_work.release()

    monkeypatch.setitem(outbox._handlers, "test.note", outbox.Handler(alone, "default", actor.SYSTEM, forget=False))
    write(1)
    in_threads(4, lambda: [outbox.drain() for _ in range(10)])
    outbox.drain()
    assert len(runs) >= 30
    assert not Outbox.objects.filter(attempts__gt=0).exists()
    assert not outbox.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_neither_fails_nor_slows_an_act(
    done: list[object], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_nudgers", {})
    asked = threading.Semaphore(0)

    def refuse(**_options: Any) -> None:
        asked.release()
        raise ConnectionError

    monkeypatch.setattr(tasks.drain_outbox, "apply_async", refuse)
    with override_settings(OUTBOX_NUDGES=True):
        start = time.perf_counter()
        for n in range(50):
            write(n)
        assert time.perf_counter() - start < 2
        assert asked.acquire(timeout=5)
    assert outbox.drain() == 50


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_once_make_one_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    @jobs.job("test.daily", slot=jobs.each_day)
    def daily(at: Any) -> None:
        time.sleep(0.05)
        ran.append(at)

    in_threads(3, daily)
    assert len(ran) == 1
    assert JobSlot.objects.get().task == "test.daily"


@pytest.mark.django_db(transaction=True)
def test_a_timed_job_that_failed_gives_its_slot_back() -> None:
    faults = [ZeroDivisionError()]

    @jobs.job("test.daily_failing", slot=jobs.each_day)
    def daily(at: Any) -> None:
        if faults:
            raise faults.pop()

    with pytest.raises(ZeroDivisionError):
        daily()
    assert not JobSlot.objects.exists()
    daily()
    assert JobSlot.objects.count() == 1


@pytest.mark.django_db
def test_slots_follow_the_clock_of_helsinki() -> None:
    assert jobs.each_day(work.AT) == "2026-11-18"
    assert jobs.each_day(work.AT + timedelta(hours=8)) == "2026-11-19"


@pytest.mark.parametrize(("on", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23)])
def test_a_day_on_which_the_clocks_change_is_one_slot(on: date, hours: int) -> None:
    begins = datetime.combine(on, time_of_day(0), tzinfo=clock.HELSINKI).astimezone(UTC)
    slots = [jobs.each_day(begins + timedelta(hours=hour)) for hour in range(-1, hours + 1)]
    assert slots.count(on.isoformat()) == hours
    assert len(set(slots)) == 3


@pytest.mark.django_db(transaction=True, databases=["default", "system"])
def test_the_ground_floor_forgets_what_is_older_than_a_month() -> None:
    for age in (29, 31):
        at = timezone.now() - timedelta(days=age)
        Submission.objects.create(
            key=f"00000000-0000-4000-8000-0000000000{age}", actor="", route="", body_hash="", at=at
        )
        Outbox.objects.create(task="x", created_at=at, next_try_at=at, done_at=at)
        JobSlot.objects.create(task="x", slot=str(age), at=at)
    Outbox.objects.create(task="x", created_at=work.AT, next_try_at=work.AT)
    tasks.end_what_is_over()
    assert Submission.objects.count() == 1
    assert Outbox.objects.count() == 2
    assert JobSlot.objects.filter(task="x").count() == 1


@pytest.mark.django_db
def test_the_heart_beats_in_place() -> None:
    tasks.beat_heart()
    first = Heartbeat.objects.get(name="worker").at
    tasks.beat_heart()
    assert Heartbeat.objects.get().at >= first


# --- a real worker, killed -------------------------------------------------------------------------------------------


def start_worker(log: Path) -> Any:
    """A real worker that knows the tests' work."""
    command = [sys.executable, "-m", "celery", "-A", "tyoparkki", "worker", "--concurrency", "2", "--loglevel", "ERROR"]
    return site.start([*command, "--include", "tests.fixtures.work", "--without-gossip", "--without-mingle"], log)


def at_work(before: int) -> Callable[[], bool]:
    """Whether a worker has done something since, so that it is killed in the middle."""
    return lambda: AuditEvent.objects.count() > before or not outbox.waiting().exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_in_the_middle_and_an_emptied_broker_lose_and_double_nothing(
    tmp_path: Path, settings: LazySettings
) -> None:
    broker = redis.Redis.from_url(settings.REDIS_URL)
    pieces = 400
    settings.OUTBOX_NUDGES = True
    worker = start_worker(tmp_path / "worker.log")
    try:
        for number in range(pieces):
            with transaction.atomic():
                outbox.later("test.piece", {"number": number})
            if number % 80 == 79:
                tasks.drain_outbox.apply_async(retry=False)
                site.eventually(at_work(AuditEvent.objects.count()), within=30)
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
                if number == 239:
                    broker.flushdb()
                worker = start_worker(tmp_path / "worker.log")
        tasks.drain_outbox.apply_async(retry=False)
        deadline = time.monotonic() + 120
        while outbox.waiting().exists() and time.monotonic() < deadline:
            tasks.drain_outbox.apply_async(retry=False)  # what beat does every 30 seconds
            time.sleep(1)
    finally:
        site.end(worker)
    counted = Counter(AuditEvent.objects.values_list("object_id", flat=True))
    assert set(counted) == {str(number) for number in range(pieces)}
    assert set(counted.values()) == {1}
    assert "Aino" not in json.dumps(list(Outbox.objects.values_list("payload", flat=True)))


@pytest.mark.django_db(databases=["default", "system"])
def test_the_logs_have_their_months_however_long_the_house_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", "2031-05-14T04:40:00+03:00")
    tasks.keep_trace_ahead()
    made = "SELECT to_regclass(%s), has_table_privilege('tp_app', to_regclass(%s), 'DELETE, UPDATE, SELECT')"
    for parent in ("tyoparkki_auditevent", "tyoparkki_accessevent"):
        for month in ("2031_05", "2031_12", "2033_04"):
            with connections["system"].cursor() as cursor:
                cursor.execute(made, [f"{parent}_{month}"] * 2)
                assert cursor.fetchone() == (f"{parent}_{month}", False)
