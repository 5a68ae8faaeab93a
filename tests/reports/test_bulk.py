"""Data written in bulk obey the same rules as data written by the desk."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from reports.actions import count_day
from reports.consistency import broken
from reports.demo.owning import as_owner
from reports.models import DailyFigure
from reports.recount import differences
from tests.factories.team import at
from visits.models import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats"])]


@pytest.fixture(name="as_owner")
def is_owner(transactional_db: None) -> Iterator[None]:
    """What a command left is read as it was written: by the tables' owner."""
    with as_owner():
        yield


def test_bulk_data_are_consistent_and_counted(as_owner: None) -> None:
    told = io.StringIO()
    call_command("bench_load", clients=300, visits=600, seed=4, stdout=told)
    answer = json.loads(told.getvalue())
    assert answer["clients"] == 300
    assert Visit.objects.count() == answer["visits"] == 600
    assert broken() == []
    assert differences() == []


def test_bulk_rollups_are_what_a_count_of_the_day_makes(as_owner: None) -> None:
    call_command("bench_load", clients=100, visits=240, seed=4, stdout=io.StringIO())
    on = DailyFigure.objects.order_by("on").values_list("on", flat=True)[0]
    rows = DailyFigure.objects.filter(on=on)
    point = rows.values_list("point_id", flat=True)[0]
    before = {(row.figure, row.part): row.n for row in rows.order_by("pk")}
    assert dict(count_day(point, on, at=at(18))) == before
