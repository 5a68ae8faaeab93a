"""The same kind of service a third time within a year is said before it is sent, with what came of it earlier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from clients.models import Referral
from clients.repeats import Offered, repeated
from team.access import Member
from tests.factories.clients import ReferralFactory, ServiceRowFactory, person_on_file
from tests.factories.team import at
from tests.factories.visits import House

NOW = date(2026, 11, 18)
COACHING, OTHER = uuid4(), uuid4()


def offered(days_ago: int, *, service: Any = COACHING, classes: tuple[str, ...] = ("P10.1",)) -> Offered:
    """A service that was offered so long ago."""
    return Offered(service, frozenset(classes), NOW - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("earlier", "count"),
    [
        ([], 0),
        ([offered(10)], 0),
        ([offered(10), offered(300)], 2),
        ([offered(10), offered(365)], 0),  # the one of a year ago no longer counts
        ([offered(10), offered(364)], 2),
        ([offered(10), offered(20, service=OTHER)], 2),  # another service of the same class
        ([offered(10), offered(20, service=OTHER, classes=("P2",))], 0),
        ([offered(10, classes=()), offered(20, classes=())], 2),  # the very same service, of no class
        ([offered(10), offered(10), offered(10)], 3),
    ],
)
def test_a_third_of_a_kind_within_a_year_is_a_repeat(earlier: list[Offered], count: int) -> None:
    assert len(repeated(offered(0), earlier)) == count


def test_the_draft_tells_of_earlier_ones_and_what_came_of_them(
    house: House, client_for: Callable[[Member], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    anna = house.advisor()
    person, service = person_on_file(anna, moment=at(10)), ServiceRowFactory(service_classes=["P10.1"])
    of_anna = {"client": person, "point": house.point, "sender": anna.membership, "organisation": service.organisation}

    def draft() -> Referral:
        return ReferralFactory(service=service, status="draft", next_actor="sender", **of_anna)

    page = f"/ohjaukset/{draft().pk}/"
    ReferralFactory(service=service, status="client_withdrew", next_actor="nobody", **of_anna)
    assert "referral-before" not in client_for(anna).get(page).content.decode()
    ReferralFactory(service=ServiceRowFactory(service_classes=["P10.1"]), status="sent", **of_anna)
    ReferralFactory(service=service, status="withdrawn", next_actor="nobody", **of_anna)  # by mistake: not counted
    text = client_for(anna).get(page).content.decode()
    assert text.count("referral-before") == 1
    assert "Asiakas ei enää halunnut" in text
