"""Taking back."""

from __future__ import annotations

from hypothesis.stateful import precondition, rule

from tests.visits.machine.bridge import Bridge
from tests.visits.machine.fits import (
    has_only_come,
    was_changed,
    was_just_left,
    when,
    which,
)
from visits.actions import undo
from visits.models import VisitEvent


class TakingBack(Bridge):
    """Any act that holds is undone, and some that cannot be."""

    @when(was_changed)
    @rule(n=which)
    def undo(self, n: int) -> None:
        """The last act of a visit that holds; or, from a screen that is behind, one before it or one undone already."""
        self.take_back(self.pick(n, was_changed), n)

    @when(was_just_left)
    @rule(n=which)
    def undo_a_stepping_out(self, n: int) -> None:
        """The colleague who left was needed after all."""
        self.take_back(self.pick(n, was_just_left), n)

    @when(has_only_come)
    @precondition(lambda self: self.now_and_then(8))
    @rule(n=which)
    def undo_an_arrival(self, n: int) -> None:
        """One press too many at the door."""
        self.take_back(self.pick(n, has_only_come), n)

    def take_back(self, place: int, n: int) -> None:
        """Undo one of the acts on a visit."""
        party = self.plain.parties[place]
        done = VisitEvent.objects.filter(visit=self.rows[place]).exclude(kind="undone").select_related("visit")
        events = list(done.order_by("id"))
        assert len(events) == party.acts
        number = n % party.acts if self.is_behind or not party.past else party.past[-1].number
        act = next((act for act in party.past if act.number == number), None)
        event = events[number]
        assert act is None or event.kind == act.kind
        self.press(f"undo {event.kind}", lambda: self.plain.undo(party, act), undo.undo, event, by=self.house.desk)
