"""The second wall: row-level security, so that a forgotten filter shows nobody a foreign row.

An app that holds data of clients says in its `walls` who may do what with the rows of each table, in SQL, beside the
`visible_to` of its models: `WALLS` by table, `VIEWS` and `FUNCTIONS` that they stand on (`FIRST`: functions on which
views stand), and `ALSO_SEEN`, rows of a lower app's table that the app opens to those who see something of its own.
`manage.py migrate` stands all walls up as they are written there. The actor comes with each transaction (`actor.bind`);
without one the program sees no row. See docs/adr/0008-row-security.md.

What a policy may stand on, so that it neither runs in circles nor slows a page down:

- `(SELECT tp_point())` and its kin are asked once a statement, not once a row.
- A view belongs to the owner, whom no wall stops: it holds the keys of the actor and nobody else's, is planned with the
  statement around it, and lets two tables need each other. The program may only read it.
- A condition on another table sees that table through its own wall, and each EXISTS within an EXISTS is planned twice:
  three deep, planning costs more than the work. What hangs on a walled table asks a view of its keys instead.
- A function that works as the owner is planned once a connection. It answers for one row, or once for a statement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from tyoparkki import roles


@dataclass(frozen=True, slots=True)
class Wall:
    """What the program's role may do with the rows of a table, each a condition in SQL; an empty one forbids it.

    `see`: which rows exist for the actor. `add`: which rows the actor may make. `change`: which rows the actor may
    change, and what they must be afterwards too unless `leave` says otherwise; `only` names the columns that may be
    changed at all. `remove`: which rows the actor may delete.
    """

    see: str
    add: str = ""
    change: str = ""
    leave: str = ""
    only: tuple[str, ...] = ()
    remove: str = ""


# Who acts, as the transaction says. Each is empty when nobody does.
ACTOR = """
CREATE OR REPLACE FUNCTION tp_kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('tp.kind', true), '');
CREATE OR REPLACE FUNCTION tp_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('tp.user', true), '')::uuid;
CREATE OR REPLACE FUNCTION tp_membership() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('tp.membership', true), '')::uuid;
CREATE OR REPLACE FUNCTION tp_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('tp.organisation', true), '')::uuid;
CREATE OR REPLACE FUNCTION tp_point() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('tp.point', true), '')::uuid;
CREATE OR REPLACE FUNCTION tp_device() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('tp.device', true), '')::uuid;
CREATE OR REPLACE FUNCTION tp_link() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('tp.link', true), '')::uuid;
CREATE OR REPLACE FUNCTION tp_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('tp.today', true), '')::date;
CREATE OR REPLACE FUNCTION tp_may(permission text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN permission = ANY (string_to_array(coalesce(current_setting('tp.may', true), ''), ' '));
"""
# By whom a finished wall is known: a comment on this function holds the digest of what stands.
SIGNED = "tp_kind()"


def walls() -> dict[str, Wall]:
    """Every walled table with its wall."""
    return {table: wall for module in _modules() for table, wall in module.WALLS.items()}


def walled() -> list[str]:
    """The walled tables."""
    return sorted(walls())


@cache
def _modules() -> tuple[Any, ...]:
    found = [f"{app.name}.walls" for app in apps.get_app_configs() if app.name != "tyoparkki" and _has_walls(app.path)]
    return tuple(import_module(name) for name in sorted(found))


def _has_walls(path: str) -> bool:
    return any((Path(path) / name).exists() for name in ("walls.py", "walls/__init__.py"))


def statements() -> Iterator[str]:
    """All that makes the walls, in order, once what stood before has been taken down."""
    yield ACTOR
    yield from _views_down()
    for module in _modules():
        yield from filter(None, [getattr(module, "FIRST", "")])
        for view, rows in module.VIEWS.items():
            yield f"CREATE VIEW {view} AS {rows}"
            yield f"REVOKE ALL ON {view} FROM {roles.APP}, {roles.SYSTEM}, {roles.STATS}"
            yield f"GRANT SELECT ON {view} TO {roles.APP}"
        if module.FUNCTIONS:
            yield module.FUNCTIONS
    for table, wall in sorted(walls().items()):
        yield from _stand_up(table, wall)
    for module in _modules():
        for table, condition in module.ALSO_SEEN.items():
            # PostgreSQL asks the policies of a table by their names from Z to A: this one after the table's own.
            name = f"also_{module.__name__.split('.', 1)[0]}"
            yield f"CREATE POLICY {name} ON {table} FOR SELECT TO {roles.APP} USING ({condition})"


def _views_down() -> Iterator[str]:
    """The last one first, for a view may stand on those before it."""
    for module in reversed(_modules()):
        for view in reversed(module.VIEWS):
            yield f"DROP VIEW IF EXISTS {view}"


def _stand_up(table: str, wall: Wall) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY keep ON {table} TO {roles.OWNER}, {roles.SYSTEM} USING (true) WITH CHECK (true)"
    yield f"CREATE POLICY count ON {table} FOR SELECT TO {roles.STATS} USING (true)"
    yield f"CREATE POLICY see ON {table} FOR SELECT TO {roles.APP} USING ({wall.see})"
    yield f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {roles.APP}"
    if wall.add:
        yield f"CREATE POLICY add ON {table} FOR INSERT TO {roles.APP} WITH CHECK ({wall.add})"
        yield f"GRANT INSERT ON {table} TO {roles.APP}"
    if wall.change:
        leave = wall.leave or wall.change
        yield f"CREATE POLICY change ON {table} FOR UPDATE TO {roles.APP} USING ({wall.change}) WITH CHECK ({leave})"
        columns = f" ({', '.join(wall.only)})" if wall.only else ""
        yield f"GRANT UPDATE{columns} ON {table} TO {roles.APP}"
    if wall.remove:
        yield f"CREATE POLICY remove ON {table} FOR DELETE TO {roles.APP} USING ({wall.remove})"
        yield f"GRANT DELETE ON {table} TO {roles.APP}"


def digest() -> str:
    """A short name for all walls as they are written."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()[:32]


def standing(using: str = "owner") -> str:
    """The digest of the walls that stand in the database; empty when none do."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regprocedure(%s), 'pg_proc')", [SIGNED])
        row = cursor.fetchone()
    return str(row[0] or "") if row else ""


def bare(using: str = "owner") -> list[str]:
    """Walled tables on which row security is not forced just now."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)"
            " AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname",
            [walled()],
        )
        return [str(name) for (name,) in cursor.fetchall()]


def stand_up(using: str = "owner") -> bool:
    """Stand every wall up as it is written, in one transaction; says whether anything had to be done."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", [walled()])
        (missing,) = cursor.fetchone()
    if missing or (standing(using) == digest() and not bare(using)):  # an earlier state of the tables has no walls yet
        return False
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        _drop_policies(cursor, "true")
        for statement in statements():
            cursor.execute(statement)
        signature = sql.SQL("COMMENT ON FUNCTION {} IS {}").format(sql.SQL(SIGNED), sql.Literal(digest()))
        cursor.execute(signature)
    return True


def open_ground(using: str = "owner") -> None:
    """Make way for a change of the tables, which a rule may hold on to: meanwhile the program sees nothing at all.

    Row security stays forced, so without a rule there is no row; the owner and whoever tidies up go on seeing all.
    """
    if not standing(using):
        return
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        _drop_policies(cursor, f"'{roles.APP}' = ANY (roles)")
        for statement in _views_down():
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON FUNCTION {SIGNED} IS NULL")


def _drop_policies(cursor: Any, which: str) -> None:
    cursor.execute(f"SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' AND {which}")  # noqa: S608 - our own words
    for table, name in cursor.fetchall():
        cursor.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(name), sql.Identifier(table)))


def any_of(*conditions: str) -> str:
    """Conditions of which one is enough; the cheap ones first, because they are asked in this order."""
    return " OR ".join(f"({condition.strip()})" for condition in conditions)


def all_of(*conditions: str) -> str:
    """Conditions that must all hold."""
    return " AND ".join(f"({condition.strip()})" for condition in conditions)


def may(permission: str) -> str:
    """The actor's role holds a permission."""
    return f"(SELECT tp_may('{permission}'))"


# A function that asks as the owner, and looks nowhere but where it should.
ASKED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
POINT, MEMBERSHIP, ORGANISATION = "(SELECT tp_point())", "(SELECT tp_membership())", "(SELECT tp_organisation())"
USER = "(SELECT tp_user())"
TODAY, KIND = "(SELECT tp_today())", "(SELECT tp_kind())"
DEVICE, LINK = "(SELECT tp_device())", "(SELECT tp_link())"
