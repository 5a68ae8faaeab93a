"""The embedded servers: roles that bypass nothing, and a start that works whatever happened before."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
from django.db import connection

from tests.fixtures.site import eventually
from tests.fixtures.walls import as_actor
from tyoparkki import embedded, environment, roles
from tyoparkki.folder import secret_key

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own, with its servers stopped at the end."""
    data = tmp_path / "data"
    yield data
    embedded.leave(data)
    embedded.stop(data)


def postmaster(data: Path) -> int:
    return int((data / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def broker(data: Path) -> psutil.Process:
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "valkey-server":
            with suppress(psutil.Error):
                if str(data) in process.cwd():
                    return process
    raise LookupError("no Valkey runs in this folder")


def values(data: Path) -> list[int]:
    with psycopg.connect(embedded.database_url(roles.APP, data=data)) as app:
        return [value for (value,) in app.execute("SELECT value FROM kept ORDER BY value").fetchall()]


def keep(data: Path, *, value: int) -> None:
    with psycopg.connect(embedded.database_url(roles.OWNER, data=data)) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        owner.execute("INSERT INTO kept VALUES (%s)", [value])


@pytest.mark.django_db
def test_what_the_tests_let_the_product_do_it_does_in_its_own_role() -> None:
    asked = "SELECT session_user, current_user"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone() == (roles.APP, roles.SYSTEM)
        with as_actor(None):
            cursor.execute(asked)
            assert cursor.fetchone() == (roles.APP, roles.APP)


@pytest.mark.django_db
def test_no_role_bypasses_row_security_and_the_product_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'tp\\_%%'"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'tp_owner'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() > (20,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE tyoparkki_heartbeat",
        "DROP TABLE tyoparkki_heartbeat",
        "ALTER TABLE tyoparkki_heartbeat DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
        "SET ROLE tp_owner",
        "SET session_replication_role = replica",
    ],
)
def test_the_product_may_not_touch_the_tables_themselves(statement: str) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_statistics_see_only_what_was_granted_to_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('tp_stats', 'tyoparkki_auditevent', 'SELECT')")
        assert cursor.fetchone() == (False,)


def test_only_sockets_in_a_closed_folder(folder: Path) -> None:
    embedded.ensure(folder, durable=False)
    run = embedded.socket_dir(folder)
    assert run.stat().st_mode & 0o077 == 0
    with embedded.superuser(folder) as server:
        assert server.execute("SHOW listen_addresses").fetchone() == ("",)
        assert server.execute("SHOW log_error_verbosity").fetchone() == ("terse",)
    assert (folder / "postgres").stat().st_mode & 0o066 == 0


def test_data_are_durable_unless_a_test_asks_otherwise(folder: Path) -> None:
    embedded.ensure(folder, broker=False)
    with embedded.superuser(folder) as server:
        assert server.execute("SHOW fsync").fetchone() == ("on",)
        assert server.execute("SHOW synchronous_commit").fetchone() == ("on",)


@pytest.mark.slow
def test_killed_servers_come_back_with_what_was_committed(folder: Path) -> None:
    embedded.ensure(folder)
    keep(folder, value=1)
    for number in (2, 3):
        os.kill(postmaster(folder), 9)
        broker(folder).kill()
        embedded.ensure(folder)
        keep(folder, value=number)
    assert values(folder) == [1, 2, 3]
    assert embedded.broker_answers(folder)


@pytest.mark.slow
def test_a_stale_lock_file_that_names_another_living_process_is_no_obstacle(folder: Path) -> None:
    embedded.ensure(folder, broker=False)
    keep(folder, value=1)
    lock = folder / "postgres" / "data" / "postmaster.pid"
    lines = lock.read_text(encoding="utf-8").splitlines()
    os.kill(postmaster(folder), 9)
    eventually(lambda: not psutil.pid_exists(int(lines[0])) or _is_zombie(int(lines[0])))
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        lock.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n", encoding="utf-8")
        embedded.ensure(folder, broker=False)
        assert values(folder) == [1]
        stranger.kill()


def _is_zombie(pid: int) -> bool:
    return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


USER = """
import sys, time
from pathlib import Path
from tyoparkki import embedded
data = Path(sys.argv[1])
embedded.ensure(data, durable=False)
with embedded.superuser(data) as server:
    print(server.execute("SELECT pg_postmaster_start_time()").fetchone()[0].isoformat(), flush=True)
sys.stdin.readline()
"""


def start_user(data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(data)],
        cwd=environment.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_processes_that_start_at_once_share_one_server_and_the_last_one_stops_it(folder: Path) -> None:
    users = [start_user(folder) for _ in range(3)]
    started = [user.stdout.readline().strip() for user in users]
    assert started[0]
    assert len(set(started)) == 1
    for user in users[:2]:
        user.communicate("\n", timeout=30)
    assert embedded.database_answers(folder)
    users[2].communicate("\n", timeout=30)
    assert not embedded.database_answers(folder)
    assert not embedded.broker_answers(folder)
    assert not (folder / "postgres" / "data" / "postmaster.pid").exists()


def test_a_killed_user_leaves_servers_that_the_next_one_takes_over(folder: Path) -> None:
    first = start_user(folder)
    started = first.stdout.readline().strip()
    first.kill()
    first.communicate()
    second = start_user(folder)
    assert second.stdout.readline().strip() == started
    second.communicate("\n", timeout=30)
    eventually(lambda: not embedded.database_answers(folder))


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path: Path) -> None:
    data = tmp_path / ("a-very-long-name-" * 6) / "data"
    data.parent.mkdir()
    embedded.ensure(data, durable=False)
    try:
        run = embedded.socket_dir(data)
        assert len(str(run)) < 60
        assert run.stat().st_mode & 0o077 == 0
        assert embedded.database_answers(data)
        assert embedded.broker_answers(data)
        os.kill(postmaster(data), 9)
        time.sleep(0.2)
        embedded.ensure(data, durable=False)
        assert embedded.socket_dir(data) == run
    finally:
        embedded.leave(data)
        for left in run.iterdir():
            left.unlink()
        run.rmdir()


def test_a_half_made_cluster_is_made_again(folder: Path) -> None:
    broken = folder / "postgres" / "data"
    broken.mkdir(parents=True)
    (broken / "PG_VERSION").write_text("18\n", encoding="utf-8")
    embedded.ensure(folder, broker=False, durable=False)
    assert embedded.database_answers(folder)


def test_the_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "data")
    assert len(first) > 60
    assert secret_key(tmp_path / "data") == first
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_missing_parent_folder_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(embedded.Unavailable, match="the folder above it does not exist"):
        embedded.ensure(tmp_path / "nothing" / "here")
