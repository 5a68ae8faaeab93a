"""The employers' register: seen by all organisations of the point, kind to slips, one effect a press."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from employers import actions
from employers.models import ContactEvent, Employer, Position
from tests.factories.employers import EmployerFactory
from tests.factories.team import MembershipFactory, at
from tests.fixtures.budget import assert_budget

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from team.access import Member
    from tests.factories.visits import House

LIST = "/tyonantajat/"


def test_an_employer_is_registered_with_its_name_alone(house: House, client_for: Callable[..., Client]) -> None:
    advisor = house.advisor()
    answer = client_for(advisor).post(f"{LIST}uusi/", {"name": "Kukkakauppa Koe", "size": "unknown"})
    assert answer.status_code == 303
    assert Employer.objects.get().name == "Kukkakauppa Koe"


def test_without_a_business_id_a_name_stands_on_the_register_once(
    house: House, client_for: Callable[..., Client]
) -> None:
    advisor, browser = house.advisor(), client_for(house.advisor())
    known = EmployerFactory(point=house.point, name="Kukkakauppa Koe")
    answer = browser.post(f"{LIST}uusi/", {"name": "kukkakauppa  koe", "size": "unknown"})
    assert answer.status_code == 422
    assert f"{LIST}{known.pk}/" in answer.content.decode()
    assert "name" in answer.context["form"].errors
    typed = {"name": "Kukkakauppa Koe", "size": "unknown", "business_id": "0146921-4"}
    assert browser.post(f"{LIST}uusi/", typed).status_code == 303
    other = Employer.objects.get(business_id="0146921-4")
    with pytest.raises(actions.AlreadyRegistered) as refusal:
        actions.change(other, version=1, by=advisor, at=house.now, name="Kukkakauppa Koe")
    assert refusal.value.employer == known


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("business_id", ["0146921-4", ""])
def test_two_clerks_who_register_the_same_employer_at_once_get_one(house: House, business_id: str) -> None:
    clerks, barrier = [house.advisor() for _ in range(2)], threading.Barrier(2, timeout=20)

    def register(who: Member) -> set[Any]:
        found = set()
        try:
            for number in range(10):
                barrier.wait()
                name = f"Kilpailtu {number} Oy"
                if not business_id:
                    found.add(actions.register_by_name(name, by=who, at=house.now).pk)
                    continue
                told = {"name": f"{name} {who.membership_id}", "business_id": f"000000{number}-0"}
                try:
                    found.add(actions.register(by=who, at=house.now, **told).pk)
                except actions.AlreadyRegistered as refusal:
                    found.add(refusal.employer.pk)
        finally:
            connections.close_all()
        return found

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(register, clerks)
    assert one == other
    assert Employer.objects.count() == len(one) == 10


def test_the_list_of_places_narrows_counts_and_cuts_in_the_database(
    house: House, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("employers.views.MOST", 3)
    advisor, employer = house.advisor(), EmployerFactory(point=house.point)
    for number in range(5):
        kind, code = ("job", "91") if number % 2 else ("trial", "51")
        actions.open_position(
            employer,
            kind=kind,
            title=f"Paikka {number}",
            occupation_code=code,
            by=advisor,
            at=house.now + timedelta(minutes=number),
            today=house.day.on,
        )
    everything = client_for(advisor).get(f"{LIST}paikat/").context
    assert [row.title for row in everything["places"]] == ["Paikka 4", "Paikka 3", "Paikka 2"]
    assert (everything["count"], everything["all_count"], everything["more"]) == (5, 5, True)
    assert {code: count for code, _name, count in everything["kinds"] if count} == {"job": 2, "trial": 3}
    assert [code for code, _name in everything["fields"]] == ["51", "91"]
    narrowed = client_for(advisor).get(f"{LIST}paikat/", {"laji": "job", "ala": "91"}).context
    assert [row.title for row in narrowed["places"]] == ["Paikka 3", "Paikka 1"]
    assert (narrowed["count"], narrowed["all_count"], narrowed["more"]) == (2, 5, False)


def test_a_long_log_is_cut_in_the_database(
    house: House, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("employers.views.MOST", 8)
    caller, employer = house.advisor(), EmployerFactory(point=house.point)
    for number in range(12):
        actions.log_contact(employer, kind="phone", about=f"Puhelu {number}.", by=caller, at=house.now)
    context = client_for(caller).get(f"{LIST}{employer.pk}/").context
    assert (len(context["events"]), len(context["older"]), context["event_count"]) == (6, 2, 12)
    assert context["event_limit"] == 8


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
