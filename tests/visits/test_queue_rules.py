"""The queue's rules, one test a rule: who is next, who could take whom, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.factories.team import at
from visits import queue, waits
from visits.queue import Colleague, Waiting

CAREERS, HEALTH = 1, 2


def visitor(ticket: str = "A01", moment: datetime | None = None, **more: Any) -> Waiting:
    """Somebody who waits."""
    return Waiting(visit_id=uuid4(), ticket=ticket, queued_at=moment or at(11), **more)


def colleague(name: str = "Jukka", **more: Any) -> Colleague:
    """Somebody who serves."""
    return Colleague(membership_id=uuid4(), name=name, **more)


def test_the_order_is_the_moment_of_arrival_and_the_ticket_settles_ties() -> None:
    late, early, same = visitor("A03", at(11, 5)), visitor("A02"), visitor("A01")
    assert [one.ticket for one in queue.in_order([late, early, same])] == ["A01", "A02", "A03"]


def test_a_topic_is_served_by_its_professions_and_a_topic_without_any_by_everybody() -> None:
    health = visitor(professions=frozenset({HEALTH}))
    nurse, guide = colleague(professions=frozenset({HEALTH})), colleague(professions=frozenset({CAREERS}))
    assert queue.match(health, [guide, nurse]).best == nurse
    assert queue.match(visitor(), [guide]).best == guide


def test_who_asks_for_a_colleague_by_name_waits_for_that_colleague_whatever_the_topic_or_language() -> None:
    wanted, free = colleague("Noora", is_free=False, free_at=at(11, 20)), colleague("Jukka")
    asking = visitor(asks_for=wanted.membership_id, language="ar", professions=frozenset({HEALTH}))
    match = queue.match(asking, [wanted, free])
    assert match.best is None
    assert match.later == wanted


def test_who_asks_for_a_profession_waits_for_it() -> None:
    nurse, guide = colleague(professions=frozenset({HEALTH})), colleague(professions=frozenset({CAREERS}))
    assert queue.match(visitor(asks_for_profession=HEALTH), [guide, nurse]).best == nurse


def test_language_decides_only_when_somebody_here_speaks_it() -> None:
    elif_, jukka = colleague("Elif", languages=frozenset({"fi", "tr"})), colleague("Jukka")
    turkish = visitor(language="tr")
    assert queue.match(turkish, [elif_, jukka]).able == (elif_,)
    assert queue.match(visitor(language="so"), [elif_, jukka]).able == (elif_, jukka)
    assert queue.match(visitor(language="tr", has_interpreter=True), [elif_, jukka]).able == (elif_, jukka)


def test_among_the_free_the_one_who_served_fewest_and_waited_longest_is_proposed() -> None:
    rested = colleague("Aino", served=2, free_since=at(10))
    fewest = colleague("Jukka", served=1, free_since=at(10, 30))
    longest = colleague("Noora", served=1, free_since=at(10, 10))
    assert queue.match(visitor(), [rested, fewest, longest]).best == longest


def test_the_busy_one_who_is_free_first_is_named_when_nobody_is_free() -> None:
    soon = colleague("Noora", is_free=False, free_at=at(11, 10))
    later = colleague("Jukka", is_free=False, free_at=at(11, 30))
    unknown = colleague("Elif", is_free=False)
    assert queue.match(visitor(), [later, soon, unknown]).later == soon


def test_nobody_is_moved_ahead_of_another_for_the_same_colleague() -> None:
    first, second = visitor("A01"), visitor("A02", at(11, 1))
    jukka = colleague()
    assert queue.propose([second, first], [jukka]) == (first, jukka)


def test_a_colleague_who_cannot_serve_the_first_passes_to_the_next() -> None:
    health, other = visitor("A01", professions=frozenset({HEALTH})), visitor("A02", at(11, 1))
    guide = colleague(professions=frozenset({CAREERS}))
    assert queue.propose([health, other], [guide]) == (other, guide)


def test_nothing_is_proposed_when_nobody_is_free_or_nobody_waits() -> None:
    assert queue.propose([visitor()], [colleague(is_free=False)]) is None
    assert queue.propose([], [colleague()]) is None


def test_every_match_says_why_in_words() -> None:
    health = visitor(professions=frozenset({HEALTH}))
    assert str(queue.match(health, [colleague(professions=frozenset({HEALTH}))]).why)
    assert str(queue.match(health, [colleague(professions=frozenset({CAREERS}))]).why)
    assert str(queue.match(health, []).why)


@pytest.mark.parametrize(
    ("minutes", "level"), [(0, "short"), (14.9, "short"), (15, "long"), (20, "long"), (20.1, "over")]
)
def test_a_wait_has_a_word_beside_its_colour(minutes: float, level: str) -> None:
    assert queue.wait_level(timedelta(minutes=minutes), target_minutes=15, alarm_minutes=20) == level


def test_a_wait_is_the_time_in_the_queue_without_pauses_and_service() -> None:
    steps = [("paused", at(11, 5)), ("returned", at(11, 20)), ("called", at(11, 30)), ("started", at(11, 31))]
    assert waits.waited(at(11), steps, at(12)) == timedelta(minutes=15)
    assert waits.waited(at(11), [*steps, ("handed_over", at(11, 50))], at(12)) == timedelta(minutes=25)
    assert waits.until_first_call(at(11), steps) == timedelta(minutes=15)
    assert waits.until_first_call(at(11), steps[:2]) is None


def test_a_step_from_before_the_queue_makes_no_negative_wait() -> None:
    assert waits.waited(at(11), [("called", at(10, 59))], at(11, 5)) == timedelta()


def test_a_match_never_names_somebody_who_is_not_able() -> None:
    team = [
        colleague(f"K{n}", professions=frozenset({n % 3}), languages=frozenset({"fi", "sv"} if n % 2 else {"fi"}))
        for n in range(9)
    ]
    for language in ("fi", "sv", "en"):
        for trades in (frozenset(), frozenset({1}), frozenset({1, 2})):
            match = queue.match(visitor(language=language, professions=trades), team)
            named: set[UUID] = {one.membership_id for one in (match.best, match.later) if one}
            assert named <= {one.membership_id for one in match.able}
