"""The queue against a plain model: whatever people press, in whatever order, the two agree after every press."""

from __future__ import annotations

import os
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from team.models import ServiceDay
from tests.factories.visits import House
from tyoparkki.errors import Refused
from visits.actions import arrival, calling, closing, encounters, undo
from visits.models import DayCounter, Encounter, Invitation, Participation, Visit, VisitEvent

State = Visit.State
who = strategies.integers(0, 3)
which = strategies.integers(0, 10_000)


@dataclass
class Plain:
    """What the model knows of a visit."""

    state: str = State.WAITING
    caller: int | None = None
    calls: int = 0
    people: set[int] = field(default_factory=set)
    asked: int | None = None
    invited: set[int] = field(default_factory=set)
    after: dict[int, Any] = field(default_factory=dict)  # who takes the visitor afterwards: whom → asked when
    sittings: int = 0
    past: list[tuple[str, Any]] = field(default_factory=list)

    def remember(self, kind: str, **facts: Any) -> None:
        """Keep what an undo of this act brings back."""
        self.past.append((kind, {"state": self.state, "caller": self.caller, "calls": self.calls, **facts}))


class Desk(RuleBasedStateMachine):
    """Four advisors of two organisations and a front desk on one service day."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.house = House()
        self.team = [self.house.advisor(partner=n == 3) for n in range(4)]
        self.now = self.house.now
        self.rows: list[Visit] = []
        self.plain: list[Plain] = []
        self.closed = False

    def teardown(self) -> None:
        """Nothing of an example stays."""
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    # --- the model's own words -------------------------------------------------------------------------------------
    def busy(self, person: int) -> bool:
        return any(person in p.people or (p.state == State.CALLED and p.caller == person) for p in self.plain)

    def serving(self, person: int) -> bool:
        return any(person in p.people for p in self.plain)

    def pick(self, n: int) -> tuple[Visit, Plain]:
        n %= len(self.rows)
        return self.rows[n], self.plain[n]

    def gone_and_closed(self, plain: Plain) -> bool:
        return self.closed and plain.state not in Visit.PRESENT

    def press(self, allowed: bool, act: Any, *args: Any, **kwargs: Any) -> Any:
        """Do the act; it must be refused exactly when the model says so, and a refusal changes nothing."""
        self.now += timedelta(minutes=1)
        try:
            with transaction.atomic():
                result = act(*args, **kwargs, at=self.now)
        except Refused:
            assert not allowed, f"{act.__name__} was refused although the model allows it"
            return None
        assert allowed, f"{act.__name__} was allowed although the model refuses it"
        return result

    # --- presses ---------------------------------------------------------------------------------------------------
    @rule()
    def arrive(self) -> None:
        visit = self.press(
            not self.closed,
            arrival.arrive,
            point=self.house.point,
            topic=self.house.topic(),
            by=self.house.desk,
        )
        if visit:
            self.rows.append(visit)
            self.plain.append(Plain(past=[("arrived", {})]))

    @precondition(lambda self: self.rows)
    @rule(n=which, person=who)
    def call(self, n: int, person: int) -> None:
        visit, plain = self.pick(n)
        allowed = plain.state == State.WAITING and not self.busy(person)
        if self.press(allowed, calling.call_in, visit, by=self.team[person]):
            self._called(plain, person)

    def _called(self, plain: Plain, person: int) -> None:
        plain.remember("called")
        plain.state, plain.caller, plain.calls = State.CALLED, person, 1

    @rule(person=who)
    def call_next(self, person: int) -> None:
        fit = [
            n for n, plain in enumerate(self.plain) if plain.state == State.WAITING and plain.asked in (None, person)
        ]
        allowed = bool(fit) and not self.busy(person)
        visit = self.press(allowed, calling.call_next, by=self.team[person], day=self.house.day)
        if visit:
            first = min(fit, key=lambda n: (self.rows[n].queued_at, self.rows[n].number))
            assert visit.pk == self.rows[first].pk, "the first suitable visitor is called, nobody else"
            self._called(self.plain[first], person)

    @precondition(lambda self: self.rows)
    @rule(n=which)
    def recall(self, n: int) -> None:
        visit, plain = self.pick(n)
        if self.press(plain.state == State.CALLED, calling.call_again, visit, by=self.house.desk):
            plain.remember("recalled")
            plain.calls += 1

    @precondition(lambda self: self.rows)
    @rule(n=which)
    def no_show(self, n: int) -> None:
        visit, plain = self.pick(n)
        allowed = plain.state == State.CALLED and plain.calls >= 2
        if self.press(allowed, calling.did_not_come, visit, by=self.house.desk):
            plain.remember("no_show")
            plain.state, plain.after = State.LEFT, {}

    @precondition(lambda self: self.rows)
    @rule(n=which)
    def put_back(self, n: int) -> None:
        visit, plain = self.pick(n)
        if self.press(plain.state == State.CALLED, calling.put_back, visit, by=self.house.desk):
            plain.remember("put_back")
            plain.state, plain.caller, plain.calls = State.WAITING, None, 0

    @precondition(lambda self: self.rows)
    @rule(n=which, person=who)
    def start(self, n: int, person: int) -> None:
        visit, plain = self.pick(n)
        allowed = plain.state == State.CALLED and plain.caller == person and not self.serving(person)
        if self.press(allowed, encounters.start, visit, by=self.team[person]):
            kept = {person: plain.after.pop(person)} if person in plain.after else {}
            plain.remember("started", asked=plain.asked, kept=kept)
            plain.state, plain.people, plain.asked = State.IN_SERVICE, {person}, None
            plain.sittings += 1

    @precondition(lambda self: self.rows)
    @rule(n=which, person=who, guest=who, mode=strategies.sampled_from(Invitation.Mode.values))
    def invite(self, n: int, person: int, guest: int, mode: str) -> None:
        visit, plain = self.pick(n)
        allowed = person in plain.people and guest not in plain.people | plain.invited | set(plain.after)
        if self.press(
            allowed,
            encounters.invite,
            visit,
            self.team[guest].membership,
            mode=mode,
            by=self.team[person],
            client_agreed=True,
        ):
            plain.remember("invited", guest=guest)
            if mode == Invitation.Mode.AFTER:
                plain.after[guest] = self.now
            else:
                plain.invited.add(guest)

    @precondition(lambda self: self.rows)
    @rule(n=which, guest=who)
    def come_along(self, n: int, guest: int) -> None:
        visit, plain = self.pick(n)
        mine = Invitation.objects.filter(visit=visit, invited=self.team[guest].membership)
        open_one = mine.filter(mode=Invitation.Mode.TOGETHER, state="open").first()
        assert (open_one is not None) == (guest in plain.invited)
        if open_one is None:
            return
        if self.press(not self.serving(guest), encounters.come_along, open_one, by=self.team[guest]):
            plain.remember("joined", guest=guest)
            plain.invited.discard(guest)
            plain.people.add(guest)

    @precondition(lambda self: self.rows)
    @rule(n=which, guest=who, says_yes=strategies.booleans())
    def answer_for_afterwards(self, n: int, guest: int, says_yes: bool) -> None:
        visit, plain = self.pick(n)
        found = Invitation.objects.filter(visit=visit, invited=self.team[guest].membership).afterwards().first()
        assert (found is not None) == (guest in plain.after)
        if found is None:
            return
        if says_yes:
            self.press(found.state == Invitation.State.OPEN, encounters.promise, found, by=self.team[guest])
        else:
            self.press(True, encounters.decline, found, by=self.team[guest])
            del plain.after[guest]
            if plain.state == State.WAITING and plain.asked == guest:
                plain.remember("detailed", asked=guest)
                plain.asked = None

    @precondition(lambda self: self.rows)
    @rule(n=which, person=who)
    def step_out(self, n: int, person: int) -> None:
        visit, plain = self.pick(n)
        allowed = person in plain.people and len(plain.people) > 1
        if self.press(allowed, encounters.step_out, visit, by=self.team[person]):
            plain.remember("stepped_out", left=person)
            plain.people.discard(person)

    @precondition(lambda self: self.rows)
    @rule(n=which, person=who, to=who)
    def hand_over(self, n: int, person: int, to: int) -> None:
        visit, plain = self.pick(n)
        allowed = person in plain.people
        if self.press(allowed, encounters.hand_over, visit, by=self.team[person], to=self.team[to].membership):
            plain.remember("handed_over", people=set(plain.people), asked=plain.asked)
            plain.state, plain.people, plain.caller, plain.calls = State.WAITING, set(), None, 0
            plain.asked, plain.invited, plain.after = to, set(), {}

    @precondition(lambda self: self.rows)
    @rule(n=which, person=who)
    def pause(self, n: int, person: int) -> None:
        visit, plain = self.pick(n)
        allowed = plain.state in (State.WAITING, State.CALLED, State.IN_SERVICE)
        if self.press(allowed, calling.pause, visit, by=self.team[person]):
            plain.remember("paused", people=set(plain.people), asked=plain.asked)
            if plain.state == State.IN_SERVICE:
                plain.asked, plain.invited = person, set()
            plain.state, plain.people, plain.caller, plain.calls = State.PAUSED, set(), None, 0

    @precondition(lambda self: self.rows)
    @rule(n=which)
    def bring_back(self, n: int) -> None:
        visit, plain = self.pick(n)
        if self.press(plain.state == State.PAUSED, calling.bring_back, visit, by=self.house.desk):
            plain.remember("returned")
            plain.state = State.WAITING

    @precondition(lambda self: self.rows)
    @rule(n=which, person=who)
    def finish(self, n: int, person: int) -> None:
        visit, plain = self.pick(n)
        if not self.press(
            person in plain.people, encounters.finish, visit, by=self.team[person], result=self.house.result()
        ):
            return
        if plain.after:
            plain.remember("handed_over", people=set(plain.people), asked=plain.asked)
            plain.state, plain.people, plain.invited = State.WAITING, set(), set()
            plain.caller, plain.calls, plain.asked = None, 0, min(plain.after, key=lambda one: plain.after[one])
        else:
            plain.remember("finished", people=set(plain.people))
            plain.state, plain.people, plain.invited = State.DONE, set(), set()

    @precondition(lambda self: self.rows)
    @rule(n=which)
    def leave(self, n: int) -> None:
        visit, plain = self.pick(n)
        allowed = plain.state in (State.WAITING, State.CALLED, State.PAUSED)
        if self.press(allowed, calling.leave, visit, by=self.house.desk):
            plain.remember("left")
            plain.state, plain.after = State.LEFT, {}

    @precondition(lambda self: self.rows)
    @rule(n=which)
    def undo(self, n: int) -> None:
        visit, plain = self.pick(n)
        event = undo.latest(visit)
        assert (event is None) == (not plain.past)
        if event is None:
            return
        assert event.kind == plain.past[-1][0]
        allowed, after = self._undone(plain)
        if self.press(allowed and not self.closed, undo.undo, event, by=self.house.desk):
            self.plain[n % len(self.plain)] = after

    def _caller_is_elsewhere(self, plain: Plain, kind: str, was: dict[str, Any]) -> bool:
        """Whether an undo would call for somebody who has another visitor by now."""
        if was["state"] != State.CALLED or kind in ("recalled", "started"):
            return False
        still_mine = plain.caller == was["caller"] and plain.state == State.CALLED
        return self.busy(was["caller"]) and not still_mine

    def _undone(self, plain: Plain) -> tuple[bool, Plain]:
        """What the visit is like when its last act is taken back, and whether that can be."""
        after = deepcopy(plain)
        kind, was = after.past.pop()
        match kind:
            case "arrived":
                after.state = State.UNDONE
            case "invited":
                after.invited.discard(was["guest"])
                after.after.pop(was["guest"], None)
            case "joined":
                after.people.discard(was["guest"])
            case "stepped_out":
                if self.busy(was["left"]):
                    return False, after
                after.people.add(was["left"])
            case _other:
                if self._caller_is_elsewhere(plain, kind, was):
                    return False, after
                after.state, after.caller, after.calls = was["state"], was["caller"], was["calls"]
                after.asked = was.get("asked", after.asked)
                if kind == "started":
                    after.people = set()
                    after.after |= was["kept"]
                    after.sittings -= 1
                if was.get("people"):
                    after.people = {person for person in was["people"] if not self.busy(person)}
                    if not after.people:
                        return False, after
        return True, after

    @precondition(lambda self: not self.closed and len(self.rows) > 4)
    @rule(n=which)
    def close_the_day(self, n: int) -> None:
        if n % 5:
            return
        left = self.press(True, closing.close_day, self.house.day, by=self.house.desk)
        self.closed = True
        assert {visit.pk for visit in left} == {
            row.pk for row, plain in zip(self.rows, self.plain, strict=True) if plain.state in Visit.PRESENT
        }

    # --- what always holds -----------------------------------------------------------------------------------------
    @invariant()
    def database_and_model_agree(self) -> None:
        rows = {row.pk: row for row in Visit.objects.filter(day=self.house.day)}
        assert len(rows) == len(self.rows)
        people = {member.membership_id: n for n, member in enumerate(self.team)}
        sitting: dict[Any, set[int]] = {}
        for part in Participation.objects.filter(ended_at__isnull=True).select_related("encounter"):
            sitting.setdefault(part.encounter.visit_id, set()).add(people[part.membership_id])
        open_sittings = set(Encounter.objects.filter(ended_at__isnull=True).values_list("visit_id", flat=True))
        for row, plain in zip(self.rows, self.plain, strict=True):
            now = rows[row.pk]
            assert now.state == plain.state
            assert now.calls == plain.calls
            assert sitting.get(row.pk, set()) == plain.people
            assert (people[now.asks_for_id] if now.asks_for_id else None) == plain.asked
            assert (row.pk in open_sittings) == (plain.state == State.IN_SERVICE)
            if plain.state == State.CALLED:
                assert now.called_for_id is not None
                assert people[now.called_for_id] == plain.caller

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        numbers = sorted(Visit.objects.filter(day=self.house.day).values_list("number", flat=True))
        assert numbers == list(range(1, len(self.rows) + 1))
        last = DayCounter.objects.filter(day=self.house.day).values_list("last", flat=True).first() or 0
        assert last == len(self.rows)

    @invariant()
    def nobody_is_in_two_visits(self) -> None:
        for person in range(4):
            assert sum(person in plain.people for plain in self.plain) <= 1

    @invariant()
    def everybody_is_accounted_for(self) -> None:
        assert sum(plain.state in State.values for plain in self.plain) == len(self.rows)
        assert ServiceDay.objects.get(pk=self.house.day.pk).state == ("closed" if self.closed else "open")

    @invariant()
    def every_visit_has_its_course(self) -> None:
        arrived = VisitEvent.objects.filter(day=self.house.day, kind="arrived").count()
        assert arrived == len(self.rows)


def play(examples: int) -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_the_queue_agrees_with_a_plain_model(db: None) -> None:
    play(int(os.environ.get("MACHINE_EXAMPLES", "15")))


@pytest.mark.slow
def test_the_queue_agrees_with_a_plain_model_for_500_examples(db: None) -> None:
    play(500)
