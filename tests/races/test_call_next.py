"""Calling the next one: however many advisors press at once, nobody is called twice and nobody is left."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection

from tests.factories.visits import House
from tests.fixtures.site import Site
from tests.races.processes import side_by_side
from tests.races.window import TOKEN, cookies_of
from tyoparkki import embedded
from visits.models import Visit, VisitEvent


def check(site: Site, *, advisors: int, waiting: int) -> None:
    house = House()
    team = [house.advisor() for _n in range(advisors)]
    for _n in range(waiting):
        house.arrive()
    shared = {
        "url": site.url,
        "token": TOKEN,
        "database": embedded.database_url(embedded.SUPERUSER, name=connection.settings_dict["NAME"]),
        "result": str(house.result().pk),
    }
    orders = [{**shared, "cookies": cookies_of(one), "membership": str(one.membership_id)} for one in team]
    called = Counter(visit for visits in side_by_side("advisor", orders) for visit in visits)
    assert max(called.values()) == 1
    assert len(called) == waiting
    assert not Visit.objects.filter(day=house.day).exclude(state=Visit.State.DONE).exists()
    events = VisitEvent.objects.filter(day=house.day)
    for kind in ("called", "started", "finished"):
        assert events.filter(kind=kind).count() == waiting
        assert events.filter(kind=kind).values("visit").distinct().count() == waiting


def test_four_advisors_serve_thirty_visitors_once_each(wednesday_site: Site) -> None:
    check(wednesday_site, advisors=4, waiting=30)


@pytest.mark.parametrize(
    "waiting", [pytest.param(250, marks=pytest.mark.slow), pytest.param(1_000, marks=pytest.mark.long)]
)
def test_sixteen_advisors_serve_hundreds_of_visitors_once_each(wednesday_site: Site, waiting: int) -> None:
    check(wednesday_site, advisors=16, waiting=waiting)
