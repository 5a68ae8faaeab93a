"""What is pressed at the door, and what happens to the day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies
from hypothesis.stateful import precondition, rule

from team.actions import day as days
from tests.visits.machine.bridge import Bridge
from tests.visits.machine.fits import is_here, topics
from visits.actions import arrival, closing
from visits.models import Visit


class AtTheDoor(Bridge):
    """Visitors come; the day is paused, closed and opened again."""

    @precondition(lambda self: self.now_and_then(6) or sum(map(is_here, self.plain.parties)) < 4)
    @rule(earlier=strategies.sampled_from([0, 0, 0, 7]), insists=strategies.booleans(), topic=topics)
    def arrive(self, earlier: int, insists: bool, topic: str) -> None:
        """At the door, or from a paper number written down later."""
        self.arrive_at_the_door(earlier, insists=insists, topic=topic)

    def arrive_at_the_door(self, earlier: int, *, insists: bool, topic: str) -> None:
        """One more visit, a moment ago or just now."""
        came = self.now + timedelta(minutes=1 - earlier)
        minute = (came - self.house.now) // timedelta(minutes=1)

        def act(at: Any) -> Visit:
            with transaction.atomic():
                return arrival.arrive(
                    point=self.house.point,
                    topic=self.topics[topic],
                    by=self.house.desk,
                    at=came,
                    recorded_at=at,
                    outside_hours=insists,
                )

        pressed = self.press("arrive", lambda: self.plain.arrive(minute, topic, insists=insists), act)
        if pressed:
            self.rows.append(pressed[0])

    @precondition(lambda self: self.now_and_then(17))
    @rule()
    def close_the_day(self) -> None:
        """Closing lists who is still here."""
        here = [party.number for party in sorted(self.plain.parties, key=lambda one: one.place) if party.is_here]
        pressed = self.press("close_day", self.plain.close, closing.close_day, self.house.day, by=self.house.desk)
        if pressed:
            assert [visit.number for visit in pressed[0]] == here

    @precondition(lambda self: self.plain.state == "closed")
    @rule()
    def open_the_day_again(self) -> None:
        self.press("open_day", self.plain.open_again, days.open_day, self.house.day, by=self.house.desk)

    @precondition(lambda self: self.plain.state == "closed" and self.now_and_then(3))
    @rule()
    def night(self) -> None:
        """The leftovers end by themselves."""
        left = sum(map(is_here, self.plain.parties))
        [count, _none] = self.press("night", self.plain.night, closing.end_leftovers, self.house.day)
        assert count == left

    @precondition(lambda self: self.now_and_then(13))
    @rule()
    def pause_the_day(self) -> None:
        self.press("pause_day", self.plain.pause_day, days.pause_day, self.house.day, by=self.house.desk)

    @precondition(lambda self: self.plain.state == "paused" or self.now_and_then(19))
    @rule()
    def resume_the_day(self) -> None:
        self.press("resume_day", self.plain.resume_day, days.resume_day, self.house.day, by=self.house.desk)
