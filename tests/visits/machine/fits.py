"""Which visits an act fits, read from the paper; and what an act is drawn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies
from hypothesis.stateful import precondition

from tests.visits.plain_queue import Party
from visits.models import VisitEvent

TEAM = 4
TOPICS = ("tyonhaku", "cv", "koulutus")
which = strategies.integers(0, 10_000)
somebody = strategies.integers(0, TEAM - 1)
somebody_or_nobody = strategies.none() | somebody
topics = strategies.sampled_from(TOPICS)


def waits(party: Party) -> bool:
    return party.now.state == "waiting"


def is_called(party: Party) -> bool:
    return party.now.state == "called"


def may_have_gone(party: Party) -> bool:
    return is_called(party) and party.now.calls > 1


def is_paused(party: Party) -> bool:
    return party.now.state == "paused"


def is_served(party: Party) -> bool:
    return party.now.state == "in_service"


def awaits_somebody(party: Party) -> bool:
    return bool(party.awaited)


def goes_on_afterwards(party: Party) -> bool:
    return bool(party.after)


def is_served_by_two(party: Party) -> bool:
    return len(party.people) > 1


def may_pause(party: Party) -> bool:
    return party.now.state in ("waiting", "called", "in_service")


def may_leave(party: Party) -> bool:
    return party.now.state in ("waiting", "called", "paused")


def is_here(party: Party) -> bool:
    return party.is_here


def was_changed(party: Party) -> bool:
    return len(party.past) > 1


def was_just_left(party: Party) -> bool:
    return bool(party.past) and party.past[-1].kind == VisitEvent.Kind.STEPPED_OUT


def has_only_come(party: Party) -> bool:
    return len(party.past) == 1


def when(fits: Callable[[Party], bool]) -> Any:
    """Pressed when a screen offers it for somebody; now and then from a screen that is behind."""
    return precondition(lambda self: self.is_behind or any(fits(party) for party in self.plain.parties))
