"""Intervals against known values; no hidden cell can be worked out from the sums."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.dashboard.numbers import Days, evenings, waiting
from reports.reading import Totals
from reports.statistics import (
    differs,
    hidden_in,
    hidden_of,
    is_small,
    mean,
    merged,
    shows_share,
    wilson,
)
from tyoparkki.anonymity import FEWEST


def test_wilson_is_as_published() -> None:
    found = wilson(81, 263)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)  # Newcombe 1998
    nobody = wilson(0, 20)
    assert nobody is not None
    assert (nobody.low, round(nobody.high, 4)) == (0.0, 0.1611)
    assert wilson(0, 0) is None


def test_a_mean_needs_five_answers() -> None:
    assert mean({4: 2, 5: 2}) is None
    found = mean({3: 1, 4: 3, 5: 6})
    assert found is not None
    assert (round(found.value, 2), found.n) == (4.5, 10)
    assert (round(found.low, 2), round(found.high, 2)) == (3.99, 5.0)


def test_a_small_difference_is_chance() -> None:
    assert not differs(300, 10, 310, 10)
    assert differs(300, 10, 400, 10)
    assert not differs(300, 10, 0, 0)


def test_a_share_is_told_only_when_neither_side_is_small() -> None:
    assert shows_share(0, 40)
    assert shows_share(40, 40)
    assert not shows_share(3, 40)
    assert not shows_share(38, 40)
    assert not shows_share(2, 4)


rows = st.lists(st.integers(0, 12), min_size=2, max_size=6)


@given(rows)
def test_a_small_cell_of_a_row_is_never_hidden_alone(cells: list[int]) -> None:
    hidden = hidden_of(cells)
    assert {place for place, number in enumerate(cells) if is_small(number)} <= hidden
    # Its number follows neither from the sum alone nor from the sum of ones.
    if hidden and sum(1 for number in cells if number) != len(hidden):
        assert sum(cells[place] for place in hidden) > len(hidden)
    # Alone only where nobody else is in the row: then the sum itself is small and is not told.
    assert len(hidden) != 1 or sum(cells) < FEWEST or sum(1 for number in cells if number) == 1
    assert all(cells[place] for place in hidden)


tables = st.integers(2, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 7), min_size=width, max_size=width), min_size=2, max_size=3)
)


def possible_values(table: list[list[int]], hidden: set[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """Every number that each hidden cell could have, of all tables with the same sums (tried one by one).

    A hidden cell has somebody in it: nobody at all is always told.
    """
    places = sorted(hidden)
    most = [min(sum(table[r]), sum(row[c] for row in table)) for r, c in places]
    found: dict[tuple[int, int], set[int]] = {place: set() for place in places}
    row_left = [sum(row[c] for c in range(len(row)) if (r, c) in hidden) for r, row in enumerate(table)]
    column_left = [sum(row[c] for r, row in enumerate(table) if (r, c) in hidden) for c in range(len(table[0]))]
    for tried in product(*(range(1, limit + 1) for limit in most)):
        sums_of_rows, sums_of_columns = [0] * len(table), [0] * len(table[0])
        for (r, c), number in zip(places, tried, strict=True):
            sums_of_rows[r] += number
            sums_of_columns[c] += number
        if sums_of_rows == row_left and sums_of_columns == column_left:
            for place, number in zip(places, tried, strict=True):
                found[place].add(number)
    return found


@settings(max_examples=60, deadline=None)
@given(tables)
def test_no_hidden_cell_follows_from_the_sums(table: list[list[int]]) -> None:
    hidden = hidden_in(table)
    small = {(r, c) for r, row in enumerate(table) for c, number in enumerate(row) if is_small(number)}
    assert small <= hidden
    everything = {(r, c) for r, row in enumerate(table) for c, number in enumerate(row) if number}
    if hidden == everything or len(hidden) > 6:
        return  # nothing is told cell by cell
    assert all(len(values) > 1 for values in possible_values(table, hidden).values())


@pytest.mark.parametrize(
    ("cells", "groups"),
    [
        ([9, 9, 9], [(0, 0), (1, 1), (2, 2)]),
        ([0, 2, 9, 30], [(0, 0), (1, 2), (3, 3)]),
        ([9, 9, 2], [(0, 0), (1, 2)]),
        ([9, 0, 2], [(0, 2)]),
        ([2, 1], [(0, 1)]),
        ([0, 0], [(0, 0), (1, 1)]),
    ],
)
def test_small_neighbours_are_put_together(cells: list[int], groups: list[tuple[int, int]]) -> None:
    assert merged(cells) == groups


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_no_group_is_small_unless_everybody_is_in_it(cells: list[int]) -> None:
    groups = merged(cells)
    assert [place for first, last in groups for place in range(first, last + 1)] == list(range(len(cells)))
    if sum(cells) >= FEWEST:
        assert not any(is_small(sum(cells[first : last + 1])) for first, last in groups)


day_rows = st.lists(
    st.integers(5, 30).flatmap(lambda total: st.tuples(st.just(total), st.integers(0, total))), min_size=1, max_size=8
)


histograms = st.dictionaries(st.sampled_from([0, 4, 7, 12, 14, 15, 18, 25, 33, 70]), st.integers(1, 12), max_size=8)


@given(histograms, st.integers(0, 12), st.sampled_from([10, 12, 15, 45]))
def test_no_range_of_waits_follows_from_the_share_or_from_those_who_left(
    histogram: dict[int, int], left: int, target: int
) -> None:
    parts = {"wait_minutes": {str(minute): n for minute, n in histogram.items()}, "left_unserved": {"all": left}}
    told = waiting(Totals(parts), target=target)
    assert told.n == sum(histogram.values()) + left == sum(row.n for row in told.groups)
    assert told.left in {None, left}
    if told.n < FEWEST:
        return  # the caller tells nothing
    known = [row.n for row in told.groups]
    if told.share is not None:
        known += [told.part, told.n - told.part]
        # What the share adds to the ranges: only whole ranges lie on either side of it.
        assert told.part == sum(row.n for row in told.groups if row.begins is not None and row.begins < target)
    assert not [n for n in known if is_small(n)]


def test_the_longest_wait_is_not_given_away() -> None:
    few = waiting(Totals({"wait_minutes": {"3": 8, "77": 1}}), target=15)
    assert (few.median, few.nine_of_ten) == (3, None)
    fewer = waiting(Totals({"wait_minutes": {"3": 4}, "left_unserved": {"all": 6}}), target=15)
    assert (fewer.median, fewer.left) == (None, None)


@given(day_rows)
def test_no_evening_of_a_day_is_told_when_it_is_small(drawn: list[tuple[int, int]]) -> None:
    days = [Days(date(2026, 11, 18), date(2026, 11, 18), total, evening) for total, evening in drawn]
    groups = evenings(days)
    if groups is None:
        return
    assert [place for group in groups for place in range(group.first, group.last + 1)] == list(range(len(days)))
    assert sum(group.n for group in groups) == sum(row.evening for row in days)
    for group in groups:
        rows = days[group.first : group.last + 1]
        assert not is_small(group.n)
        assert not is_small(sum(row.total for row in rows) - group.n)
