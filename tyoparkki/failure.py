"""The pages for what is not the visitor's fault: they need neither the database nor a session."""

from __future__ import annotations

import errno
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from tyoparkki import actor, clock

RETRY_AFTER_S = 30
# No connection, shutting down, no room or too many connections, a broken disk.
_OUT_OF_SERVICE = ("08", "57P", "53", "58")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: what happened, that what was saved is safe, what to do now; 503 while the database is out of order."""
    error = sys.exc_info()[1]
    context = {"number": _number(), "at": clock.local(clock.now()), "demo_mode": settings.DEMO}
    if error is None or not is_out_of_service(error):
        return HttpResponse(render_to_string("500.html", context), status=500)
    page = render_to_string("503.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"})


def is_out_of_service(error: BaseException) -> bool:
    """Whether the database is away or full, or the disk is: never a fault of the program itself."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, (OperationalError, InterfaceError)) and (not state or state.startswith(_OUT_OF_SERVICE))


def _number() -> str:
    number = (actor.request_id() or "").replace("-", "")[:8].upper()
    return f"{number[:4]}-{number[4:]}" if number else ""
