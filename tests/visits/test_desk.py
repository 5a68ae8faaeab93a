"""The front desk's screen: what it shows, to whom, and at what price in statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.factories.visits import House
from visits.actions import calling


@pytest.fixture
def screen(house: House, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Client:
    """The front desk's browser at the house's own moment."""
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    return client_for(house.desk)


@pytest.mark.parametrize("visitors", [1, 30])
def test_the_desk_costs_ten_statements_whatever_the_number_of_visitors(
    screen: Client, house: House, assert_budget: Callable[..., Any], visitors: int
) -> None:
    advisor = house.advisor()
    house.in_service(advisor)
    for _ in range(visitors):
        house.arrive()
        house.advisor
    with assert_budget(10):
        assert screen.get("/tanaan/").status_code == 200
