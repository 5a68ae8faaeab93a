"""How long until one's turn: an honest range from plain values, or None when nothing can be known.

The rules, in order:
1. The queue is played forward as it is served: each visitor, by arrival, goes to the colleague who may take the visit
   and is the first to be free. That keeps a colleague as long as guidance on the topic usually lasts.
2. It is played twice: with sittings a quarter shorter than usual, and a quarter longer. The truth lies between them.
3. Somebody whom nobody here can take has no estimate; nor has anybody whose turn would come after all shifts end.
4. The low end is rounded down to five minutes and the high end up; beyond two hours nobody can tell.
5. A new visitor's range is that of the middle topic among those that can be served now; when most cannot, there is
   none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_high, median_low
from uuid import UUID

from django.utils.translation import gettext as _

from visits import queue

QUICK, SLOW = 0.75, 1.25
STEP = 5
LONGEST = 120
USUAL_MINUTES = 20
LAST = "Z999999"


@dataclass(frozen=True, slots=True)
class Server:
    """A colleague who can take visitors: from when, as far as is known, and until when."""

    colleague: queue.Colleague
    free_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Range:
    """From so many minutes to so many: multiples of five."""

    low: int
    high: int

    def __str__(self) -> str:
        """The range in the reader's language."""
        if self.low == 0:
            return _("under %(high)s min") % {"high": self.high}
        if self.low == self.high:
            return _("about %(low)s min") % {"low": self.low}
        return _("about %(low)s–%(high)s min") % {"low": self.low, "high": self.high}


def waits(
    waiting: Sequence[queue.Waiting], team: Sequence[Server], *, minutes: Mapping[UUID, int], at: datetime
) -> dict[UUID, Range | None]:
    """The range of everybody in the queue; `minutes` is how long guidance on each visit's topic usually lasts."""
    quick = _play(waiting, team, minutes=minutes, at=at, pace=QUICK)
    slow = _play(waiting, team, minutes=minutes, at=at, pace=SLOW)
    return {one.visit_id: _range(quick[one.visit_id], slow[one.visit_id]) for one in waiting}


def new_visitor(
    waiting: Sequence[queue.Waiting],
    team: Sequence[Server],
    *,
    minutes: Mapping[UUID, int],
    at: datetime,
    topics: Iterable[frozenset[int]],
) -> Range | None:
    """The range of somebody who came in now; `topics` are the professions that know each topic."""
    asked = list(topics)
    found = []
    for professions in asked:
        newcomer = queue.Waiting(visit_id=UUID(int=0), ticket=LAST, queued_at=at, professions=professions)
        one = waits([*waiting, newcomer], team, minutes=minutes, at=at)[newcomer.visit_id]
        if one is not None:
            found.append(one)
    if not found or len(found) * 2 < len(asked):
        return None
    return Range(median_low(one.low for one in found), median_high(one.high for one in found))


def _play(
    waiting: Sequence[queue.Waiting],
    team: Sequence[Server],
    *,
    minutes: Mapping[UUID, int],
    at: datetime,
    pace: float,
) -> dict[UUID, float | None]:
    """Minutes until each visitor's turn if everybody worked at this pace."""
    here = frozenset(language for one in team for language in one.colleague.languages)
    free = {one.colleague.membership_id: max(0.0, _minutes(one.free_at, at) * pace) for one in team}
    answers: dict[UUID, float | None] = {}
    for visit in queue.in_order(waiting):
        able = [
            one
            for one in team
            if free[one.colleague.membership_id] < _minutes(one.until, at)
            and queue.can_take(visit, one.colleague, languages_here=here)[0]
        ]
        first = min(able, key=lambda one: (free[one.colleague.membership_id], one.colleague.name), default=None)
        if first is None:
            answers[visit.visit_id] = None
            continue
        who = first.colleague.membership_id
        answers[visit.visit_id] = free[who]
        free[who] += minutes.get(visit.visit_id, USUAL_MINUTES) * pace
    return answers


def _minutes(moment: datetime, at: datetime) -> float:
    return (moment - at).total_seconds() / 60


def _range(quick: float | None, slow: float | None) -> Range | None:
    if quick is None or slow is None:
        return None
    low = int(min(quick, slow) // STEP) * STEP
    high = max(STEP, -int(-max(quick, slow) // STEP) * STEP)
    return Range(low, high) if high <= LONGEST else None
