"""The bridge between the plain model and the product: a press goes to both, and both are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from reports import consistency
from tests.factories.visits import House
from tests.visits.machine.fits import TOPICS
from tests.visits.plain_queue import No, Party, PlainDay
from tyoparkki.errors import Refused
from visits.models import Visit

AS_IT_IS = """
    SELECT v.id, (SELECT state FROM team_serviceday WHERE id = v.day_id),
        (SELECT last FROM visits_daycounter WHERE day_id = v.day_id AND letter = v.letter),
        v.state, v.calls, v.called_for_id, v.asks_for_id, t.code, v.number,
        ARRAY(SELECT p.membership_id FROM visits_participation p JOIN visits_encounter e ON e.id = p.encounter_id
              WHERE e.visit_id = v.id AND p.ended_at IS NULL) AS people,
        ARRAY(SELECT i.invited_id FROM visits_invitation i
              WHERE i.visit_id = v.id AND i.mode = 'together' AND i.state = 'open') AS invited,
        ARRAY(SELECT i.invited_id || ' ' || i.state FROM visits_invitation i
              WHERE i.visit_id = v.id AND i.mode = 'after' AND i.state IN ('open', 'promised')) AS following,
        (SELECT count(*) FROM visits_encounter e WHERE e.visit_id = v.id AND e.ended_at IS NULL) AS sittings
    FROM visits_visit v JOIN team_topic t ON t.id = v.topic_id WHERE v.day_id = %s ORDER BY v.number
"""
# Nothing counts the figures here; all else that must be true of the whole database is asked after each example.
OUT_OF_SIGHT = {"figures_equal_the_rows", "figures_have_their_stamp"}


class Seen:
    """How often each act was done and refused, over all examples: what they really tried."""

    def __init__(self) -> None:
        self.steps = 0
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()


class Bridge(RuleBasedStateMachine):
    """Each press is done on paper and in the product: both do it or both refuse, and afterwards the two agree."""

    def __init__(self, house: House, team: list[Any], seen: Seen) -> None:
        super().__init__()
        self.house, self.team, self.seen = house, team, seen
        self.topics, self.result = {code: house.topic(code) for code in TOPICS}, house.result()
        self.people = {member.membership_id: n for n, member in enumerate(team)}
        self.now = house.now
        self.plain = PlainDay()
        self.presses = 0
        self.rows: list[Visit] = []
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        """The whole database is in order, and nothing of an example stays."""
        try:
            wrong = [rule.code for rule in consistency.broken(using="default") if rule.code not in OUT_OF_SIGHT]
            assert wrong == []
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    def now_and_then(self, every: int) -> bool:
        """Turn by turn, so that what is always possible does not take the place of what comes late in a day."""
        return self.presses % every == every - 1

    @property
    def is_behind(self) -> bool:
        """Every sixth press comes from a screen that has not heard of the last ones."""
        return self.now_and_then(6)

    def pick(self, n: int, fits: Callable[[Party], bool]) -> int:
        """One of the visits to which the act fits; from a screen that is behind, any."""
        fitting = [place for place, party in enumerate(self.plain.parties) if fits(party)]
        return n % len(self.rows) if self.is_behind or not fitting else fitting[n % len(fitting)]

    def sitter_of(self, place: int, person: int) -> int:
        """Somebody who is with the visitor."""
        people = sorted(self.plain.parties[place].people)
        return person if self.is_behind or not people else people[person % len(people)]

    def press(self, name: str, expect: Callable[[], Any], act: Callable[..., Any], *args: Any, **given: Any) -> Any:
        """Do it on paper and in the product: both do it or both refuse."""
        self.now += timedelta(minutes=1)
        self.presses += 1
        try:
            expected, allowed = expect(), True
        except No:
            expected, allowed = None, False
        refusal: Refused | None = None
        try:
            result = act(*args, **given, at=self.now)
        except Refused as refused:
            refusal = refused
        tally = self.seen.done if allowed else self.seen.refused
        tally[name] += 1
        assert (refusal is None) == allowed, (
            f"{name}: the model {'allows' if allowed else 'refuses'}, not so the product"
        )
        return (result, expected) if allowed else None

    def on_visit(self, name: str, n: int, expect: Callable[[Party], Any], act: Any, *args: Any, **given: Any) -> Any:
        """The same with a visit."""
        party, visit = self.plain.parties[n], self.rows[n]
        return self.press(name, lambda: expect(party), act, visit, *args, **given)

    @invariant()
    def the_product_is_as_the_paper_says(self) -> None:
        self.seen.steps += 1
        with connection.cursor() as cursor:
            cursor.execute(AS_IT_IS, [self.house.day.pk])
            rows = cursor.fetchall()
        assert [row[0] for row in rows] == [row.pk for row in self.rows]
        for row, party in zip(rows, self.plain.parties, strict=True):
            self.agree(row[1:], party)

    def agree(self, row: tuple[Any, ...], party: Party) -> None:
        """One visit, in the database and on paper."""
        day, last, state, calls, called_for, asks_for, topic, number, people, invited, following, sittings = row
        assert (day, last) == (self.plain.state, len(self.plain.parties))
        assert (state, number, topic) == (party.now.state, party.number, party.now.topic)
        assert calls == party.now.calls
        assert {self.people[one] for one in people} == party.people
        assert len(people) == len(party.people)
        assert {self.people[one] for one in invited} == party.invited
        assert sorted(following) == sorted(
            f"{self.team[one].membership_id} {'promised' if promise.is_given else 'open'}"
            for one, promise in party.after.items()
        )
        assert sittings == (party.now.state == "in_service") == bool(party.people)
        assert (None if asks_for is None else self.people[asks_for]) == party.now.asked
        if party.now.state in ("called", "in_service"):
            assert self.people[called_for] == party.now.caller

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        sitting = [person for party in self.plain.parties for person in party.people]
        awaiting = [party.now.caller for party in self.plain.parties if party.now.state == "called"]
        assert len(sitting) == len(set(sitting))
        assert len(awaiting) == len(set(awaiting))
