"""Counting in the background, on committed data, by the role that only counts."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.utils import ProgrammingError

from clients.actions import client as people
from reports import tasks
from reports.models import AggregatedDay, DailyFigure
from tests.factories.clients import person_on_file
from tests.factories.team import MunicipalityFactory, at
from tests.factories.visits import House
from tyoparkki import outbox
from visits.actions import calling, identity

if TYPE_CHECKING:
    from clients.models import Client

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "stats"])


def figures(house: House) -> dict[tuple[str, str], int]:
    rows = DailyFigure.objects.filter(point=house.point, on=house.day.on)
    return {(row.figure, row.part): row.n for row in rows.order_by("pk")}


def recount(*arguments: str) -> tuple[int, str]:
    told = io.StringIO()
    try:
        call_command("recount", *arguments, stdout=told)
    except SystemExit as end:
        return int(str(end.code)), told.getvalue()
    return 0, told.getvalue()


def test_an_act_is_in_the_figures_after_the_outbox() -> None:
    house = House()
    visit = house.arrive()
    calling.leave(visit, by=house.desk, at=at(11, 20))
    outbox.drain()
    assert figures(house)["left_unserved", "all"] == 1
    assert AggregatedDay.objects.filter(point=house.point, on=house.day.on).exists()
    assert recount("--check")[0] == 0


def test_a_person_who_moves_house_moves_in_the_figures() -> None:
    house = House()
    advisor = house.advisor()
    client: Client = person_on_file(advisor, municipality=MunicipalityFactory())
    identity.join_client(house.arrive(), client, by=advisor, at=at(11, 5))
    outbox.drain()
    assert figures(house)["municipality", "109"] == 1
    forssa = MunicipalityFactory(code="061")
    moved = people.Person(name=client.name, municipality=forssa)
    people.change_person(client, moved, by=advisor, at=at(12), version=client.version)
    outbox.drain()
    assert figures(house)["municipality", "061"] == 1
    assert ("municipality", "109") not in figures(house)


def test_recount_finds_and_mends() -> None:
    house = House()
    house.arrive()
    outbox.drain()
    DailyFigure.objects.filter(figure="visits").update(n=9)
    code, told = recount("--check", "--json")
    assert code == 1
    assert json.loads(told)["differences"][0]["figure"] == "visits"
    assert recount()[0] == 0
    assert figures(house)["visits", "all"] == 1


def test_yesterday_is_counted_once_more_at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    house.arrive()
    outbox.drain()
    DailyFigure.objects.all().delete()
    monkeypatch.setenv("TYOPARKKI_NOW", at(4, on=house.day.on.replace(day=19)).isoformat())
    tasks.count_yesterday()
    outbox.drain()
    assert figures(house)["visits", "all"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT notes FROM visits_guidance",
        "SELECT text FROM visits_visitnote",
        "SELECT name FROM clients_client",
        "SELECT words FROM feedback_response",
        "SELECT reason FROM clients_referral",
        "DELETE FROM reports_dailyfigure",
    ],
)
def test_the_role_that_counts_reads_no_words(query: str) -> None:
    with connections["stats"].cursor() as cursor, pytest.raises(ProgrammingError) as refused:
        cursor.execute(query)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
