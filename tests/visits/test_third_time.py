"""Guided to the same kind of service a third time within a year: the visit asks first, with what came of the others."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from clients.models import Referral
from tests.factories.clients import ReferralFactory, ServiceRowFactory, person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from visits.actions import identity

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


def screen_of(who: Any) -> Browser:
    browser = Browser()
    browser.force_login(who.user)
    return browser


def offered(house: House, by: Any, person: Any, *, times: int) -> Any:
    """A service of the kind that the person was guided to before; their own ones are other services."""
    for _ in range(times):
        ReferralFactory(
            client=person, point=house.point, sender=by.membership, status="client_withdrew", next_actor="nobody",
            service=ServiceRowFactory(service_classes=["P10.1"]),
        )  # fmt: skip
    return ServiceRowFactory(names={"fi": "Työhönvalmennus"}, service_classes=["P10.1"])


def test_the_third_is_asked_about_and_sent_all_the_same_with_the_next_press(house: House) -> None:
    anna = house.advisor()
    visit, person = house.in_service(anna).visit, person_on_file(anna, moment=at(10))
    identity.join_client(visit, person, by=anna, at=house.now)
    service = offered(house, anna, person, times=2)
    url, screen = f"/kaynnit/{visit.pk}/ohjaa/", screen_of(anna)
    form = {"service": service.pk, "reason": "Kaipaa rytmiä"}
    asked = screen.post(url, form | {"submission_key": uuid4()}, headers=PART)
    html = asked.content.decode()
    assert asked.status_code == 409
    assert 'data-testid="visit-third-time"' in html
    assert html.split('data-testid="visit-third-time"')[1].split("</ul>")[0].count("<li>") == 2
    assert Referral.objects.count() == 2
    whole = screen.post(url, form)
    assert whole.status_code == 409
    assert 'value="Kaipaa rytmiä"' in whole.content.decode()
    sent = {"anyway": service.pk, "reason": "Kaipaa rytmiä", "submission_key": uuid4()}
    for _ in range(2):
        assert screen.post(url, sent, headers=PART).status_code == 200
    made = Referral.objects.exclude(status="client_withdrew").get()
    assert (made.service_id, made.client_id, made.reason) == (service.pk, person.pk, "Kaipaa rytmiä")


@pytest.mark.parametrize("times", [0, 1])
def test_the_first_and_the_second_are_one_press_and_a_double_press_is_no_third(times: int, house: House) -> None:
    anna = house.advisor()
    visit, person = house.in_service(anna).visit, person_on_file(anna, moment=at(10))
    identity.join_client(visit, person, by=anna, at=house.now)
    service = offered(house, anna, person, times=times)
    form = {"service": service.pk, "submission_key": uuid4()}
    for _ in range(2):
        assert screen_of(anna).post(f"/kaynnit/{visit.pk}/ohjaa/", form, headers=PART).status_code == 200
    assert Referral.objects.count() == times + 1


def test_an_anonymous_visitor_is_never_counted(house: House) -> None:
    anna = house.advisor()
    visit = house.in_service(anna).visit
    service = ServiceRowFactory(service_classes=["P10.1"])
    for _ in range(3):
        form = {"service": service.pk, "submission_key": uuid4()}
        assert screen_of(anna).post(f"/kaynnit/{visit.pk}/ohjaa/", form, headers=PART).status_code == 200


def test_who_may_not_see_the_earlier_ones_is_not_asked(house: House) -> None:
    """Nothing hints at what another point's colleague sent."""
    anna = house.advisor()
    elsewhere = House(on=house.day.on)
    visit, person = house.in_service(anna).visit, person_on_file(anna, moment=at(10))
    identity.join_client(visit, person, by=anna, at=house.now)
    service = offered(elsewhere, elsewhere.advisor(), person, times=2)
    form = {"service": service.pk, "submission_key": uuid4()}
    answer = screen_of(anna).post(f"/kaynnit/{visit.pk}/ohjaa/", form, headers=PART)
    assert (answer.status_code, "visit-third-time" in answer.content.decode()) == (200, False)
