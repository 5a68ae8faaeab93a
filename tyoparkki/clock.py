"""The one clock of the product: every action gets its moment from here.

`TYOPARKKI_NOW` (demo and test settings only) freezes it (`2026-11-18T14:36+02:00`) or, with a trailing `+`,
lets it tick on from there. Several processes share a ticking clock by `+@SECONDS`: the machine's own time when it
showed that moment.
"""

import os
import time
from datetime import date, datetime
from datetime import time as time_of_day
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

HELSINKI = ZoneInfo("Europe/Helsinki")


@cache
def _set_clock(text: str) -> tuple[datetime, float | None]:
    told, shared, since = text.partition("+@")
    try:
        moment = datetime.fromisoformat(told.removesuffix("+"))
        started = float(since) if shared else time.time() if text.endswith("+") else None
    except ValueError as error:
        raise ImproperlyConfigured(f"TYOPARKKI_NOW is no moment like 2026-11-18T14:36+02:00: {text}") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=HELSINKI)
    return moment, started


def share() -> None:
    """A ticking clock shows one time in this process and in all that it starts, however late they start."""
    text = os.environ.get("TYOPARKKI_NOW", "")
    if text.endswith("+"):
        os.environ["TYOPARKKI_NOW"] = f"{text}@{time.time()}"


def now() -> datetime:
    """The present moment, aware."""
    text = os.environ.get("TYOPARKKI_NOW", "")
    if not text:
        return timezone.now()
    if not (settings.DEMO or settings.TESTING):
        raise ImproperlyConfigured("TYOPARKKI_NOW is for demo and test settings only.")
    moment, started = _set_clock(text)
    if started is None:
        return moment
    return datetime.fromtimestamp(moment.timestamp() + time.time() - started, tz=HELSINKI)


def hours(starts: time_of_day | None, ends: time_of_day | None) -> str:
    """10–18, or 10–14.30; nothing of a day without hours."""
    known = (hour for hour in (starts, ends) if hour)
    return "–".join(f"{hour.hour}.{hour.minute:02d}" if hour.minute else str(hour.hour) for hour in known)


def local(at: datetime) -> datetime:
    """The same moment on the wall clock of Hämeenlinna."""
    return at.astimezone(HELSINKI)


def local_date(at: datetime) -> date:
    """The service day a moment belongs to, decided in Europe/Helsinki."""
    return local(at).date()
