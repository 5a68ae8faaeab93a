"""The rules of the honest range, one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.team import at
from visits import estimate
from visits.estimate import Range, Server
from visits.queue import Colleague, Waiting

NOW = at(14)
GUIDE, DEBT = 1, 2


def colleague(free_in: int = 0, *, until: Any = None, **details: Any) -> Server:
    """Somebody on shift who is free in so many minutes."""
    who = Colleague(membership_id=uuid4(), name=f"K{uuid4()}", **details)
    return Server(who, NOW + timedelta(minutes=free_in), until or at(18))


def visitor(place: int = 1, **details: Any) -> Waiting:
    """Somebody who came in as the `place`th."""
    return Waiting(uuid4(), f"A{place:02d}", NOW - timedelta(minutes=60 - place), **details)


def ranges(queue: list[Waiting], team: list[Server], minutes: int = 20) -> list[Range | None]:
    found = estimate.waits(queue, team, minutes={one.visit_id: minutes for one in queue}, at=NOW)
    return [found[one.visit_id] for one in queue]


def test_nobody_on_shift_nobody_knows() -> None:
    assert ranges([visitor()], []) == [None]


def test_a_free_colleague_takes_the_first_at_once() -> None:
    assert ranges([visitor()], [colleague()]) == [Range(0, 5)]


def test_a_busy_colleague_is_free_a_little_sooner_or_later_than_usual() -> None:
    assert ranges([visitor()], [colleague(free_in=20)]) == [Range(15, 25)]


def test_each_one_ahead_adds_a_sitting_with_the_same_colleague() -> None:
    queue = [visitor(n) for n in (1, 2, 3)]
    assert ranges(queue, [colleague()]) == [Range(0, 5), Range(15, 25), Range(30, 50)]


def test_two_colleagues_halve_the_wait() -> None:
    queue = [visitor(n) for n in (1, 2, 3)]
    assert ranges(queue, [colleague(), colleague()]) == [Range(0, 5), Range(0, 5), Range(15, 25)]


def test_longer_topics_make_longer_waits() -> None:
    queue = [visitor(1), visitor(2)]
    assert ranges(queue, [colleague()], minutes=40)[1] == Range(30, 50)


def test_those_ahead_who_wait_for_somebody_else_do_not_count() -> None:
    debt = visitor(1, professions=frozenset({DEBT}))
    guidance = visitor(2, professions=frozenset({GUIDE}))
    team = [colleague(professions=frozenset({GUIDE})), colleague(free_in=40, professions=frozenset({DEBT}))]
    assert ranges([debt, guidance], team) == [Range(30, 50), Range(0, 5)]


def test_a_topic_that_nobody_here_knows_has_no_estimate() -> None:
    assert ranges([visitor(professions=frozenset({DEBT}))], [colleague(professions=frozenset({GUIDE}))]) == [None]


def test_whoever_is_asked_for_by_name_decides_the_wait() -> None:
    asked, other = colleague(free_in=40), colleague()
    assert ranges([visitor(asks_for=asked.colleague.membership_id)], [asked, other]) == [Range(30, 50)]


def test_a_language_spoken_here_waits_for_its_speaker() -> None:
    speaker = colleague(free_in=40, languages=frozenset({"fi", "ar"}))
    assert ranges([visitor(language="ar")], [colleague(), speaker]) == [Range(30, 50)]


def test_whoever_goes_home_takes_nobody_any_more() -> None:
    leaving = colleague(free_in=20, until=at(14, 10))
    assert ranges([visitor()], [leaving]) == [None]
    assert ranges([visitor()], [leaving, colleague(free_in=40)]) == [Range(30, 50)]


def test_beyond_two_hours_nobody_can_tell() -> None:
    queue = [visitor(n) for n in range(1, 9)]
    found = ranges(queue, [colleague()])
    assert found[4] == Range(60, 100)
    assert found[5] is None
    assert found[-1] is None


def test_a_new_visitor_is_told_of_the_middle_topic() -> None:
    team = [colleague(professions=frozenset({GUIDE})), colleague(free_in=40, professions=frozenset({DEBT}))]
    topics = [frozenset({GUIDE}), frozenset({GUIDE}), frozenset({DEBT})]
    assert estimate.new_visitor([], team, minutes={}, at=NOW, topics=topics) == Range(0, 5)


def test_a_new_visitor_is_told_nothing_when_most_topics_cannot_be_served() -> None:
    topics = [frozenset({GUIDE}), frozenset({DEBT}), frozenset({3})]
    team = [colleague(professions=frozenset({GUIDE}))]
    assert estimate.new_visitor([], team, minutes={}, at=NOW, topics=topics) is None
    assert estimate.new_visitor([], [], minutes={}, at=NOW, topics=[]) is None


numbers = st.lists(st.tuples(st.integers(0, 59), st.sampled_from([None, GUIDE, DEBT])), max_size=12)
servers = st.lists(st.tuples(st.integers(0, 60), st.sampled_from([GUIDE, DEBT])), max_size=5)


@given(numbers, servers)
def test_ranges_are_multiples_of_five_and_later_arrivals_never_push_earlier_ones(
    asked: list[tuple[int, int | None]], here: list[tuple[int, int]]
) -> None:
    queue = [visitor(n, professions=frozenset({p} if p else ())) for n, p in asked]
    team = [colleague(free, professions=frozenset({p})) for free, p in here]
    minutes: dict[UUID, int] = {one.visit_id: 20 for one in queue}
    found = estimate.waits(queue, team, minutes=minutes, at=NOW)
    for one in filter(None, found.values()):
        assert one.low % 5 == one.high % 5 == 0
        assert 0 <= one.low <= one.high <= estimate.LONGEST
        assert one.high > 0
    newcomer = Waiting(uuid4(), "A99", NOW)
    with_newcomer = estimate.waits([*queue, newcomer], team, minutes=minutes, at=NOW)
    assert {key: with_newcomer[key] for key in found} == found
