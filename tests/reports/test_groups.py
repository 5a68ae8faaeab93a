"""Which groups were reached, in bands and never as few; and what is told of meetings held together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports.dashboard import groups
from reports.period import Period
from reports.reading import Reading, Totals
from reports.tables import HIDDEN

TODAY = Period(date(2026, 11, 18), date(2026, 11, 18), "paiva")


def reading(grain: int = 1, **parts: dict[str, int]) -> Reading:
    totals = Totals({"visits": {"all": 100}} | parts, grain)
    names = {("situation", code): code for code in ("tyoton", "tyossa", "opiskelija")}
    return Reading(totals, None, {}, 0, None, None, names, [], [])


def told(panel: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in panel.table.rows}


@pytest.mark.parametrize(
    ("part", "n", "found"), [(4, 100, (0, 5)), (5, 100, (5, 10)), (50, 100, (50, 100)), (120, 100, (50, 100))]
)
def test_a_share_lies_in_one_band(part: int, n: int, found: tuple[int, int]) -> None:
    assert groups.band(part, n) == found


def test_a_group_is_told_as_a_band_and_never_as_a_number() -> None:
    panel = groups.reach(reading(situation={"tyoton": 62, "tyossa": 17, "-": 15, "ei_kysytty": 6}))
    assert list(told(panel)) == ["tyoton", "tyossa", "Ei kerrottu"]
    assert list(told(panel).values()) == ["50–100\u00a0%", "10–20\u00a0%", "20–30\u00a0%"]
    assert panel.chart is not None
    assert not {"62", "17"} & {bar.text for bar in panel.chart.bars}


@pytest.mark.parametrize("grain", [1, 5])
def test_a_group_of_few_is_not_told_nor_what_would_reveal_it(grain: int) -> None:
    panel = groups.reach(reading(grain, situation={"tyoton": 62, "tyossa": 36, "opiskelija": 2}))
    assert told(panel)["opiskelija"] is told(panel)["tyossa"] is HIDDEN
    assert panel.note == "tyossa, opiskelija"


def test_where_nobody_told_anything_there_is_nothing_to_draw() -> None:
    panel = groups.reach(reading())
    assert panel.chart is None
    assert panel.second is None
    assert panel.table.rows == []


def test_joint_meetings_are_told_for_the_visitor_and_for_each_colleague() -> None:
    panel = groups.joint(reading(joint={"visits": 20, "encounters": 22, "parts": 47, "start": 12}))
    assert [row[1] for row in panel.table.rows] == ["22", "47", "20", "12"]
    assert panel.table.rows[3][2] == "12\u00a0%"


def test_few_joint_meetings_tell_nothing_at_all() -> None:
    panel = groups.joint(reading(joint={"visits": 3, "encounters": 9, "parts": 20, "start": 3}))
    assert [row[1] for row in panel.table.rows] == [HIDDEN] * 4
    assert panel.chart is None


def test_how_few_began_together_is_not_told_nor_how_few_did_not() -> None:
    for start in (2, 18):
        panel = groups.joint(reading(joint={"visits": 20, "encounters": 22, "parts": 47, "start": start}))
        assert panel.table.rows[3][1] is HIDDEN
