"""The list of screens leaves nothing out, and the small choice of looks misses no pair."""

from __future__ import annotations

from team import matrix
from tests.accessibility.cover import cover, grid, pairs_of
from tests.accessibility.screen import STATES
from tests.accessibility.screens import PARTS, SCREENS

STATES_OF = {name: list(screen.states) for name, screen in SCREENS.items()}
LISTED = {route for screen in SCREENS.values() for route in screen.routes}


def test_every_page_is_a_screen_of_the_list_or_a_part_with_its_reason() -> None:
    pages = {row.name for row in matrix.rows() if "GET" in row.methods}
    assert pages - LISTED - set(PARTS) == set()


def test_the_list_names_nothing_that_is_gone_and_nothing_twice() -> None:
    known = {row.name for row in matrix.rows()}
    assert (LISTED | set(PARTS)) - known == set()
    assert LISTED & set(PARTS) == set()


def test_every_screen_has_each_state_or_says_why_not() -> None:
    for screen in SCREENS.values():
        assert {*screen.states, *screen.lacks} == set(STATES), screen.name
        assert not {*screen.states} & {*screen.lacks}, screen.name


def test_in_the_small_choice_every_pair_of_values_meets() -> None:
    chosen = {pair for cell in cover(STATES_OF) for pair in pairs_of(cell)}
    assert {pair for cell in grid(STATES_OF) for pair in pairs_of(cell)} - chosen == set()
