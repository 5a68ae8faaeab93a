"""What stands in the way: the most common first, few people hidden with what would reveal them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from clients.models import BackgroundCount
from reports import obstacles
from reports.obstacles import Referred, Told
from reports.tables import HIDDEN
from team.models import Role, ServicePoint
from tests.factories.team import MembershipFactory
from tests.factories.visits import House

Sign = Callable[[Any], Browser]
ADDRESS = "/raportit/esteet/"


def told(point: ServicePoint, code: str, kind: str = "obstacle", **by: int) -> None:
    """So many tellings of a code in a month that is over, by how they stand."""
    for status, n in by.items():
        row = {"point": point, "month": date(2026, 8, 1), "kind": kind, "code": code}
        referred = status == "referred"
        BackgroundCount.objects.create(**row, status="open" if referred else status, is_referred=referred, n=n)


# --- the rules --------------------------------------------------------------------------------------------------------


def test_the_most_common_comes_first_and_the_rare_stand_together() -> None:
    rows = [Told("distance", 9, 2), Told("money", 20, 5, 6), Told("housing", 3, 0, 1), Told("hours", 4)]
    assert [(row.code, row.n) for row in obstacles.most_common(rows)] == [("money", 20), ("distance", 9), ("", 7)]


def test_rare_ones_that_are_few_together_are_not_told_at_all() -> None:
    assert obstacles.most_common([Told("housing", 3), Told("hours", 1), Told("money", 0)]) == []


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (Told("money", 20, 5, 8), (20, 5, 8, "40\u00a0%")),
        (Told("money", 20), (20, 0, 0, "0\u00a0%")),
        (Told("money", 20, 2, 8), (20, HIDDEN, HIDDEN, HIDDEN)),  # the smaller of the others hides the two
        (Told("money", 6, 0, 5), (6, 0, HIDDEN, HIDDEN)),  # one that stands open would be known
        (Told("money", 20, 12, 3), (20, 12, HIDDEN, HIDDEN)),
    ],
)
def test_small_numbers_are_hidden_with_what_would_reveal_them(row: Told, shown: tuple[object, ...]) -> None:
    assert tuple(obstacles.table([row]).rows[0][1:]) == shown


@pytest.mark.parametrize(
    ("n", "referred", "is_few", "share"),
    [(20, 10, False, "50\u00a0%"), (20, 3, False, HIDDEN), (20, 17, False, HIDDEN), (4, 4, True, HIDDEN)],
)
def test_of_few_no_share_is_told(n: int, referred: int, is_few: bool, share: object) -> None:
    one = Referred("x", n, referred)
    assert (one.is_few, one.share) == (is_few, share)


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four whole quarters end with September."""
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-18T12:00:00+02:00")


def test_the_page_tells_what_is_common_of_the_own_point(house: House, client_for: Sign) -> None:
    told(house.point, "money", open=7, helped=5, removed=8)
    told(house.point, "housing", open=2)
    told(house.point, "work_ability", "need", open=10, referred=10)
    told(MembershipFactory().point, "distance", open=50)
    leader = MembershipFactory(point=house.point, role=Role.MANAGER)
    page = client_for(leader).get(ADDRESS).content.decode()
    row = re.search(r"Raha-asiat</th>(.*?)</tr>", page, re.DOTALL)
    assert row
    assert re.findall(r">([^<>]+)</td>", row[1]) == ["20", "5", "8", "40\u00a0%"]
    assert ("Asuminen" in page, "Matka on pitkä" in page) == (False, False)
    assert "50\u00a0%" in page


def test_an_empty_page_says_so(house: House, client_for: Sign) -> None:
    leader = MembershipFactory(point=house.point, role=Role.MANAGER)
    page = client_for(leader).get(ADDRESS).content.decode()
    assert 'class="empty"' in page
    assert "kukaan ei ole kertonut" in page


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.EXPERT_BY_EXPERIENCE])
def test_who_does_not_see_reports_does_not_see_this(house: House, client_for: Sign, role: str) -> None:
    assert client_for(MembershipFactory(point=house.point, role=role)).get(ADDRESS).status_code == 404
