"""Calling the next one follows the same rules in the database's words as on the screen in plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings, strategies

from team.actions import shift as shifts
from team.models import Profession, Shift
from tests.factories.team import MembershipFactory, ProfessionFactory, ShiftFactory, TopicFactory
from tests.factories.visits import House
from visits import desk, queue
from visits.actions import calling
from visits.models import Visit

pytestmark = pytest.mark.django_db

visitor = strategies.fixed_dictionaries(
    {
        "language": strategies.sampled_from(["fi", "ar", "ti"]),
        "trade": strategies.sampled_from([None, 0, 1]),
        "asks_trade": strategies.sampled_from([None, None, 0]),
        "asks_first": strategies.booleans(),
        "interpreter": strategies.booleans(),
    }
)
advisor = strategies.fixed_dictionaries(
    {
        "languages": strategies.sampled_from([("fi",), ("fi", "ar")]),
        "trades": strategies.sets(strategies.sampled_from([0, 1])),
        "break": strategies.booleans(),
    }
)


def next_for(
    colleague: queue.Colleague, waiting: Sequence[queue.Waiting], team: Sequence[queue.Colleague]
) -> queue.Waiting | None:
    """The first in order whom this colleague can take, by the rules that the desk explains."""
    here = frozenset(language for other in team for language in other.languages) | colleague.languages
    takes = (one for one in queue.in_order(waiting) if queue.can_take(one, colleague, languages_here=here)[0])
    return next(takes, None)


@contextmanager
def undone() -> Iterator[None]:
    """Nothing of an example stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fill(house: House, team: list[dict[str, Any]], visitors: list[dict[str, Any]]) -> list[Any]:
    """The house with this team on shift and these visitors waiting; the first of the team calls."""
    trades: list[Profession] = [ProfessionFactory(code=f"koe-{n}") for n in range(2)]
    topics = []
    for n, trade in enumerate(trades):
        topic = TopicFactory(point=house.point, code=f"koeaihe-{n}")
        topic.professions.set([trade])
        topics.append(topic)
    members = [
        house.advisor(professions=[trades[n] for n in one["trades"]], languages=one["languages"]) for one in team
    ]
    ShiftFactory(
        day=house.day, membership=MembershipFactory(point=house.point, front_desk=True, user__languages=["ti"])
    )
    for one, member in zip(team[1:], members[1:], strict=True):
        if one["break"]:
            shifts.start_break(Shift.objects.get(day=house.day, membership=member.membership), by=member, at=house.now)
    for one in visitors:
        visit = house.arrive(
            topic=house.topic() if one["trade"] is None else topics[one["trade"]],
            language=one["language"],
            asks_for=members[0].membership if one["asks_first"] and one["asks_trade"] is None else None,
            asks_for_profession=None if one["asks_trade"] is None else trades[one["asks_trade"]],
        )
        Visit.objects.filter(pk=visit.pk).update(needs_interpreter=one["interpreter"])
    return members


@given(team=strategies.lists(advisor, min_size=1, max_size=3), visitors=strategies.lists(visitor, max_size=4))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example makes a house: shrinking takes minutes
)
def test_the_call_takes_whom_the_rules_say(team: list[dict[str, Any]], visitors: list[dict[str, Any]]) -> None:
    with undone():
        house = House()
        caller = fill(house, team, visitors)[0]
        now = desk.read(house.desk, at=house.now)
        me = next(one for one in now.team if one.membership_id == caller.membership_id)
        wanted = next_for(me, now.waiting, now.team)
        try:
            called = calling.call_next(by=caller, at=house.now, day=house.day)
        except calling.NobodyWaits:
            assert not visitors
        except calling.NobodySuitable:
            assert wanted is None
        else:
            assert wanted is not None
            assert called.pk == wanted.visit_id


def test_who_calls_from_a_second_window_is_told_of_the_visitor_on_the_way(house: House) -> None:
    caller = house.advisor()
    house.arrive()
    calling.call_next(by=caller, at=house.now, day=house.day)
    with pytest.raises(calling.Busy):
        calling.call_next(by=caller, at=house.now, day=house.day)
