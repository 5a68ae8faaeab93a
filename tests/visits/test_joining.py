"""Somebody put on file during a visit, or found there while being typed: the visit is theirs in the same press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from clients.models import Client
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from visits.actions import identity
from visits.models import Visit, VisitClient

pytestmark = pytest.mark.django_db
Sign = Callable[[Member], Browser]
NEW = {"name": "Kielo Esimerkki", "may_record": "on", "how": "words", "read_in": "fi"}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def anna(house: House) -> Member:
    """An advisor with a visitor."""
    return house.advisor()


@pytest.fixture
def visit(house: House, anna: Member) -> Visit:
    """The visit that goes on."""
    return house.in_service(anna, moment=at(11)).visit


def owner(visit: Visit) -> Client | None:
    """Whose visit it is."""
    link = VisitClient.objects.filter(visit=visit, ended_at__isnull=True).select_related("client").first()
    return link.client if link else None


def recorded(browser: Browser, **typed: Any) -> Any:
    return browser.post("/asiakkaat/uusi/", {**NEW, **typed})


def test_the_form_knows_the_visit_it_was_opened_in(anna: Member, visit: Visit, client_for: Sign) -> None:
    browser = client_for(anna)
    assert f"/asiakkaat/uusi/?kaynti={visit.pk}" in browser.get("/oma-kaynti/").content.decode()
    form = browser.get(f"/asiakkaat/uusi/?kaynti={visit.pk}").content.decode()
    assert f'name="visit" value="{visit.pk}"' in form
    assert 'value="nonsense"' not in browser.get("/asiakkaat/uusi/?kaynti=nonsense").content.decode()


def test_who_is_recorded_during_a_visit_is_joined_to_it(anna: Member, visit: Visit, client_for: Sign) -> None:
    browser = client_for(anna)
    answer = recorded(browser, visit=visit.pk, submission_key=uuid4())
    assert answer["Location"] == "/oma-kaynti/"
    person = Client.objects.get()
    assert owner(visit) == person
    page = browser.get("/oma-kaynti/").content.decode()
    assert f"/kaynnit/{visit.pk}/asiakas/irrota/" in page
    browser.post(f"/kaynnit/{visit.pk}/asiakas/irrota/")
    assert owner(visit) is None
    assert Client.objects.get() == person


def test_a_double_press_records_and_joins_once(anna: Member, visit: Visit, client_for: Sign) -> None:
    browser, key = client_for(anna), uuid4()
    for _ in range(2):
        recorded(browser, visit=visit.pk, submission_key=key)
    assert Client.objects.count() == 1
    assert VisitClient.objects.count() == 1


def test_of_a_visit_that_is_not_ones_own_nothing_comes(
    house: House, anna: Member, visit: Visit, client_for: Sign
) -> None:
    other = house.advisor()
    answer = recorded(client_for(other), visit=visit.pk)
    assert answer["Location"] == f"/asiakkaat/{Client.objects.get().pk}/"
    assert owner(visit) is None


def test_a_visit_that_became_somebodys_meanwhile_stays_theirs(anna: Member, visit: Visit, client_for: Sign) -> None:
    first = person_on_file(anna, name="Onni Toinen")
    identity.join_client(visit, first, by=anna, at=at(11, 30))
    answer = recorded(client_for(anna), visit=visit.pk)
    new = Client.objects.exclude(pk=first.pk).get()
    assert answer["Location"] == f"/asiakkaat/{new.pk}/"
    assert owner(visit) == first


def test_who_is_on_file_already_is_joined_instead(anna: Member, visit: Visit, client_for: Sign) -> None:
    known, browser = person_on_file(anna, name="Kielo Esimerkki"), client_for(anna)
    asked = recorded(browser, visit=visit.pk)
    assert asked.status_code == 409
    assert f'name="use" value="{known.pk}"' in asked.content.decode()
    answer = recorded(browser, visit=visit.pk, use=known.pk)
    assert answer["Location"] == "/oma-kaynti/"
    assert owner(visit) == known
    assert Client.objects.get() == known


def test_whom_one_may_not_see_one_cannot_choose(anna: Member, visit: Visit, client_for: Sign) -> None:
    stranger = person_on_file(House().advisor(), name="Kielo Esimerkki")
    for key in (stranger.pk, uuid4(), "nonsense"):
        assert recorded(client_for(anna), visit=visit.pk, use=key).status_code == 404
    assert owner(visit) is None


def test_outside_a_visit_the_file_is_opened(anna: Member, client_for: Sign) -> None:
    known = person_on_file(anna, name="Kielo Esimerkki")
    asked = recorded(client_for(anna)).content.decode()
    assert f'href="/asiakkaat/{known.pk}/"' in asked
    assert 'name="use"' not in asked


def test_enter_in_a_field_joins_the_visit_to_nobody(anna: Member, visit: Visit, client_for: Sign) -> None:
    """The browser presses the first button of the form: that is not one of those that choose somebody."""
    known = person_on_file(anna, name="Kielo Esimerkki")
    page = recorded(client_for(anna), visit=visit.pk).content.decode()
    assert f'form="use-form" name="use" value="{known.pk}"' in page
    assert 'id="use-form"' in page
