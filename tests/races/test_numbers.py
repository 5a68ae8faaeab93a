"""Numbers of the day: 1…n in each series, without gaps and without doubles, however many write at once."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

import pytest

from team.access import Member
from tests.factories.team import WEDNESDAY, MembershipFactory
from tests.factories.visits import House
from tests.fixtures.site import Site
from tests.races.processes import side_by_side
from tests.races.window import TOKEN, cookies_of
from visits.models import DayCounter, Visit, VisitEvent


def presses(house: House, count: int, aborted: int, dice: random.Random) -> list[dict[str, Any]]:
    """Arrivals of clients and employers; the aborted ones belong to a person who is not there, which is found last."""
    orders = []
    for number in range(count):
        employer = dice.random() < 0.2
        data = {"topic": str(house.topic("rekry" if employer else "tyonhaku").pk)}
        data |= {"party": "employer", "employer_name": f"Paja {number}"} if employer else {"party": "client"}
        if number < aborted:
            data["client"] = str(uuid4())
        orders.append({"path": "/kaynnit/", "data": data})
    dice.shuffle(orders)
    return orders


def clerks_log(site: Site, house: House, *, clerks: int, each: int) -> list[int]:
    """Every clerk in a process of their own; a tenth of the arrivals fail after their number was taken."""
    dice = random.Random(18)
    orders = [
        {
            "url": site.url,
            "cookies": cookies_of(Member(MembershipFactory(point=house.point, front_desk=True))),
            "token": TOKEN,
            "presses": presses(house, each, each // 10, dice),
        }
        for _clerk in range(clerks)
    ]
    return [status for answers in side_by_side("clerk", orders) for status in answers]


def check(site: Site, *, clerks: int, each: int) -> None:
    house = House()
    answers = clerks_log(site, house, clerks=clerks, each=each)
    aborted = clerks * (each // 10)
    assert answers.count(404) == aborted
    assert answers.count(303) == clerks * each - aborted
    for letter in ("A", "T"):
        numbers = sorted(Visit.objects.filter(day=house.day, letter=letter).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert DayCounter.objects.get(day=house.day, letter=letter).last == len(numbers)
    assert Visit.objects.filter(day__on=WEDNESDAY).count() == clerks * each - aborted
    assert VisitEvent.objects.filter(day=house.day, kind="arrived").count() == clerks * each - aborted


def test_four_clerks_at_once_leave_no_gap_and_no_double(wednesday_site: Site) -> None:
    check(wednesday_site, clerks=4, each=10)


@pytest.mark.parametrize("each", [pytest.param(30, marks=pytest.mark.slow), pytest.param(100, marks=pytest.mark.long)])
def test_sixteen_clerks_log_as_many_each_with_a_tenth_aborted(wednesday_site: Site, each: int) -> None:
    check(wednesday_site, clerks=16, each=each)
