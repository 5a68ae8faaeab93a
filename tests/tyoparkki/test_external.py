"""A PostgreSQL that somebody else runs: prepared once, then entered with one address or with four."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from tyoparkki import embedded, environment, external, roles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[str]:
    """The administrator's address of a server that knows nothing of the product."""
    data = tmp_path / "data"
    embedded.ensure(data, broker=False, durable=False)
    with embedded.superuser(data) as server:
        server.execute("DROP DATABASE tyoparkki")
        for role in roles.ROLES:
            server.execute(f"DROP ROLE {role}")
        server.execute("CREATE DATABASE town")
    yield embedded.database_url(embedded.SUPERUSER, name="town", data=data)
    embedded.leave(data)
    embedded.stop(data)


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATA_DIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=environment.BASE_DIR,
        env={"DATA_DIR": str(environment.data_dir()), **kept, "DEMO": "1", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_one_address_is_enough_and_the_product_still_works_without_its_power(outside: str) -> None:
    done = run("init_database", DATABASE_ADMIN_URL=outside)
    assert done.returncode == 0, done.stderr
    done = run("migrate", "--verbosity", "0", DATABASE_URL=outside)
    assert done.returncode == 0, done.stderr
    assert run("check", "--database", "default", "--fail-level", "ERROR", DATABASE_URL=outside).returncode == 0
    with psycopg.connect(outside) as admin:
        owners = admin.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert owners == [(roles.OWNER,)]
    with psycopg.connect(outside, options="-c role=tp_app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("TRUNCATE tyoparkki_heartbeat")


def test_preparing_twice_changes_nothing(outside: str) -> None:
    external.prepare(outside)
    external.prepare(outside, set_passwords=True)


def test_a_role_that_bypasses_row_security_is_refused(outside: str) -> None:
    with psycopg.connect(outside, autocommit=True) as admin:
        admin.execute("CREATE ROLE tp_app LOGIN BYPASSRLS")
    done = run("init_database", DATABASE_ADMIN_URL=outside)
    assert done.returncode == 2
    assert done.stderr.strip() == "The database role tp_app may bypass row security; take that right away first."


def test_an_address_without_the_power_to_prepare_says_what_is_missing(outside: str) -> None:
    with psycopg.connect(outside, autocommit=True) as admin:
        admin.execute("CREATE ROLE plain LOGIN")
    done = run("init_database", DATABASE_ADMIN_URL=outside.replace("postgres@", "plain@"))
    assert done.returncode == 2
    assert "DATABASE_ADMIN_URL" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    done = run("init_database", DATABASE_ADMIN_URL="postgresql://me:secret@127.0.0.1:9/town")
    assert done.returncode == 2
    assert done.stderr.strip() == "The database at 127.0.0.1:9/town does not answer."
