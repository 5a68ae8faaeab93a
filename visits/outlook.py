"""What the phones in the waiting room are told of the queue, played forward once in some seconds for all of them.

Only for visitors: staff and the board always see the queue of this moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from tyoparkki import clock
from visits import board
from visits.estimate import Range
from visits.models import Visit

KEPT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Outlook:
    """One number's range, as it was a moment ago."""

    wait: Range | None
    is_paused: bool
    at: datetime


def of(visit: Visit, *, at: datetime) -> Outlook:
    """The range of a visit that waits; whoever came since the last time is reckoned with at once."""
    if visit.state != Visit.State.WAITING:
        return Outlook(None, is_paused=False, at=at)
    key = f"outlook:{visit.point_id}:{clock.local_date(at)}"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is None or visit.ticket not in kept["waits"]:
        kept = _played(visit, at)
        cache.set(key, kept, KEPT_SECONDS)
    wait = kept["waits"].get(visit.ticket)
    return Outlook(Range(*wait) if wait else None, kept["is_paused"], datetime.fromisoformat(kept["at"]))


def _played(visit: Visit, at: datetime) -> dict[str, Any]:
    now = board.read(visit.point, at=at)
    waits = {turn.ticket: (turn.wait.low, turn.wait.high) if turn.wait else None for turn in now.turns}
    return {"at": at.isoformat(), "is_paused": now.is_paused, "waits": waits}
