"""Backups: one folder that holds everything, says what it holds, and is compared with what a restore made of it.

    database.dump    pg_dump's custom format, of one moment
    globals.sql      the database's roles, without passwords
    manifest.json    rows and a digest of every table, the walls (rights, policies, triggers …), checksums of the files

Beside the folders stands erasures.txt: the tombstones of everybody who was erased (tyoparkki/tombstones.py), so that
an older backup brings nobody back. The installation's secret key and the keys of encrypted values are not inside: they
are kept apart, or a stolen backup would open itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tyoparkki import embedded, environment, roles, tombstones

FORMAT = 1
MANIFEST, DUMP, GLOBALS = "manifest.json", "database.dump", "globals.sql"


class Unusable(Exception):
    """The backup cannot be made or used as asked; the text is one clear sentence, and nothing was changed."""


class Different(Exception):
    """What was restored is not what was saved; the text names each difference."""


@dataclass(frozen=True)
class Place:
    """A database, entered as somebody whom no wall stops."""

    url: str
    ours: bool  # beside the program, where databases may be made and renamed

    @property
    def name(self) -> str:
        """The database's name."""
        return str(conninfo_to_dict(self.url).get("dbname") or "")

    def sibling(self, name: str) -> Place:
        """Another database of the same server."""
        return Place(make_conninfo(self.url, dbname=name), self.ours)

    def connect(self) -> psycopg.Connection:
        """Enter it."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5, options="-c timezone=UTC")


def place() -> Place:
    """The product's own database, as the environment names it."""
    if not environment.text("DATABASE_URL"):
        return Place(embedded.database_url(embedded.SUPERUSER, name=settings.DATABASES["default"]["NAME"]), ours=True)
    for name in ("DATABASE_BACKUP_URL", "DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL"):
        if url := environment.text(name):
            return Place(url, ours=False)
    raise AssertionError  # DATABASE_URL is set


# --- making ----------------------------------------------------------------------------------------------------------


def make(folder: Path, source: Place, *, at: datetime) -> dict[str, Any]:
    """Save the whole database in a new folder and return its manifest; a half-made backup never has its name."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unusable(f"{folder} exists and is not empty; name a new folder.")
    if not folder.parent.is_dir():
        raise Unusable(f"The folder above {folder} does not exist.")
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(mode=0o700)
        manifest = _save(unfinished, source, at=at)
        with suppress(FileNotFoundError):
            folder.rmdir()
        unfinished.rename(folder)
        tombstones.add(folder.parent / tombstones.BESIDE, _erased(source))
    except OSError as error:
        raise Unusable(f"The backup cannot be written to {folder} ({error.strerror}).") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def _erased(source: Place) -> tombstones.Stones:
    with closing(source.connect()) as connection:
        return tombstones.read(tombstones.file()) | tombstones.of(connection)


def _save(folder: Path, source: Place, *, at: datetime) -> dict[str, Any]:
    with closing(source.connect()) as connection:
        if not connection.execute(_TABLES).fetchone():
            raise Unusable(f"The database {source.name} holds no tables: there is nothing to save.")
        _demand_sight(connection, _row(connection, "SELECT count(*) FROM pg_class WHERE relrowsecurity")[0])
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            (snapshot,) = _row(connection, "SELECT pg_export_snapshot()")
            _run("pg_dump", source, "--format=custom", f"--snapshot={snapshot}", f"--file={folder / DUMP}")
            manifest: dict[str, Any] = {
                "format": FORMAT,
                "made_at": at.isoformat(),
                "database": source.name,
                "server": connection.info.server_version,
                "demo": _is_demo(connection),
                **_contents(connection),
            }
    _run("pg_dumpall", source, "--globals-only", "--no-role-passwords", f"--file={folder / GLOBALS}")
    manifest["files"] = {name: _checksum(folder / name) for name in (DUMP, GLOBALS)}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
    return manifest


def _demand_sight(connection: psycopg.Connection, walls: int) -> None:
    """A login that row security applies to would save a part and call it the whole, or find nothing it restored."""
    (role, passes) = _row(
        connection, "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    if walls and not passes:
        raise Unusable(
            f"The database role {role} does not see every row; name one with BYPASSRLS in DATABASE_BACKUP_URL."
        )


# --- restoring -------------------------------------------------------------------------------------------------------


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose files are whole."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = dict(manifest["files"])
    except FileNotFoundError:
        raise Unusable(f"{folder} is not a backup: it has no {MANIFEST}.") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise Unusable(f"The backup {folder} cannot be read: its {MANIFEST} is damaged.") from None
    if manifest.get("format") != FORMAT:
        raise Unusable(f"The backup {folder} is of a kind that this version does not know.")
    for name in (DUMP, GLOBALS):
        if not (folder / name).is_file() or _checksum(folder / name) != files.get(name):
            raise Unusable(f"The backup {folder} is damaged: {name} is not what was saved.")
    return manifest


def restore(folder: Path, target: Place, *, at: datetime, replace: bool = False) -> str:
    """Put a backup in the place of an empty or a demonstration database, compared before it takes its place.

    With `replace`, real data beside the program give way too and are kept under another name, which is returned. The
    tombstones of those data, of the file and of what stands beside the backup come along.
    Raises Unusable when nothing was changed, Different when the restored data were not equal (and thrown away).
    """
    manifest = read(folder)
    with closing(target.connect()) as connection:
        holds = _what_it_holds(connection)
        _demand_sight(connection, manifest["walls"]["policies"][0])
        roles.create_roles(connection)
        _demand_silence(connection, target)
    stones = tombstones.read(folder.parent / tombstones.BESIDE)
    if holds != "demo":
        stones |= _erased(target)
    if holds == "data" and not (replace and target.ours):
        advice = "say --replace to put the backup in their place" if target.ours else "restore into a new, empty one"
        raise Unusable(f"The database {target.name} holds real data; {advice}.")
    kept = ""
    if target.ours:
        kept = _restore_beside(folder, manifest, target, at=at, keep=holds == "data")
    else:
        _restore_inside(folder, manifest, target)
    tombstones.add(tombstones.file(), stones)
    with closing(target.connect()) as connection:
        tombstones.put(stones, connection)
    return kept


def _restore_beside(folder: Path, manifest: dict[str, Any], target: Place, *, at: datetime, keep: bool) -> str:
    """Build the restored database beside the present one; the two change names only when all is well."""
    fresh = target.sibling(f"{target.name}_restoring")
    kept = f"{target.name}_until_{at:%Y%m%d_%H%M%S}"
    with closing(target.sibling("postgres").connect()) as server:
        _drop(server, fresh.name)
        roles.create_database(server, fresh.name)
        try:
            _fill(folder, manifest, fresh)
        except (Unusable, Different):
            _drop(server, fresh.name)
            raise
        with server.transaction():
            for old, new in ((target.name, kept), (fresh.name, target.name)):
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                server.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
        if not keep:
            _drop(server, kept)
            return ""
    return kept


def _restore_inside(folder: Path, manifest: dict[str, Any], target: Place) -> None:
    """Restore into a database that somebody else runs, and that holds nothing worth keeping."""
    with closing(target.connect()) as connection, connection.transaction():
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    _fill(folder, manifest, target)


def _fill(folder: Path, manifest: dict[str, Any], target: Place) -> None:
    with closing(target.connect()) as connection:
        roles.grant(connection, target.name)
    arguments = ["--exit-on-error", "--single-transaction", f"--dbname={_without_password(target.url)}"]
    _run("pg_restore", target, *arguments, str(folder / DUMP))
    with closing(target.connect()) as connection:
        roles.grant(connection, target.name)
        connection.execute("ANALYZE")
        with connection.transaction():
            found = _contents(connection)
    differences = list(_compare(manifest, found))
    if differences:
        raise Different("\n".join(differences))


def _what_it_holds(connection: psycopg.Connection) -> str:
    """ "nothing", "demo" or "data"."""
    tables = [name for (name,) in connection.execute(_TABLES).fetchall() if name != "django_migrations"]
    if not tables:
        return "nothing"
    if _is_demo(connection):
        return "demo"
    seeded = _row(connection, "SELECT to_regclass('team_user') IS NOT NULL")[0]
    somebody = not seeded or _row(connection, "SELECT EXISTS (SELECT 1 FROM team_user)")[0]
    return "data" if somebody else "nothing"


def _is_demo(connection: psycopg.Connection) -> bool:
    if not _row(connection, "SELECT to_regclass('tyoparkki_installation') IS NOT NULL")[0]:
        return False
    return bool(_row(connection, "SELECT EXISTS (SELECT 1 FROM tyoparkki_installation WHERE is_demo)")[0])


def _demand_silence(connection: psycopg.Connection, target: Place) -> None:
    others = _row(
        connection,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'",
    )[0]
    if others:
        raise Unusable(f"The database {target.name} is in use ({others} connections); stop the product first.")


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


# --- what a database holds ------------------------------------------------------------------------------------------

_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"

# Everything that guards the data, one text an item; the order does not matter.
_WALLS = {
    "owners": "SELECT relname || ' ' || pg_get_userbyid(relowner) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace",
    "rights": "SELECT c.relname || ' ' || pg_get_userbyid(a.grantee) || ' ' || a.privilege_type FROM pg_class c,"
    " aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", c.relowner))) a"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')",
    "column rights": "SELECT c.relname || '.' || t.attname || ' ' || pg_get_userbyid(a.grantee) || ' ' ||"
    " a.privilege_type FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a"
    " WHERE c.relnamespace = 'public'::regnamespace",
    "function rights": "SELECT p.oid::regprocedure || ' ' || a.grantee::regrole || ' ' || a.privilege_type FROM"
    " pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
    " WHERE p.pronamespace = 'public'::regnamespace",
    "rights to come": "SELECT concat_ws(' ', d.defaclrole::regrole, d.defaclobjtype, a.grantee::regrole,"
    " a.privilege_type) FROM pg_default_acl d, aclexplode(d.defaclacl) a",
    "row security": "SELECT relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
    "policies": "SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check)"
    " FROM pg_policies WHERE schemaname = 'public'",
    "triggers": "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal",
    "constraints": "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND conrelid <> 0",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    " AND prokind IN ('f', 'p')",
    "views": "SELECT viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename || ' ' || coalesce(last_value::text, '-') FROM pg_sequences"
    " WHERE schemaname = 'public'",
}


def _contents(connection: psycopg.Connection) -> dict[str, Any]:
    """Rows and digest of each table, count and digest of each kind of wall."""
    tables = {}
    for (name,) in connection.execute(_TABLES).fetchall():
        query = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t")
        tables[name] = list(connection.execute(query.format(sql.Identifier(name))).fetchone() or ())
    walls = {}
    for name, query_text in _WALLS.items():
        items = sorted(_plain(str(item)) for (item,) in connection.execute(query_text.encode()).fetchall())
        walls[name] = [len(items), hashlib.sha256("\n".join(items).encode()).hexdigest()]
    return {"tables": tables, "walls": walls}


def _plain(definition: str) -> str:
    """A definition without the casts, brackets and spaces that PostgreSQL sets anew each time it reads one."""
    return re.sub(r"::(character varying|[a-z]+)(\[\])?|[()\s]", "", definition)


def _compare(saved: dict[str, Any], found: dict[str, Any]) -> list[str]:
    differences = []
    for kind in ("tables", "walls"):
        for name in sorted({*saved[kind], *found[kind]}):
            before, after = saved[kind].get(name), found[kind].get(name)
            if before != after:
                counts = [str(value[0]) if value else "missing" for value in (before, after)]
                how = " → ".join(counts) if counts[0] != counts[1] else f"{counts[0]}, but other content"
                differences.append(f"{name}: {how}")
    return differences


# --- PostgreSQL's own programs --------------------------------------------------------------------------------------


def _program(name: str) -> str:
    with suppress(embedded.Unavailable):
        path = embedded.binaries() / name
        if path.exists():
            return str(path)
    if found := shutil.which(name):
        return found
    raise Unusable(f"PostgreSQL's program {name} is not installed here.")


def _run(name: str, place: Place, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, never by the list of processes."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if password := conninfo_to_dict(place.url).get("password"):
        env["PGPASSWORD"] = str(password)
    command = [_program(name), "--no-password", *arguments]
    if not any(argument.startswith("--dbname") for argument in arguments):
        command.append(f"--dbname={_without_password(place.url)}")
    done = subprocess.run(command, env=env, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if "error" in line), f"exit code {done.returncode}")
        raise Unusable(f"{name} failed: {reason}")


def _without_password(url: str) -> str:
    kept = {name: str(value) for name, value in conninfo_to_dict(url).items() if name != "password"}
    return make_conninfo(**kept)


def _row(connection: psycopg.Connection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query.encode()).fetchone()
    if row is None:
        raise LookupError(query)
    return tuple(row)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
