"""How long somebody has waited: time in the queue, with pauses and time spent with an advisor left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from visits.models import VisitEvent

Step = tuple[str, datetime]

_OUT = frozenset({VisitEvent.Kind.CALLED, VisitEvent.Kind.PAUSED, VisitEvent.Kind.STARTED})
_BACK = frozenset({VisitEvent.Kind.PUT_BACK, VisitEvent.Kind.RETURNED, VisitEvent.Kind.HANDED_OVER})
STEPS = (*sorted(_OUT), *sorted(_BACK))


def waited(since: datetime, steps: Iterable[Step], until: datetime) -> timedelta:
    """The time in the queue from the arrival until a moment, by the steps that still hold, in order."""
    total, entered = timedelta(), since
    waits = True
    for kind, at in steps:
        if waits and kind in _OUT:
            total, waits = total + max(at - entered, timedelta()), False
        elif not waits and kind in _BACK:
            entered, waits = at, True
    return total + max(until - entered, timedelta()) if waits else total


def until_first_call(since: datetime, steps: Iterable[Step]) -> timedelta | None:
    """The wait that the figures speak of: from the arrival to the first call, pauses left out; None before it."""
    known = list(steps)
    for n, (kind, at) in enumerate(known):
        if kind == VisitEvent.Kind.CALLED:
            return waited(since, known[:n], at)
    return None
