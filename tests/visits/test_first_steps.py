"""Who helps, how sure, a next step with a day; and what is asked in one press beside the record."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories.clients import person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from visits.actions import encounters, identity
from visits.actions.guidance import mark
from visits.models import AgreedStep, Guidance, Visit

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven o'clock on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 5).isoformat())


def screen_of(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def test_who_helps_saves_itself_with_the_other_texts(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    form = {"helpers": "Sisko ja naapuri", "shown_helpers": mark("")}
    assert screen_of(advisor).post(f"/kaynnit/{encounter.visit_id}/ohjaus/", form, headers=PART).status_code == 200
    assert Guidance.objects.get(pk=encounter.pk).helpers == "Sisko ja naapuri"


@pytest.mark.parametrize("value", ["0", "10"])
def test_how_sure_the_visitor_is_goes_from_nought_to_ten_and_is_taken_away(value: str, house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    screen, url = screen_of(advisor), f"/kaynnit/{encounter.visit_id}/arvio/"
    html = screen.post(url, {"confidence": value}, headers=PART).content.decode()
    assert Guidance.objects.get(pk=encounter.pk).confidence == int(value)
    assert html.split(f'id="sure-{value}"')[1].split(">")[0].count('aria-pressed="true"') == 1
    screen.post(url, {"confidence": ""}, headers=PART)
    assert Guidance.objects.get(pk=encounter.pk).confidence is None
    assert screen.post(url, {"confidence": "11"}, headers=PART).status_code == 404


def test_the_small_next_step_with_a_day_is_agreed_and_stands_on_the_slip(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    form = {"next_step": "Soitan oppilaitokseen", "next_due": "2026-11-25", "notes": "x", "submission_key": uuid4()}
    screen = screen_of(advisor)
    for _ in range(2):
        assert screen.post(f"/kaynnit/{visit.pk}/seuraava-askel/", form, headers=PART).status_code == 200
    step = AgreedStep.objects.get()
    assert (step.what, step.who, step.due_on) == ("Soitan oppilaitokseen", "visitor", date(2026, 11, 25))
    slip = screen.get(f"/kaynnit/{visit.pk}/muistilista/").content.decode()
    assert "Soitan oppilaitokseen" in slip
    assert "25.11.2026" in slip


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"next_step": "Soitan", "next_due": ""}, "Kerro, mihin päivään"),
        ({"next_step": "Soitan", "next_due": "ensi viikolla"}, "päivämäärä"),
        ({"next_step": " ", "next_due": "2026-11-25"}, "Kirjoita ensin"),
        ({"next_step": "s" * 161, "next_due": "2026-11-25"}, "Lyhennä"),
    ],
)
def test_a_next_step_that_is_not_ready_is_not_agreed_and_says_what_is_missing(
    typed: dict[str, str], said: str, house: House
) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    answer = screen_of(advisor).post(f"/kaynnit/{visit.pk}/seuraava-askel/", typed, headers=PART)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AgreedStep.objects.exists()


def test_how_the_visitor_heard_of_us_is_one_press_of_the_points_own_words(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    word = house.point.terms.get(kind="source", code="kaveri")
    screen, url = screen_of(advisor), f"/kaynnit/{visit.pk}/tilanne/"
    html = screen.post(url, {"source": word.pk}, headers=PART).content.decode()
    assert Visit.objects.get(pk=visit.pk).source == word
    assert 'aria-pressed="true"' in html.split('id="source-kaveri"')[1].split(">")[0]
    other = house.point.terms.get(kind="aside", code="muu")
    assert screen.post(url, {"source": other.pk}, headers=PART).status_code == 422
    assert Visit.objects.get(pk=visit.pk).source == word


def test_a_check_in_asks_nothing_of_it_and_the_desk_may_add_it_later(house: House) -> None:
    visit = house.arrive()
    html = screen_of(house.desk).get(f"/kaynnit/{visit.pk}/tiedot/").content.decode()
    assert visit.source is None
    assert 'data-testid="details-source"' in html
    assert "kaveri" in html.split('data-testid="details-source"')[1].split("</select>")[0]


def test_an_offer_of_money_advice_is_marked_and_taken_back(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    screen, url = screen_of(advisor), f"/kaynnit/{visit.pk}/tilanne/"
    for pressed, kept in (("wanted", "wanted"), ("later", "later"), ("none", "")):
        assert screen.post(url, {"money_advice": pressed}, headers=PART).status_code == 200
        assert Visit.objects.get(pk=visit.pk).money_advice == kept
    assert screen.post(url, {"money_advice": "ehka"}, headers=PART).status_code == 422


def test_money_advice_is_offered_on_a_first_visit_only(house: House) -> None:
    advisor = house.advisor()
    first, person = house.in_service(advisor), person_on_file(advisor, moment=at(10))
    screen, offer = screen_of(advisor), 'data-testid="visit-money-wanted"'
    identity.join_client(first.visit, person, by=advisor, at=house.now)
    assert offer in screen.get("/oma-kaynti/").content.decode()
    encounters.finish(first.visit, result=house.result(), by=advisor, at=house.now)
    second = house.in_service(advisor)
    identity.join_client(second.visit, person, by=advisor, at=house.now)
    assert offer not in screen.get("/oma-kaynti/").content.decode()
