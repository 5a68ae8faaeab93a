"""The queue's rules: who is next, who could take whom, and why. Plain values in, plain values out.

Fairness: the order is the moment of arrival and nothing else. A pause, a hand-over or being put back keeps the
place. A colleague who cannot serve a visitor passes to the next one; nobody is ever moved ahead of another for the
same colleague.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Waiting:
    """A visitor in the queue, as far as the rules need to know."""

    visit_id: UUID
    ticket: str
    queued_at: datetime
    language: str = "fi"
    professions: frozenset[int] = frozenset()
    asks_for: UUID | None = None
    asks_for_profession: int | None = None
    has_interpreter: bool = False

    @property
    def place(self) -> tuple[datetime, int, str]:
        """Where in the order: by arrival, then by the ticket's number, then by its letter."""
        return self.queued_at, int(self.ticket[1:]), self.ticket


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the team on shift now. `free_at` is an estimate, None while nothing is known.

    `is_overtime`: the visit has taken longer than its topic usually does, so nobody can say when it ends.
    """

    membership_id: UUID
    name: str
    desk: int | None = None
    professions: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset({"fi"})
    is_free: bool = True
    free_since: datetime | None = None
    free_at: datetime | None = None
    is_overtime: bool = False
    served: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Who could take a visitor: now (`best`), or soon (`later`); `why` says the rule in words."""

    visit_id: UUID
    able: tuple[Colleague, ...]
    best: Colleague | None = None
    later: Colleague | None = None
    why: object = ""
    reasons: tuple[object, ...] = field(default=())


def in_order(queue: Sequence[Waiting]) -> list[Waiting]:
    """The queue as it is served: by arrival, the ticket settling ties."""
    return sorted(queue, key=lambda visit: visit.place)


def can_take(visit: Waiting, colleague: Colleague, *, languages_here: frozenset[str]) -> tuple[bool, object]:
    """Whether a colleague could serve a visitor, and the rule that decides, in words."""
    if visit.asks_for is not None:
        if visit.asks_for == colleague.membership_id:
            return True, _("Asked for by name")
        return False, _("Waits for a colleague by name")
    if visit.asks_for_profession is not None:
        if visit.asks_for_profession in colleague.professions:
            return _speaks(visit, colleague, languages_here, _("Has the profession asked for"))
        return False, _("Waits for another profession")
    if visit.professions and not visit.professions & colleague.professions:
        return False, _("Another profession knows this topic")
    return _speaks(visit, colleague, languages_here, _("Knows the topic"))


def _speaks(visit: Waiting, colleague: Colleague, here: frozenset[str], yes: object) -> tuple[bool, object]:
    """Language decides only when somebody in the house speaks it; else anybody serves, with an interpreter."""
    if visit.language in colleague.languages or visit.has_interpreter or visit.language not in here:
        return True, yes
    return False, _("Somebody else here speaks the visitor's language")


def match(visit: Waiting, team: Sequence[Colleague]) -> Match:
    """Who could take this visitor now, or next; among the free, the one who has served fewest and waited longest."""
    here = frozenset(language for colleague in team for language in colleague.languages)
    answers = [(colleague, *can_take(visit, colleague, languages_here=here)) for colleague in team]
    able = tuple(colleague for colleague, yes, _why in answers if yes)
    reasons = {colleague.membership_id: why for colleague, yes, why in answers if yes}
    free = sorted((colleague for colleague in able if colleague.is_free), key=_turn)
    busy = sorted(
        (colleague for colleague in able if not colleague.is_free and colleague.free_at is not None),
        key=lambda colleague: (colleague.free_at, colleague.name),
    )
    best, later = (free[0] if free else None), (busy[0] if busy else None)
    chosen = best or later
    return Match(
        visit_id=visit.visit_id,
        able=able,
        best=best,
        later=later,
        why=reasons[chosen.membership_id] if chosen else _("Nobody on shift can take this now"),
        reasons=tuple(why for _colleague, yes, why in answers if not yes),
    )


def _turn(colleague: Colleague) -> tuple[int, float, str]:
    since = colleague.free_since.timestamp() if colleague.free_since else 0.0
    return colleague.served, since, colleague.name


def propose(queue: Sequence[Waiting], team: Sequence[Colleague]) -> tuple[Waiting, Colleague] | None:
    """The next call that the desk should make: the first in order whom somebody free can take."""
    for visit in in_order(queue):
        best = match(visit, team).best
        if best is not None:
            return visit, best
    return None


def wait_level(waited: timedelta, *, target_minutes: int, alarm_minutes: int) -> str:
    """ "short" under the target, "long" up to the alarm, "over" beyond it: a word beside each colour."""
    minutes = waited.total_seconds() / 60
    if minutes < target_minutes:
        return "short"
    return "long" if minutes <= alarm_minutes else "over"
