"""From the queue to a desk."""

from __future__ import annotations

from hypothesis import strategies
from hypothesis.stateful import precondition, rule

from tests.visits.machine.bridge import Bridge
from tests.visits.machine.fits import (
    is_called,
    is_here,
    is_paused,
    may_have_gone,
    may_leave,
    may_pause,
    somebody,
    somebody_or_nobody,
    topics,
    waits,
    when,
    which,
)
from visits.actions import arrival, calling


class InTheQueue(Bridge):
    """Visitors are called, come or do not come, pause, leave, move."""

    @when(waits)
    @rule(n=which, person=somebody, by_desk=strategies.booleans())
    def call(self, n: int, person: int, by_desk: bool) -> None:
        """An advisor's own choice, or the desk's for the advisor."""
        place = self.pick(n, waits)
        member = self.team[person]
        by = {"by": self.house.desk, "whom": member.membership} if by_desk else {"by": member}
        self.on_visit("call", place, lambda party: self.plain.call(party, person), calling.call_in, **by)

    @when(waits)
    @rule(person=somebody, proposed=strategies.none() | which)
    def call_next(self, person: int, proposed: int | None) -> None:
        """The first suitable visitor is called, nobody else; or the one whom the screen proposed."""
        place = None if proposed is None else self.pick(proposed, waits)
        pressed = self.press(
            "call_next",
            lambda: self.plain.call_next(person, None if place is None else self.plain.parties[place]),
            calling.call_next,
            by=self.team[person],
            day=self.house.day,
            expected=None if place is None else self.rows[place].pk,
        )
        if pressed:
            visit, party = pressed
            assert visit.number == party.number

    @when(is_called)
    @rule(n=which)
    def recall(self, n: int) -> None:
        place = self.pick(n, is_called)
        self.on_visit("recall", place, self.plain.recall, calling.call_again, by=self.house.desk)

    @when(may_have_gone)
    @rule(n=which)
    def no_show(self, n: int) -> None:
        place = self.pick(n, may_have_gone)
        self.on_visit("no_show", place, self.plain.no_show, calling.did_not_come, by=self.house.desk)

    @when(is_called)
    @rule(n=which)
    def put_back(self, n: int) -> None:
        place = self.pick(n, is_called)
        self.on_visit("put_back", place, self.plain.put_back, calling.put_back, by=self.house.desk)

    @when(may_pause)
    @rule(n=which, person=somebody_or_nobody)
    def pause(self, n: int, person: int | None) -> None:
        """By an advisor, or by the desk."""
        place = self.pick(n, may_pause)
        who = None if person is None else self.sitter_of(place, person)
        by = self.house.desk if who is None else self.team[who]
        self.on_visit("pause", place, lambda party: self.plain.pause(party, who), calling.pause, by=by)

    @when(is_paused)
    @rule(n=which)
    def bring_back(self, n: int) -> None:
        place = self.pick(n, is_paused)
        self.on_visit("bring_back", place, self.plain.bring_back, calling.bring_back, by=self.house.desk)

    @when(may_leave)
    @precondition(lambda self: self.now_and_then(5))
    @rule(n=which)
    def leave(self, n: int) -> None:
        place = self.pick(n, may_leave)
        self.on_visit("leave", place, self.plain.leave, calling.leave, by=self.house.desk)

    @when(is_here)
    @precondition(lambda self: self.now_and_then(4))
    @rule(n=which, topic=topics)
    def move(self, n: int, topic: str) -> None:
        place = self.pick(n, is_here)
        to = self.topics[topic]
        self.on_visit(
            "move", place, lambda party: self.plain.move(party, topic), arrival.move_to_topic, to, by=self.house.desk
        )

    @when(waits)
    @precondition(lambda self: self.now_and_then(4))
    @rule(n=which, person=somebody_or_nobody)
    def ask_for(self, n: int, person: int | None) -> None:
        place = self.pick(n, waits)
        self.on_visit(
            "ask_for",
            place,
            lambda party: self.plain.ask_for(party, person),
            arrival.add_details,
            by=self.house.desk,
            language="fi",
            asks_for=None if person is None else self.team[person].membership,
        )
