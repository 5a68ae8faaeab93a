"""What every answer carries besides its content, and the form of a log line."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils.cache import add_never_cache_headers

from tyoparkki import actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)
# The secrets of one's own turn and of one-time links, and when somebody stood at the tablet, belong in no log.
_SECRET_ADDRESS = re.compile(r"/(vuoro|tabletti|linkki|kuitti|oma|kysely)/[^\s\"']+")
_REQUEST_ID = re.compile(r"[0-9a-f-]{8,36}")


class RequestIdMiddleware:
    """Each request has an id that its log lines and its trace share."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Carry the id through the request; one given by a proxy is taken when it is plain hexadecimal."""
        given = request.headers.get("X-Request-ID", "")
        actor.set_request_id(given if _REQUEST_ID.fullmatch(given) else uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = actor.request_id()
            return response
        finally:
            actor.forget()  # the id stays for the line that the server writes about this answer


class HeadersMiddleware:
    """Headers that Django does not set by itself; what a signed-in person saw is never kept by the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to whatever answer comes back."""
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class JsonLine(logging.Formatter):
    """A log line: when, how bad, which module, which request, what; an exception gives its kind and places only."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as one line of JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": actor.request_id(),
            "message": _SECRET_ADDRESS.sub(r"/\1/…", record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _places(record)
        return json.dumps({name: value for name, value in line.items() if value}, ensure_ascii=False)


def _places(record: logging.LogRecord) -> str:
    """File, line and function of each frame, without the values: an exception's text may hold what somebody typed."""
    places = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return " > ".join(places[-12:])
