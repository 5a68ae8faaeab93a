"""Contact people, open places, contacts that cross: what two colleagues do at once is told, never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.utils.html import format_html

from employers import actions, occupations, slots
from employers.models import ContactEvent, ContactPerson, Employer, Position
from tests.factories.employers import EmployerFactory
from tests.factories.team import MembershipFactory
from tests.fixtures.budget import assert_budget
from tyoparkki.models import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from team.access import Member
    from tests.factories.visits import House

    Sign = Callable[..., Client]

LIST = "/tyonantajat/"


@pytest.fixture(autouse=True)
def today(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the test Wednesday on the screens too."""
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())


def text_of(answer: Any) -> str:
    return answer.content.decode()


def place_of(house: House, by: Member, **more: Any) -> Position:
    told: dict[str, Any] = {"kind": "job", "title": "Hitsaaja", **more}
    employer = more.pop("employer", None) or EmployerFactory(point=house.point)
    told.pop("employer", None)
    return actions.open_position(employer, by=by, at=house.now, today=house.day.on, **told)


def test_a_contact_by_a_colleague_since_the_page_was_opened_is_shown_first(house: House, client_for: Sign) -> None:
    employer = EmployerFactory(point=house.point)
    caller, colleague = house.advisor(), house.advisor(partner=True)
    browser, address = client_for(caller), f"{LIST}{employer.pk}/yhteys/"
    page = browser.get(f"{LIST}{employer.pk}/")
    assert page.context["aware_of"] == ""
    actions.log_contact(employer, kind="phone", about="Sovittiin tapaaminen.", by=colleague, at=house.now)
    typed = {"kind": "phone", "about": "Kysyin kesätöistä.", "aware_of": ""}
    refused = browser.post(address, typed)
    assert refused.status_code == 422
    assert "Kysyin kesätöistä." in text_of(refused)
    assert "Sovittiin tapaaminen." in text_of(refused)
    assert colleague.user.name in text_of(refused)
    assert ContactEvent.objects.count() == 1
    again = browser.post(address, {**typed, "aware_of": str(refused.context["aware_of"])})
    assert again.status_code == 303
    assert ContactEvent.objects.count() == 2


def test_the_page_says_who_when_and_why_before_a_new_contact(house: House, client_for: Sign) -> None:
    employer = EmployerFactory(point=house.point)
    caller, colleague = house.advisor(), house.advisor(partner=True)
    event = actions.log_contact(
        employer, kind="visit", about="Käytiin pajalla.", by=colleague, at=house.now - timedelta(days=13)
    )
    text = text_of(client_for(caller).get(f"{LIST}{employer.pk}/"))
    note = text[text.index('data-testid="recent-contact"') :][:700]
    assert colleague.user.name in note
    assert "Käytiin pajalla." in note
    event.at = house.now - timedelta(days=15)
    event.save()
    assert 'data-testid="recent-contact"' not in text_of(client_for(caller).get(f"{LIST}{employer.pk}/"))


def test_ones_own_contact_does_not_stand_in_the_way(house: House) -> None:
    employer, caller = EmployerFactory(point=house.point), house.advisor()
    actions.log_contact(employer, kind="phone", about="Ensimmäinen.", by=caller, at=house.now, aware_of="")
    actions.log_contact(employer, kind="phone", about="Toinen.", by=caller, at=house.now, aware_of="")
    assert ContactEvent.objects.count() == 2


def test_a_contact_without_words_is_asked_for_kindly(house: House, client_for: Sign) -> None:
    employer = EmployerFactory(point=house.point)
    typed = {"kind": "message", "about": " ", "next_step": "Soita perjantaina", "next_on": "eilen"}
    answer = client_for(house.advisor()).post(f"{LIST}{employer.pk}/yhteys/", typed)
    assert answer.status_code == 422
    assert "Soita perjantaina" in text_of(answer)
    assert 'value="message" checked' in text_of(answer)


def test_the_same_form_sent_twice_logs_one_contact(house: House, client_for: Sign) -> None:
    employer, browser = EmployerFactory(point=house.point), client_for(house.advisor())
    typed = {"kind": "phone", "about": "Kerran.", "aware_of": "", "submission_key": str(uuid4())}
    for _n in range(2):
        assert browser.post(f"{LIST}{employer.pk}/yhteys/", typed).status_code == 303
    assert ContactEvent.objects.count() == 1
    assert AuditEvent.objects.filter(verb="employer.contacted").count() == 1


def test_older_contacts_are_folded_and_undone_ones_are_gone(house: House, client_for: Sign) -> None:
    employer, caller = EmployerFactory(point=house.point), house.advisor()
    events = [
        actions.log_contact(
            employer, kind="phone", about=f"Puhelu {n}.", by=caller, at=house.now + timedelta(minutes=n)
        )
        for n in range(8)
    ]
    actions.undo_contact(events[7], by=caller, at=house.now)
    context = client_for(caller).get(f"{LIST}{employer.pk}/").context
    assert context["events"][0].about == "Puhelu 6."
    assert (len(context["events"]), len(context["older"]), context["event_count"]) == (6, 1, 7)


def test_contact_people_are_added_corrected_ended_and_brought_back(house: House, client_for: Sign) -> None:
    employer, browser = EmployerFactory(point=house.point), client_for(house.advisor())
    made = browser.post(f"{LIST}{employer.pk}/yhteyshenkilo/", {"name": "Aino Esimerkki", "phone": "+358 000 000 031"})
    assert made.status_code == 303
    person = ContactPerson.objects.get()
    browser.post(f"/yhteyshenkilot/{person.pk}/", {"name": "Aino Koe", "email": "aino@yritys.example"})
    person.refresh_from_db()
    assert (person.name, person.phone, person.email) == ("Aino Koe", "", "aino@yritys.example")
    browser.post(f"/yhteyshenkilot/{person.pk}/poista/")
    assert browser.get(f"{LIST}{employer.pk}/").context["people"] == []
    browser.post(f"/yhteyshenkilot/{person.pk}/palauta/")
    assert "Aino Koe" in text_of(browser.get(f"{LIST}{employer.pk}/"))
    wrong = browser.post(f"/yhteyshenkilot/{person.pk}/", {"name": "", "email": "aino"})
    assert wrong.status_code == 422
    assert "aino" in text_of(wrong)


def test_a_place_has_a_field_hours_and_days(house: House, client_for: Sign) -> None:
    employer, browser = EmployerFactory(point=house.point), client_for(house.advisor())
    told = {
        "title": "Siivooja, iltavuoro",
        "kind": "subsidised",
        "occupation_code": "91",
        "places": "3",
        "hours_per_week": "18,5",
        "starts_on": "2026-12-01",
        "open_until": "2026-11-30",
        "details": "Suomi A2 riittää.",
    }
    assert browser.get(f"{LIST}{employer.pk}/paikat/").status_code == 200
    assert browser.post(f"{LIST}{employer.pk}/paikat/", told).status_code == 303
    place = Position.objects.get()
    assert (str(place.hours_per_week), place.occupation_code, place.confirmed_on) == ("18.5", "91", house.day.on)
    assert browser.post(f"{LIST}{employer.pk}/paikat/", {**told, "title": "", "places": "0"}).status_code == 422


def test_two_who_mend_a_place_at_once_are_told_of_each_other(house: House, client_for: Sign) -> None:
    one, other = house.advisor(), house.advisor()
    place = place_of(house, one)
    browser, address = client_for(other), f"/paikat/{place.pk}/"
    version = browser.get(address).context["version"]
    actions.change_position(
        place, version=1, by=one, at=house.now, today=house.day.on, title="Hitsaaja, yövuoro", kind="job"
    )
    typed = {"title": "Hitsaaja, päivävuoro", "kind": "job", "places": "2", "version": version}
    late = browser.post(address, typed)
    assert late.status_code == 422
    assert "Hitsaaja, päivävuoro" in text_of(late)
    assert "Hitsaaja, yövuoro" in text_of(late)
    assert browser.post(address, {**typed, "version": late.context["version"]}).status_code == 303
    place.refresh_from_db()
    assert (place.title, place.places, place.version) == ("Hitsaaja, päivävuoro", 2, 3)


def test_what_a_colleague_saved_of_an_employer_is_shown_beside_ones_own(house: House, client_for: Sign) -> None:
    employer = EmployerFactory(point=house.point, name="Vanha nimi")
    browser, address = client_for(house.advisor()), f"{LIST}{employer.pk}/muuta/"
    actions.change(employer, version=1, by=house.advisor(), at=house.now, name="Työkaverin nimi", size="large")
    late = browser.post(address, {"name": "Minun nimeni", "size": "micro", "version": "1"})
    assert late.status_code == 422
    assert 'data-testid="employer-newer"' in text_of(late)
    assert "Työkaverin nimi" in text_of(late)
    assert browser.post(address, {"name": "Minun nimeni", "size": "micro", "version": "2"}).status_code == 303
    assert Employer.objects.get().version == 3
    assert AuditEvent.objects.filter(verb="employer.changed").order_by("-id").first().fields == ["name", "size"]


def test_a_business_id_that_is_here_leads_to_the_employer(house: House, client_for: Sign) -> None:
    known = EmployerFactory(point=house.point, business_id="0146921-4")
    typed = {"name": "Toinen", "size": "micro", "business_id": "01469214", "contact_name": "Aino"}
    text = text_of(client_for(house.advisor()).post(f"{LIST}uusi/", typed))
    assert f'href="{LIST}{known.pk}/"' in text
    assert "Aino" in text
    other = EmployerFactory(point=house.point)
    late = client_for(house.advisor()).post(
        f"{LIST}{other.pk}/muuta/", {"name": "Toinen", "size": "micro", "business_id": "0146921-4", "version": "1"}
    )
    assert late.status_code == 422


@pytest.mark.parametrize("typed", ["0146921-5", "123", "abc", "0146921-44", "1234567"])
def test_each_wrong_business_id_says_how_to_mend_it(house: House, client_for: Sign, typed: str) -> None:
    answer = client_for(house.advisor()).post(f"{LIST}uusi/", {"name": "Koe", "size": "micro", "business_id": typed})
    assert answer.status_code == 422
    assert typed in text_of(answer)
    assert len(answer.context["form"].errors["business_id"]) == 1


def test_all_open_places_stand_in_one_list_by_kind_and_field(house: House, client_for: Sign) -> None:
    advisor = house.advisor()
    place_of(house, advisor, title="Hitsaaja", occupation_code="72")
    place_of(house, advisor, title="Siivooja", kind="subsidised", occupation_code="91")
    place_of(house, advisor, title="Puutarhuri", kind="subsidised")
    actions.move_position(place_of(house, advisor, title="Mennyt"), Position.Status.FILLED, by=advisor, at=house.now)
    browser = client_for(advisor)

    def titles(**query: str) -> set[str]:
        return {row.title for row in browser.get(f"{LIST}paikat/", query).context["places"]}

    assert titles() == {"Hitsaaja", "Siivooja", "Puutarhuri"}
    assert titles(laji="subsidised") == {"Siivooja", "Puutarhuri"}
    assert titles(laji="subsidised", ala="91") == {"Siivooja"}
    assert titles(laji="nonsense") == {"Hitsaaja", "Siivooja", "Puutarhuri"}
    assert occupations.name("91")
    part = browser.get(f"{LIST}paikat/", headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)


def test_options_say_who_spoke_last_and_need_letters(house: House, client_for: Sign) -> None:
    employer, caller = EmployerFactory(point=house.point, name="Hämeen Puu Koe"), house.advisor()
    actions.log_contact(employer, kind="phone", about="Etsii ajoneuvoasentajaa.", by=caller, at=house.now)
    browser = client_for(caller)
    text = text_of(browser.get(f"{LIST}haku/", {"q": "puu"}))
    assert f'data-value="{employer.pk}"' in text
    assert "Etsii ajoneuvoasentajaa." in text
    assert "data-value" not in text_of(browser.get(f"{LIST}haku/", {"q": ""}))
    assert "data-value" not in text_of(browser.get(f"{LIST}haku/", {"q": "zzz"}))


def test_lists_hear_of_changes_and_only_those_who_may(house: House, client_for: Sign) -> None:
    topic = actions.live_topic(house.point.pk)
    answer = client_for(house.advisor()).get(LIST)
    assert f'data-live="{topic}"' in text_of(answer)
    assert "tp_live" in answer.cookies
    browser = client_for(house.advisor())
    assert browser.post("/live-pass/", {"topic": topic}).status_code == 204
    stranger = client_for(MembershipFactory(point=house.point, role="expert"))
    refused = stranger.post("/live-pass/", {"topic": topic})
    assert refused.status_code == 401


def test_what_is_elsewhere_is_missing_here(house: House, client_for: Sign) -> None:
    foreign = EmployerFactory()
    stranger = house.advisor()
    place = place_of(house, stranger, employer=foreign)
    person = actions.add_person(foreign, name="Aino", by=stranger, at=house.now)
    browser = client_for(house.advisor())
    for path in (
        f"{LIST}{foreign.pk}/",
        f"{LIST}{foreign.pk}/muuta/",
        f"/paikat/{place.pk}/",
        f"/yhteyshenkilot/{person.pk}/",
    ):
        assert browser.get(path).status_code == 404
    for path in (
        f"/paikat/{place.pk}/taytetty/",
        f"/yhteyshenkilot/{person.pk}/poista/",
        f"{LIST}{foreign.pk}/yhteys/",
    ):
        assert browser.post(path).status_code == 404
    own = place_of(house, stranger)
    assert browser.post(f"/paikat/{own.pk}/muuta/").status_code == 404


def test_a_manager_reads_and_does_not_write(house: House, client_for: Sign) -> None:
    employer = EmployerFactory(point=house.point)
    browser = client_for(MembershipFactory(point=house.point, manager=True))
    text = text_of(browser.get(f"{LIST}{employer.pk}/"))
    assert 'data-testid="contact-form"' not in text
    assert browser.post(f"{LIST}{employer.pk}/yhteys/", {"kind": "phone", "about": "x"}).status_code == 404


def test_the_page_costs_the_same_with_few_and_with_many(house: House, client_for: Sign) -> None:
    employer, caller = EmployerFactory(point=house.point), house.advisor()
    browser: Any = client_for(caller)

    def fill(n: int) -> None:
        for number in range(n):
            actions.log_contact(employer, kind="phone", about=f"{number}", by=caller, at=house.now)
            place_of(house, caller, employer=employer, title=f"Paikka {number}")
            actions.add_person(employer, name=f"Aino {number}", by=caller, at=house.now)

    fill(1)
    browser.get(f"{LIST}{employer.pk}/")
    with assert_budget(10) as few:
        browser.get(f"{LIST}{employer.pk}/")
    fill(20)
    with assert_budget(10) as many:
        browser.get(f"{LIST}{employer.pk}/")
    assert len(few) == len(many)
    with assert_budget(10):
        browser.get(f"{LIST}paikat/")


def test_slots_are_filled_by_the_apps_above(house: House, client_for: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    employer = EmployerFactory(point=house.point)
    monkeypatch.setitem(slots._fillers, "here", lambda request, employer: format_html("<b>{}</b>", "T04"))
    assert "<b>T04</b>" in text_of(client_for(house.advisor()).get(f"{LIST}{employer.pk}/"))
    with pytest.raises(LookupError):
        slots.fill("nothing", lambda request, employer: format_html("{}", ""))


def test_search_and_go_finds_employers(house: House, client_for: Sign) -> None:
    employer = EmployerFactory(point=house.point, name="Hämeen Puu Koe")
    assert f"{LIST}{employer.pk}/" in text_of(client_for(house.advisor()).get("/haku/", {"q": "puu"}))


def test_a_refused_audit_takes_the_act_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from tyoparkki import audit

    employer, caller = EmployerFactory(point=house.point), house.advisor()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no trace")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        actions.log_contact(employer, kind="phone", about="Ei jää.", by=caller, at=house.now)
    assert not ContactEvent.objects.exists()
