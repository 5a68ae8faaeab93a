"""The queue against a plain model: whatever people press, in whatever order, the two agree after every press."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import HealthCheck, seed, settings, strategies
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.factories.visits import House
from tests.visits.machine.advisor import WithAnAdvisor
from tests.visits.machine.bridge import Seen
from tests.visits.machine.door import AtTheDoor
from tests.visits.machine.fits import TEAM, topics
from tests.visits.machine.queue import InTheQueue
from tests.visits.machine.undoing import TakingBack
from visits.actions import calling, encounters
from visits.models import VisitEvent

STEPS = 40


class Desk(AtTheDoor, InTheQueue, WithAnAdvisor, TakingBack):
    """Four advisors of two organisations and a front desk on one service day."""

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


def test_the_queue_agrees_with_a_plain_model(transactional_db: None) -> None:
    play(int(os.environ.get("MACHINE_EXAMPLES", "15")))


@pytest.mark.parametrize(
    "examples", [pytest.param(250, marks=pytest.mark.slow), pytest.param(500, marks=pytest.mark.long)]
)
def test_the_queue_agrees_with_a_plain_model_for_hundreds_of_examples(transactional_db: None, examples: int) -> None:
    seen = play(examples)
    assert seen.steps >= examples * STEPS
    assert [act for act in ACTS if not seen.done[act]] == [], "the examples never did these"
    assert sum(seen.refused.values()) > seen.steps / 20, "the examples met hardly any refusal"
