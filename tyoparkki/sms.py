"""Text messages: handed to a gateway over HTTP, or written into a folder until one is named.

Nobody is woken: in the evening, at night, on Sundays and on public holidays a message waits.

Whoever sends does so from the outbox, which waits for the quiet to end and tries again after a failure. Each message
has a key of its own that stays the same at every try: a gateway that took it before a connection broke does not deliver
it twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from tyoparkki import clock, outbox
from tyoparkki.workdays import is_free_day

# The gateway knows the key: it took the message at an earlier try.
TAKEN_BEFORE = 409


class NotTaken(Exception):
    """The gateway did not take the message, or did not say so in time. The text tells neither number nor words."""


@dataclass(frozen=True, slots=True)
class Message:
    """To which number (`+358401234567`), in which words, and the key by which it goes once."""

    to: str
    text: str
    key: str


class Gateway(Protocol):
    """Whatever takes a message, or raises `NotTaken`."""

    def send(self, message: Message) -> None:
        """Take one message; the same key a second time changes nothing."""


def send(message: Message) -> None:
    """Hand a message to the gateway of the settings, unless it is quiet: then `outbox.NotNow` says until when."""
    until = quiet_until(clock.now())
    if until is not None:
        raise outbox.NotNow(until)
    gateway: Gateway = import_string(settings.SMS_BACKEND)()
    gateway.send(message)


def quiet_until(at: datetime) -> datetime | None:
    """When the quiet of this moment ends, by the wall clock; none when messages go now."""
    if not _is_quiet(clock.local(at)):
        return None
    morning, day = time(settings.SMS_QUIET_UNTIL), clock.local_date(at)
    while True:
        edge = datetime.combine(day, morning, tzinfo=clock.HELSINKI)
        if edge > clock.local(at) and not _is_quiet(edge):
            return edge.astimezone(UTC)
        day += timedelta(days=1)


def _is_quiet(local: datetime) -> bool:
    since, until = settings.SMS_QUIET_FROM, settings.SMS_QUIET_UNTIL
    by_night = local.hour < until or local.hour >= since
    return by_night or (settings.SMS_QUIET_DAYS and is_free_day(local.date()))


class FileGateway:
    """Writes each message into a file of `DATA_DIR/sms`, for a machine without a gateway."""

    def send(self, message: Message) -> None:
        """One file a key."""
        folder = Path(settings.SMS_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / f"{message.key}.txt").write_text(f"{message.to}\n\n{message.text}\n", encoding="utf-8")


class HttpGateway:
    """Posts each message as JSON: `{"to", "from", "text", "key"}`, the key as `Idempotency-Key` too.

    Any 2xx takes it, and so does 409, by which a gateway says that it knows the key. Everything else is a failure.
    """

    def send(self, message: Message) -> None:
        """One request; redirects are not followed, for they would carry the number elsewhere."""
        try:
            status = self._post(message)
        except (OSError, HTTPException) as error:
            raise NotTaken(type(error).__name__) from None
        if not (200 <= status < 300 or status == TAKEN_BEFORE):
            raise NotTaken(f"status {status}")

    def _post(self, message: Message) -> int:
        parts = urlsplit(settings.SMS_GATEWAY_URL)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=settings.SMS_TIMEOUT)
        told = {"to": message.to, "from": settings.SMS_SENDER, "text": message.text, "key": message.key}
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": message.key}
        if settings.SMS_GATEWAY_TOKEN:
            headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, json.dumps(told).encode(), headers)
            return connection.getresponse().status
        finally:
            connection.close()
