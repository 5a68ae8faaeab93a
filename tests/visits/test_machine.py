"""The queue against a plain model: whatever people press, in whatever order, the two agree after every press."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, seed, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from reports import consistency
from team.actions import day as days
from tests.factories.visits import House
from tests.visits.plain_queue import No, Party, PlainDay
from tyoparkki.errors import Refused
from visits.actions import arrival, calling, closing, encounters, undo
from visits.models import Invitation, Visit, VisitEvent

STEPS = 40
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


class Desk(RuleBasedStateMachine):
    """Four advisors of two organisations and a front desk on one service day."""

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

    # --- the door and the day --------------------------------------------------------------------------------------
    @initialize(topic=topics, begun=strategies.integers(0, 2))
    def the_first_ones_come(self, topic: str, begun: int) -> None:
        """Three visitors, some of whom sit with an advisor already, one of these with a colleague asked along."""
        for _ in range(3):
            self.arrive_at_the_door(0, insists=False, topic=topic)
        for n in range(begun):
            by = self.team[n]
            self.on_visit("call", n, lambda party, n=n: self.plain.call(party, n), calling.call_in, by=by)
            self.on_visit("start", n, lambda party, n=n: self.plain.start(party, n), encounters.start, by=by)
        if begun:
            self.invite_colleague(0, 0, 2, "together")

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

    # --- from the queue to a desk ----------------------------------------------------------------------------------
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

    # --- with an advisor -------------------------------------------------------------------------------------------
    def caller_of(self, place: int, person: int) -> int:
        """Who would press, on a screen that offers it."""
        caller = self.plain.parties[place].now.caller
        return person if self.is_behind or caller is None else caller

    def sitter_of(self, place: int, person: int) -> int:
        """Somebody who is with the visitor."""
        people = sorted(self.plain.parties[place].people)
        return person if self.is_behind or not people else people[person % len(people)]

    @when(is_called)
    @rule(n=which, person=somebody)
    def start(self, n: int, person: int) -> None:
        place = self.pick(n, is_called)
        who = self.caller_of(place, person)
        self.on_visit("start", place, lambda party: self.plain.start(party, who), encounters.start, by=self.team[who])

    @when(is_served)
    @rule(
        n=which,
        person=somebody,
        guest=somebody,
        mode=strategies.sampled_from(["together", "after"]),
    )
    def invite(self, n: int, person: int, guest: int, mode: str) -> None:
        place = self.pick(n, is_served)
        self.invite_colleague(place, self.sitter_of(place, person), guest, mode)

    def invite_colleague(self, place: int, who: int, guest: int, mode: str) -> None:
        """Who sits with the visitor asks a colleague to come."""
        self.on_visit(
            "invite",
            place,
            lambda party: self.plain.invite(party, who, guest, mode),
            encounters.invite,
            self.team[guest].membership,
            mode=mode,
            by=self.team[who],
            client_agreed=True,
        )

    def invitation(self, n: int, guest: int) -> tuple[int, int, Invitation] | None:
        """An invitation as the guest's screen shows it; from a screen that is behind, answered or not."""
        waiting = [(place, one) for place, party in enumerate(self.plain.parties) for one in sorted(party.awaited)]
        place, who = (n % len(self.rows), guest) if self.is_behind or not waiting else waiting[n % len(waiting)]
        asked = Invitation.objects.filter(visit=self.rows[place], invited=self.team[who].membership)
        last = asked.order_by("-asked_at").first()
        return None if last is None else (place, who, last)

    @when(awaits_somebody)
    @rule(n=which, guest=somebody)
    def come_along(self, n: int, guest: int) -> None:
        if (found := self.invitation(n, guest)) is None:
            return
        place, who, asked = found
        party, by = self.plain.parties[place], self.team[who]
        self.press("come_along", lambda: self.plain.come_along(party, who), encounters.come_along, asked, by=by)

    @when(goes_on_afterwards)
    @rule(n=which, guest=somebody)
    def promise(self, n: int, guest: int) -> None:
        if (found := self.invitation(n, guest)) is None:
            return
        place, who, asked = found
        party, by = self.plain.parties[place], self.team[who]
        self.press("promise", lambda: self.plain.promise(party, who), encounters.promise, asked, by=by)

    @when(awaits_somebody)
    @precondition(lambda self: self.now_and_then(3))
    @rule(n=which, guest=somebody)
    def decline(self, n: int, guest: int) -> None:
        if (found := self.invitation(n, guest)) is None:
            return
        place, who, asked = found
        party, by = self.plain.parties[place], self.team[who]
        self.press("decline", lambda: self.plain.decline(party, who), encounters.decline, asked, by=by)

    @when(is_served_by_two)
    @rule(n=which, person=somebody)
    def step_out(self, n: int, person: int) -> None:
        place = self.pick(n, is_served_by_two)
        who = self.sitter_of(place, person)
        self.on_visit(
            "step_out", place, lambda party: self.plain.step_out(party, who), encounters.step_out, by=self.team[who]
        )

    @when(is_served)
    @rule(n=which, person=somebody, to=somebody)
    def hand_over(self, n: int, person: int, to: int) -> None:
        place = self.pick(n, is_served)
        who = self.sitter_of(place, person)
        self.on_visit(
            "hand_over",
            place,
            lambda party: self.plain.hand_over(party, who, to),
            encounters.hand_over,
            by=self.team[who],
            to=self.team[to].membership,
            client_agreed=True,
        )

    @when(is_served)
    @rule(n=which, person=somebody)
    def finish(self, n: int, person: int) -> None:
        place = self.pick(n, is_served)
        who = self.sitter_of(place, person)
        self.on_visit(
            "finish",
            place,
            lambda party: self.plain.finish(party, who),
            encounters.finish,
            by=self.team[who],
            result=self.result,
        )

    # --- taking back -----------------------------------------------------------------------------------------------
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

    # --- what always holds -----------------------------------------------------------------------------------------
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


def play(examples: int) -> Seen:
    """So many examples of forty presses each, with the same house and nothing left of the example before."""
    house = House()
    team = [house.advisor(partner=n == TEAM - 1) for n in range(TEAM)]
    seen = Seen()

    @seed(random.getrandbits(32))  # of the run's own seed, which pytest prints
    def desk() -> Desk:
        return Desk(house, team, seen)

    run_state_machine_as_test(
        desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
        _min_steps=STEPS - 1,  # the library may end an example early; a day here is never shorter
    )
    return seen


ACTS = [
    *("arrive", "close_day", "open_day", "pause_day", "resume_day", "call", "call_next", "recall", "no_show"),
    *(
        "put_back",
        "pause",
        "bring_back",
        "leave",
        "move",
        "ask_for",
        "start",
        "invite",
        "come_along",
        "decline",
        "promise",
    ),
    *("step_out", "hand_over", "finish", "night"),
    *(f"undo {kind}" for kind in VisitEvent.Kind.values if kind != "undone"),
]
EXAMPLES = 500


def test_the_queue_agrees_with_a_plain_model(transactional_db: None) -> None:
    play(int(os.environ.get("MACHINE_EXAMPLES", "15")))


@pytest.mark.slow
def test_the_queue_agrees_with_a_plain_model_for_500_examples(transactional_db: None) -> None:
    seen = play(EXAMPLES)
    assert seen.steps >= EXAMPLES * STEPS
    assert [act for act in ACTS if not seen.done[act]] == [], "the examples never did these"
    assert sum(seen.refused.values()) > seen.steps / 20, "the examples met hardly any refusal"
