"""The employers' register: seen by all organisations of the point, kind to slips, one effect a press."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from employers import actions
from employers.models import ContactEvent, Employer, Position
from tests.factories.employers import EmployerFactory
from tests.factories.team import MembershipFactory, at
from tests.fixtures.budget import assert_budget

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.factories.visits import House

LIST = "/tyonantajat/"


def test_an_employer_is_registered_with_its_name_alone(house: House, client_for: Callable[..., Client]) -> None:
    advisor = house.advisor()
    answer = client_for(advisor).post(f"{LIST}uusi/", {"name": "Kukkakauppa Koe", "size": "unknown"})
    assert answer.status_code == 303
    assert Employer.objects.get().name == "Kukkakauppa Koe"


@pytest.mark.parametrize(("typed", "kept"), [("0146921-4", "0146921-4"), ("01469214", "0146921-4"), ("", "")])
def test_a_business_id_is_kept_in_its_usual_form(
    house: House, client_for: Callable[..., Client], typed: str, kept: str
) -> None:
    client_for(house.advisor()).post(f"{LIST}uusi/", {"name": "Koe", "size": "micro", "business_id": typed})
    assert Employer.objects.get().business_id == kept


def test_a_wrong_business_id_is_said_kindly_and_nothing_typed_is_lost(
    house: House, client_for: Callable[..., Client]
) -> None:
    typed = {"name": "Koe Esimerkki", "size": "micro", "business_id": "0146921-5", "contact_name": "Aino"}
    answer = client_for(house.advisor()).post(f"{LIST}uusi/", typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Koe Esimerkki" in text
    assert "0146921-5" in text
    assert not Employer.objects.exists()


def test_the_same_business_id_is_registered_once(house: House, client_for: Callable[..., Client]) -> None:
    EmployerFactory(point=house.point, business_id="0146921-4")
    typed = {"name": "Toinen", "size": "micro", "business_id": "0146921-4"}
    assert client_for(house.advisor()).post(f"{LIST}uusi/", typed).status_code == 422
    assert Employer.objects.count() == 1


def test_three_letters_of_any_word_find_an_employer(house: House, client_for: Callable[..., Client]) -> None:
    EmployerFactory(point=house.point, name="Hämeen Siivouspalvelu Koe")
    text = client_for(house.advisor()).get(LIST, {"q": "sii"}).content.decode()
    assert "Hämeen Siivouspalvelu Koe" in text
    assert "Siivouspalvelu" not in client_for(house.advisor()).get(LIST, {"q": "kukka"}).content.decode()


def test_every_organisation_sees_who_was_in_touch_last(house: House, client_for: Callable[..., Client]) -> None:
    employer = EmployerFactory(point=house.point)
    caller, partner = house.advisor(), house.advisor(partner=True)
    answer = client_for(caller).post(f"{LIST}{employer.pk}/yhteys/", {"kind": "phone", "about": "Etsii siivoojia."})
    assert answer.status_code == 303
    text = client_for(partner).get(f"{LIST}{employer.pk}/").content.decode()
    assert "Etsii siivoojia." in text
    assert caller.user.name in text


def test_a_recent_contact_by_somebody_else_is_shown_before_a_new_one(house: House) -> None:
    employer = EmployerFactory(point=house.point)
    caller = house.advisor()
    actions.log_contact(employer, kind="phone", about="Soitettiin.", by=caller, at=house.now)
    assert actions.recent_contact(employer, at=house.now + timedelta(days=13)) is not None
    assert actions.recent_contact(employer, at=house.now + timedelta(days=15)) is None


def test_a_contact_can_be_taken_back_by_who_logged_it_only(house: House, client_for: Callable[..., Client]) -> None:
    employer = EmployerFactory(point=house.point)
    caller, other = house.advisor(), house.advisor()
    event = actions.log_contact(employer, kind="phone", about="Väärä yritys.", by=caller, at=house.now)
    assert client_for(other).post(f"/yhteydet/{event.pk}/kumoa/").status_code == 404
    assert client_for(caller).post(f"/yhteydet/{event.pk}/kumoa/").status_code == 303
    assert ContactEvent.objects.get().undone_at is not None


def test_a_filled_place_leaves_every_list_at_once_and_can_be_opened_again(
    house: House, client_for: Callable[..., Client]
) -> None:
    employer = EmployerFactory(point=house.point)
    browser = client_for(house.advisor())
    browser.post(f"{LIST}{employer.pk}/paikat/", {"title": "Keittiöapulainen", "kind": "job", "places": "2"})
    place = Position.objects.get()
    assert "Keittiöapulainen" in browser.get(f"{LIST}paikat/").content.decode()
    browser.post(f"/paikat/{place.pk}/taytetty/")
    browser.get(f"{LIST}paikat/")  # the toast names the place once
    assert "Keittiöapulainen" not in browser.get(f"{LIST}paikat/").content.decode()
    browser.post(f"/paikat/{place.pk}/avoinna/")
    assert Position.objects.get().closed_at is None


def test_a_place_that_is_filled_already_is_not_filled_twice(house: House) -> None:
    employer = EmployerFactory(point=house.point)
    advisor = house.advisor()
    place = actions.open_position(employer, kind="job", title="Hitsaaja", by=advisor, at=house.now, today=house.day.on)
    actions.move_position(place, Position.Status.FILLED, by=advisor, at=house.now)
    with pytest.raises(actions.AlreadyDone):
        actions.move_position(place, Position.Status.FILLED, by=advisor, at=house.now)


def test_a_change_by_a_colleague_is_told_and_not_overwritten(house: House, client_for: Callable[..., Client]) -> None:
    employer = EmployerFactory(point=house.point, name="Vanha nimi")
    actions.change(employer, version=1, by=house.advisor(), at=at(12), name="Työkaverin nimi")
    typed = {"name": "Minun nimeni", "size": "micro", "version": "1"}
    answer = client_for(house.advisor()).post(f"{LIST}{employer.pk}/muuta/", typed)
    assert answer.status_code == 422
    assert "Minun nimeni" in answer.content.decode()
    assert Employer.objects.get().name == "Työkaverin nimi"


def test_another_points_employer_does_not_exist_here(house: House, client_for: Callable[..., Client]) -> None:
    foreign = EmployerFactory()
    assert client_for(house.advisor()).get(f"{LIST}{foreign.pk}/").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("admin", 404), ("expert", 404), ("manager", 200), ("advisor", 200)])
def test_the_register_is_for_those_who_may(
    house: House, client_for: Callable[..., Client], role: str, status: int
) -> None:
    assert client_for(MembershipFactory(point=house.point, role=role)).get(LIST).status_code == status


def test_the_list_costs_the_same_with_one_and_with_thirty(house: House, client_for: Callable[..., Client]) -> None:
    browser: Any = client_for(house.advisor())
    EmployerFactory(point=house.point)
    browser.get(LIST)
    with assert_budget(10) as one:
        browser.get(LIST)
    EmployerFactory.create_batch(29, point=house.point)
    with assert_budget(10) as thirty:
        browser.get(LIST)
    assert len(one) == len(thirty)
