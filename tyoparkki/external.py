"""An external PostgreSQL: roles and rights in a database that somebody else runs."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from tyoparkki import environment, roles


class NotPrepared(environment.Misconfigured):
    """The server lacks something that only its administrator can give; the text is one clear sentence."""


def where(url: str) -> str:
    """The place an address names, without its password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'the local socket'}{f':{parts.port}' if parts.port else ''}{parts.path}"


def passwords() -> dict[str, str | None]:
    """The password of each role that logs in by an address of its own."""
    found: dict[str, str | None] = {}
    for alias, role in roles.ROLE_OF_ALIAS.items():
        parts = urlsplit(environment.text("DATABASE_URL" if alias == "default" else f"DATABASE_{alias.upper()}_URL"))
        if parts.username == role and parts.password:
            found[role] = unquote(parts.password)
    return found


def prepare(url: str, *, set_passwords: bool = False) -> None:
    """Make the roles and rights that are missing, with an address that may do so."""
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        (name, may, above) = connection.execute(
            "SELECT current_database(), rolsuper OR rolcreaterole, rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone() or ("", False, False)
        if known.issuperset(roles.ROLES) and not set_passwords:
            return
        if not may:
            raise NotPrepared(
                "The database lacks the product's roles; run `manage.py init_database` with an administrator's"
                " address in DATABASE_ADMIN_URL."
            )
        roles.create_roles(connection, passwords())
        if not above:
            for role in roles.ROLES:
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER WITH SET TRUE").format(sql.Identifier(role)))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO tp_owner").format(sql.Identifier(name)))
        roles.grant(connection, name)
