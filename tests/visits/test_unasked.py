"""However a visit ends, what nobody asked is said to be unasked; a young visitor hears of Ohjaamo and is served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from team.models import Term
from tests.factories.services import ServiceFactory
from tests.factories.team import at
from tests.factories.visits import House
from visits.actions import calling, closing, encounters, situation, undo
from visits.models import Visit

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven o'clock on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 5).isoformat())


def left(house: House) -> Visit:
    return calling.leave(house.arrive(), by=house.desk, at=house.now)


def did_not_come(house: House) -> Visit:
    visit, advisor = house.arrive(), house.advisor()
    for call in (calling.call_in, calling.call_again):
        visit = call(visit, by=advisor, at=house.now)
    return calling.did_not_come(visit, by=advisor, at=house.now)


def ended_at_night(house: House) -> Visit:
    visit = house.arrive()
    closing.end_leftovers(house.day, at=at(23))
    return visit


def finished(house: House) -> Visit:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    result = Term.objects.get(point=house.point, kind=Term.Kind.RESULT, code="riitti")
    return encounters.finish(visit, result=result, by=advisor, at=house.now)


@pytest.mark.parametrize("end", [left, did_not_come, ended_at_night, finished])
def test_every_visit_that_is_over_has_a_situation_and_an_age_or_says_that_they_were_not_asked(
    end: Callable[[House], Visit], house: House
) -> None:
    visit = Visit.objects.select_related("situation", "age_band").get(pk=end(house).pk)
    words = [(visit.situation, Term.Kind.SITUATION), (visit.age_band, Term.Kind.AGE_BAND)]
    assert [(term and term.code, term and term.kind) for term, _kind in words] == [
        (Term.NOT_ASKED, kind) for _term, kind in words
    ]


def test_what_was_told_stays_when_the_visitor_leaves(house: House) -> None:
    told = Term.objects.get(point=house.point, kind=Term.Kind.AGE_BAND, code="35_44")
    visit = situation.describe(house.arrive(), age_band=told, by=house.desk, at=house.now)
    calling.leave(visit, by=house.desk, at=house.now)
    visit.refresh_from_db()
    assert visit.age_band == told
    assert visit.situation is not None


def test_who_comes_back_after_all_can_be_asked(house: House) -> None:
    visit = left(house)
    undo.undo(undo.latest(visit), by=house.desk, at=house.now)  # type: ignore[arg-type]  # it left a moment ago
    visit.refresh_from_db()
    assert (visit.state, visit.situation_id, visit.age_band_id) == (Visit.State.WAITING, None, None)


def screen_of(advisor: Any) -> Client:
    client = Client()
    client.force_login(advisor.user)
    return client


@pytest.mark.parametrize(("code", "is_told"), [("alle_30", True), ("30_34", False)])
def test_a_visitor_under_30_is_told_of_ohjaamo_and_served_all_the_same(code: str, is_told: bool, house: House) -> None:
    Term.objects.create(point=house.point, kind=Term.Kind.AGE_BAND, code="alle_30", names={"fi": "Alle 30"})
    ServiceFactory(names={"fi": "Ohjaamo Malli", "sv": "Navigatorn", "en": "Ohjaamo"}, service_classes=["P28.5"])
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    age = Term.objects.get(point=house.point, kind=Term.Kind.AGE_BAND, code=code)
    answer = screen_of(advisor).post(f"/kaynnit/{visit.pk}/tilanne/", {"age_band": age.pk}, headers=PART)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert ('data-testid="visit-pointer"' in html, "Ohjaamo Malli" in html) == (is_told, is_told)
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.IN_SERVICE


def test_without_such_a_service_in_the_catalogue_the_kind_word_stands_alone(house: House) -> None:
    age = Term.objects.create(point=house.point, kind=Term.Kind.AGE_BAND, code="alle_30", names={"fi": "Alle 30"})
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    situation.describe(visit, age_band=age, by=advisor, at=house.now)
    html = screen_of(advisor).get("/oma-kaynti/").content.decode()
    assert 'data-testid="visit-pointer"' in html
    assert "/palvelut/" not in html.split('data-testid="visit-pointer"')[1].split("</p>")[0]
