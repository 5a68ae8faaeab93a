"""What a transaction says to the windows of other people when it commits."""

import json
import time
from collections.abc import Callable
from contextvars import ContextVar
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tyoparkki.live.passes import grant_heard

CHANNEL = "tp_live"

_versions: ContextVar[tuple[str, ...]] = ContextVar("live_versions", default=())


def point_topic(point_id: UUID | str) -> str:
    """The queue, the desk and the board of one service point."""
    return f"point:{point_id}"


def visit_topic(visit_id: UUID | str) -> str:
    """One visit's guidance and who takes part in it."""
    return f"visit:{visit_id}"


def announce(*topics: str, using: str = "default") -> str:
    """Tell every window that shows one of the topics that it changed, once this transaction commits.

    Returns the version, which the answer to this request carries too (`TP-Version`), so that the window that made
    the change does not fetch what it has just been given.
    """
    connection = transaction.get_connection(using)
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("announce() belongs in the transaction of the action.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_current_xact_id()::text, pg_notify(%s, json_build_object("
            "'topics', %s::text[], 'version', pg_current_xact_id()::text)::text)",
            [CHANNEL, list(topics)],
        )
        version: str = cursor.fetchone()[0]
    if version not in _versions.get():
        _versions.set((*_versions.get(), version))
    return version


def revoke(subject: str) -> None:
    """Close every live channel of this subject within seconds: someone left, or a tablet was lost."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("revoke() belongs in the transaction of the action.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"revoked": subject, "at": time.time()})])


def let_own_window_hear() -> None:
    """The answer shows only a part of what changed: the window that made the change fetches the rest like others."""
    _versions.set(())


class VersionMiddleware:
    """Puts the versions announced while answering into the header `TP-Version`, comma-separated, and gives the pass
    that was asked for meanwhile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _versions.set(())
        response = self.get_response(request)
        if versions := _versions.get():
            response["TP-Version"] = ",".join(versions)
        grant_heard(request, response)
        return response
