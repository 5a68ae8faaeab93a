"""System checks: what must be true of an installation before it may serve anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from tyoparkki import walls

if TYPE_CHECKING:
    from collections.abc import Sequence


def public_host() -> str:
    """The first sign that this installation can be reached from elsewhere; empty when it cannot."""
    hosts = [host for host in settings.ALLOWED_HOSTS if host not in {*settings.LOOPBACK, "testserver"}]
    if settings.BIND not in {"127.0.0.1", "::1", "localhost"}:
        hosts.append(settings.BIND)
    return hosts[0] if hosts else ""


@register(Tags.security)
def demo_stays_at_home(app_configs: Any, **_kwargs: Any) -> Sequence[CheckMessage]:
    """The demonstration has sign-ins that everybody knows: it never meets the public."""
    host = public_host()
    if settings.DEMO and not settings.DEBUG and host:
        return [Error(f"The demonstration must not be reachable from outside, but {host} is set.", id="tyoparkki.E001")]
    return []


@register(Tags.security)
def broker_speaks_json_only(app_configs: Any, **_kwargs: Any) -> Sequence[CheckMessage]:
    """A worker that unpickles messages runs whatever somebody sends."""
    if list(settings.CELERY_ACCEPT_CONTENT) != ["json"]:
        return [Error("The background worker must accept JSON only.", id="tyoparkki.E002")]
    return []


@register(Tags.database)
def roles_bypass_nothing(
    app_configs: Any, databases: Sequence[str] | None = None, **_kwargs: Any
) -> Sequence[CheckMessage]:
    """No role that the program works as may pass by row security, and the daily one owns no table."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            role, passes = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'")
            (owned,) = cursor.fetchone()
        if passes:
            errors.append(Error(f"The database role {role} may bypass row security.", id="tyoparkki.E003"))
        if alias == "default" and owned:
            errors.append(Error(f"The database role {role} owns {owned} tables.", id="tyoparkki.E004"))
    return errors


@register(Tags.database)
def walls_stand(app_configs: Any, databases: Sequence[str] | None = None, **_kwargs: Any) -> Sequence[CheckMessage]:
    """Row security is forced and stands as it is written."""
    if "default" not in (databases or ()):
        return []
    bare = walls.bare("default")
    if bare or walls.standing("default") != walls.digest():
        where = ", ".join(bare) or "the database"
        text = f"The walls of {where} do not stand as they are written; run `manage.py migrate`."
        return [Error(text, id="tyoparkki.E005")]
    return []
