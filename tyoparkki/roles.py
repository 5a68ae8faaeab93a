"""The database's roles: who owns the tables, who works with them, who only counts, who tidies up."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from tyoparkki import environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg import Connection

OWNER = "tp_owner"
APP = "tp_app"
SYSTEM = "tp_system"
STATS = "tp_stats"
ROLES = (OWNER, APP, SYSTEM, STATS)
# Alias of the Django connection that logs in as each role.
ROLE_OF_ALIAS = {"default": APP, "owner": OWNER, "system": SYSTEM, "stats": STATS}


class Unfit(environment.Misconfigured):
    """A role of the product has a right that it must not have."""


_DATABASE: tuple[LiteralString, ...] = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO tp_owner, tp_app, tp_system, tp_stats",
)
_SCHEMA: tuple[LiteralString, ...] = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT ALL ON SCHEMA public TO tp_owner",
    "GRANT USAGE ON SCHEMA public TO tp_app, tp_system, tp_stats",
    """ALTER DEFAULT PRIVILEGES FOR ROLE tp_owner IN SCHEMA public
       GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tp_app, tp_system""",
    "ALTER DEFAULT PRIVILEGES FOR ROLE tp_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO tp_app, tp_system",
    "ALTER DEFAULT PRIVILEGES FOR ROLE tp_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    """ALTER DEFAULT PRIVILEGES FOR ROLE tp_owner IN SCHEMA public
       GRANT EXECUTE ON FUNCTIONS TO tp_app, tp_system, tp_stats""",
)


def create_roles(connection: Connection, passwords: Mapping[str, str | None] | None = None) -> None:
    """Make the four roles, none of which may bypass anything, on a connection that may create roles."""
    query = "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = ANY(%s)"
    known: dict[str, bool] = dict(connection.execute(query, [list(ROLES)]).fetchall())
    for role in ROLES:
        if known.get(role):
            raise Unfit(f"The database role {role} may bypass row security; take that right away first.")
        if role not in known:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if passwords and passwords.get(role):
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), passwords[role]))


def create_database(connection: Connection, name: str, *, template: str = "template0") -> bool:
    """Make the database, owned by the owner role; says whether it was made now (autocommit connection)."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return False
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER tp_owner TEMPLATE {} ENCODING 'UTF8'").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )
    return True


def grant(connection: Connection, name: str) -> None:
    """Give each role its rights in the database that the connection is in, for tables present and to come."""
    for statement in (*_DATABASE, *_SCHEMA):
        connection.execute(sql.SQL(statement).format(database=sql.Identifier(name)))
