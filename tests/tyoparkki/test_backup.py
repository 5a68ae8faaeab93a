"""What is saved comes back whole, with its walls; what cannot be used is said in one sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from psycopg import sql

from tyoparkki import backups, embedded, environment, roles
from tyoparkki.backups import Different, Place, Unusable
from tyoparkki.models import AuditEvent, JobSlot

AT = datetime(2026, 11, 18, 14, 36, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source() -> Place:
    """The tests' own database with a wall around one table and rows on both sides of it."""
    here = backups.place()
    with closing(here.connect()) as connection:
        connection.execute(
            """
            CREATE TABLE walled (id bigint PRIMARY KEY, text text);
            ALTER TABLE walled OWNER TO tp_owner;
            GRANT SELECT (id) ON walled TO tp_stats;
            INSERT INTO walled VALUES (1, 'näkyy'), (2, 'ei näy');
            ALTER TABLE walled ENABLE ROW LEVEL SECURITY;
            ALTER TABLE walled FORCE ROW LEVEL SECURITY;
            CREATE POLICY one ON walled USING (id = 1);
            """
        )
    JobSlot.objects.create(task="saved", slot="1", at=AT)
    AuditEvent.objects.create(at=AT, verb="saved", object_kind="x", object_id="1", fields=[], actor_kind="system")
    return here


@pytest.fixture(autouse=True)
def no_wall_stays() -> Iterator[None]:
    """The extra table is gone after the test."""
    yield
    with closing(backups.place().connect()) as connection:
        connection.execute("DROP TABLE IF EXISTS walled")


@pytest.fixture
def empty() -> Iterator[Place]:
    """A new database beside the tests' own."""
    place = backups.place()
    target = place.sibling(f"{place.name}_copy")
    with embedded.superuser() as server:
        roles.create_database(server, target.name)
    yield target
    with embedded.superuser() as server:
        for (name,) in server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{target.name}%"]
        ).fetchall():
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def ask(place: Place, query: str) -> list[tuple[object, ...]]:
    """Rows of a database, seen by somebody whom no wall stops."""
    with closing(place.connect()) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def test_everything_comes_back_with_its_walls(source: Place, empty: Place, tmp_path: Path) -> None:
    saved = backups.make(tmp_path / "one", source, at=AT)
    assert saved["tables"]["walled"][0] == 2
    assert saved["walls"]["policies"][0] >= 1
    assert backups.restore(tmp_path / "one", empty, at=AT) == ""
    assert ask(empty, "SELECT slot FROM tyoparkki_jobslot WHERE task = 'saved'") == [("1",)]
    assert ask(empty, "SELECT object_id FROM tyoparkki_auditevent WHERE verb = 'saved'") == [("1",)]
    with closing(empty.connect()) as connection:
        connection.execute("SET ROLE tp_owner")
        assert connection.execute("SELECT text FROM walled").fetchall() == [("näkyy",)]
        connection.execute("SET ROLE tp_app")
        for forbidden in ("DELETE FROM tyoparkki_auditevent", "UPDATE tyoparkki_auditevent SET verb = ''"):
            with pytest.raises(Exception, match="permission denied"):
                connection.execute(forbidden)


def test_a_backup_holds_no_password_and_is_closed_to_others(source: Place, tmp_path: Path) -> None:
    backups.make(tmp_path / "one", source, at=AT)
    assert "PASSWORD" not in (tmp_path / "one" / "globals.sql").read_text()
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "one").iterdir()} == {0o600}


def test_real_data_stay_unless_they_are_to_be_replaced_and_are_then_kept_aside(
    source: Place, empty: Place, tmp_path: Path
) -> None:
    backups.make(tmp_path / "one", source, at=AT)
    ask(empty, "CREATE TABLE valuable ()")
    with pytest.raises(Unusable, match="holds real data"):
        backups.restore(tmp_path / "one", empty, at=AT)
    kept = backups.restore(tmp_path / "one", empty, at=AT, replace=True)
    assert ask(empty.sibling(kept), "SELECT count(*) FROM valuable") == [(0,)]
    assert ask(empty, "SELECT to_regclass('valuable')") == [(None,)]


def test_a_demonstration_gives_way(source: Place, empty: Place, tmp_path: Path) -> None:
    backups.make(tmp_path / "one", source, at=AT)
    ask(empty, "CREATE TABLE tyoparkki_installation AS SELECT true AS is_demo")
    assert backups.restore(tmp_path / "one", empty, at=AT) == ""
    assert ask(empty, "SELECT to_regclass('walled') IS NOT NULL") == [(True,)]


def test_a_database_run_by_others_is_restored_only_when_it_is_empty(
    source: Place, empty: Place, tmp_path: Path
) -> None:
    backups.make(tmp_path / "one", source, at=AT)
    theirs = Place(empty.url, ours=False)
    assert backups.restore(tmp_path / "one", theirs, at=AT) == ""
    ask(empty, "CREATE TABLE team_user_of_old (); DROP TABLE team_user CASCADE")
    with pytest.raises(Unusable, match="restore into a new, empty one"):
        backups.restore(tmp_path / "one", theirs, at=AT, replace=True)


def test_a_database_in_use_is_left_alone(source: Place, empty: Place, tmp_path: Path) -> None:
    backups.make(tmp_path / "one", source, at=AT)
    with closing(empty.connect()), pytest.raises(Unusable, match="stop the product first"):
        backups.restore(tmp_path / "one", empty, at=AT)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "is not a backup"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "is damaged"),
        (lambda folder: (folder / "manifest.json").write_text('{"format": 99, "files": {}}'), "does not know"),
        (lambda folder: (folder / "database.dump").write_bytes(b"PGDMP"), "is not what was saved"),
        (lambda folder: (folder / "globals.sql").unlink(), "is not what was saved"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_changes(
    source: Place, empty: Place, tmp_path: Path, damage: object, sentence: str
) -> None:
    backups.make(tmp_path / "one", source, at=AT)
    damage(tmp_path / "one")  # type: ignore[operator]  # a function of the folder
    ask(empty, "CREATE TABLE valuable ()")
    with pytest.raises(Unusable, match=sentence):
        backups.restore(tmp_path / "one", empty, at=AT, replace=True)
    assert ask(empty, "SELECT count(*) FROM valuable") == [(0,)]


def test_what_came_back_otherwise_is_named_and_thrown_away(source: Place, empty: Place, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    backups.make(folder, source, at=AT)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"]["walled"][0] = 3
    manifest["walls"]["policies"][1] = "0"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Different, match="walled: 3 → 2") as difference:
        backups.restore(folder, empty, at=AT)
    assert "policies" in str(difference.value)
    assert ask(empty, "SELECT to_regclass('walled')") == [(None,)]
    assert not [name for (name,) in ask(empty, "SELECT datname FROM pg_database") if str(name).endswith("_restoring")]


def test_a_login_that_row_security_applies_to_makes_no_backup(source: Place, tmp_path: Path) -> None:
    blind = Place(embedded.database_url(roles.OWNER, name=source.name), ours=True)
    with pytest.raises(Unusable, match="does not see every row"):
        backups.make(tmp_path / "one", blind, at=AT)
    assert not list(tmp_path.iterdir())


def test_a_login_that_row_security_applies_to_restores_nothing(source: Place, empty: Place, tmp_path: Path) -> None:
    backups.make(tmp_path / "one", source, at=AT)
    blind = Place(embedded.database_url(roles.OWNER, name=empty.name), ours=False)
    with pytest.raises(Unusable, match="does not see every row"):
        backups.restore(tmp_path / "one", blind, at=AT)
    assert ask(empty, "SELECT to_regclass('walled')") == [(None,)]


def test_an_empty_database_makes_no_backup(empty: Place, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="nothing to save"):
        backups.make(tmp_path / "one", empty, at=AT)


def test_a_backup_needs_a_new_folder_in_one_that_exists(source: Place, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    for folder in (tmp_path / "full", tmp_path / "full" / "x", tmp_path / "nowhere" / "one"):
        with pytest.raises(Unusable):
            backups.make(folder, source, at=AT)
    (tmp_path / "empty").mkdir()
    backups.make(tmp_path / "empty", source, at=AT)


def test_the_commands_say_what_they_did_and_end_with_two_when_they_did_nothing(source: Place, tmp_path: Path) -> None:
    out, err = StringIO(), StringIO()
    call_command("backup", str(tmp_path / "one"), stdout=out)
    assert "Saved" in out.getvalue()
    for command in (["backup", str(tmp_path / "one")], ["restore", str(tmp_path)]):
        with pytest.raises(SystemExit) as end:
            call_command(*command, stderr=err)
        assert end.value.code == 2
    assert len(err.getvalue().strip().splitlines()) == 2


@pytest.mark.slow
def test_a_whole_drill_by_hand(tmp_path: Path) -> None:
    """Make an installation, save it, spoil it, bring it back, go on working."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "REDIS", "TYOPARKKI"))}
    env |= {"DATA_DIR": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "tyoparkki.settings"}

    def manage(*arguments: str, code: int = 0) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=environment.BASE_DIR, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    def slots(code: str) -> str:
        return manage("shell", "-v", "0", "-c", f"from tyoparkki.models import JobSlot; {code}").strip()

    add = "from django.utils import timezone; JobSlot.objects.create(task='t', slot='{}', at=timezone.now())"
    manage("migrate", "-v", "0")
    slots(add.format("kept"))
    manage("backup", str(tmp_path / "one"))
    slots(add.format("spoilt"))
    user = "from django.contrib.auth import get_user_model; get_user_model().objects.create(username='real')"
    slots(user)
    assert "holds real data" in manage("restore", str(tmp_path / "one"), code=2)
    assert "are kept in the database" in manage("restore", str(tmp_path / "one"), "--replace")
    assert slots("print(*JobSlot.objects.values_list('slot', flat=True))") == "kept"
    manage("migrate", "--check")
