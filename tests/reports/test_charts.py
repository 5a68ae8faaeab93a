"""Drawings say all their numbers also where they are narrow."""

from __future__ import annotations

from itertools import pairwise

import pytest

from reports.charts import Column, Lying, columns, lying, steps

NARROW = 360


@pytest.mark.parametrize("days", [1, 9, 13])
def test_a_phone_shows_every_day_and_no_two_names_meet(days: int) -> None:
    rows = [Column(f"{day}.10.", 20 + day, 6) for day in range(1, days + 1)]
    chart = columns(rows, said="", width=NARROW)
    whole = [bar for bar in chart.bars if bar.look == "c2"]
    assert [bar.text for bar in whole] == [str(row.total) for row in rows]
    assert all(float(bar.x) + float(bar.width) <= NARROW for bar in whole)
    named = [float(bar.text_x) for bar in whole if bar.label]
    assert all(after - before >= 46 for before, after in pairwise(named))


def test_numbers_that_have_no_room_stand_only_where_a_name_stands() -> None:
    chart = columns([Column(f"{week}.", 120, None) for week in range(1, 53)], said="", width=NARROW)
    told = [bar for bar in chart.bars if bar.text]
    assert told
    assert all(bar.label for bar in told)


def test_what_is_written_behind_the_longest_bar_stays_inside() -> None:
    rows = [Lying("Ohjattu palveluun", 125, "125", more="51 %"), Lying("Lähti kesken", 10, "10", more="4 %")]
    for chart, room in ((lying(rows, said="", width=780, left=230, row_height=40), 90), (steps(rows, said=""), 60)):
        assert float(chart.bars[0].text_x) + room <= chart.width
