"""A tablet handed over: six digits, one person, one matter, one answer, no way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import handover as handovers
from clients.actions.consent import AlreadyGiven, withdraw_consent
from clients.models import Client, Consent, HandoverSession
from clients.models.consent import Purpose
from team.access import Member
from team.models import Device
from tests.factories.clients import person_on_file
from tests.factories.team import DeviceFactory, MembershipFactory, OrganisationFactory, at
from tyoparkki.codes import Offer
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db

NOW = at(11)
TABLET = "/luovutus/"
CONTACT = {"asks": ["contact"], "language": "fi"}


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def desk() -> Member:
    return Member(MembershipFactory(front_desk=True))


@pytest.fixture
def person(desk: Member) -> Client:
    return person_on_file(desk, moment=at(10), name="Kielo Esimerkki")


@pytest.fixture
def device(desk: Member) -> Device:
    row: Device = DeviceFactory(point=desk.membership.point, kind="handover", token="luovutus-1")
    return row


@pytest.fixture
def tablet(device: Device) -> Browser:
    browser = Browser(headers={"Accept": "text/html"})
    browser.cookies["device_handover"] = "luovutus-1"
    return browser


def opened(desk: Member, person: Client, **told: Any) -> Offer[HandoverSession]:
    return handovers.open_session(person, by=desk, at=NOW, **{**CONTACT, **told})


def page(browser: Browser, query: str = "") -> str:
    return browser.get(TABLET + query).content.decode()


def contact_of(person: Client) -> Consent | None:
    return person.consents.not_withdrawn().filter(purpose=Purpose.CONTACT).first()


def test_it_waits_for_six_digits_and_shows_nobody(tablet: Browser, desk: Member, person: Client) -> None:
    opened(desk, person)
    shown = page(tablet)
    assert 'data-testid="handover-waits"' in shown
    assert "Kielo" not in shown


def test_a_feedback_tablet_has_no_such_page(desk: Member, person: Client) -> None:
    DeviceFactory(point=desk.membership.point, kind="feedback", token="palaute-1")
    browser = Browser(headers={"Accept": "text/html"})
    for name in ("device_feedback", "device_handover"):
        browser.cookies[name] = "palaute-1"
    assert browser.get(TABLET).status_code == 401
    assert browser.post(TABLET, {"code": opened(desk, person).code}).status_code == 401
    assert Browser().get(TABLET).status_code == 401


def test_a_yes_is_a_consent_given_on_the_tablet_in_the_words_that_were_read(
    tablet: Browser, desk: Member, person: Client, device: Device
) -> None:
    offer = opened(desk, person)
    assert tablet.post(TABLET, {"code": f"{offer.code[:3]} {offer.code[3:]}"}).status_code == 303
    shown = page(tablet, "?kieli=sv")
    assert "Jag får kontaktas" in shown
    assert "Ja, jag samtycker" in shown
    answer = tablet.post(TABLET, {"answer": "yes", "language": "sv"})
    assert (answer.status_code, answer["Location"]) == (303, f"{TABLET}?valmis=sv")
    given = contact_of(person)
    assert given is not None
    assert (given.how, given.text.language, given.recorded_by_id) == ("tablet", "sv", desk.membership_id)
    traced = AuditEvent.objects.get(verb="consent.given", object_id=str(given.pk))
    assert (traced.actor_kind, traced.device_id) == ("handover", device.pk)
    thanks = page(tablet, "?valmis=sv")
    assert "Ge surfplattan tillbaka" in thanks
    assert "Kielo" not in thanks


def test_a_no_records_nothing(tablet: Browser, desk: Member, person: Client) -> None:
    offer = opened(desk, person)
    tablet.post(TABLET, {"code": offer.code})
    assert tablet.post(TABLET, {"answer": "no", "language": "fi"}).status_code == 303
    assert contact_of(person) is None
    offer.row.refresh_from_db()
    assert offer.row.outcome == "declined"


def test_there_is_no_way_back_and_a_second_press_does_nothing(tablet: Browser, desk: Member, person: Client) -> None:
    offer = opened(desk, person)
    first = tablet.post(TABLET, {"code": offer.code})
    assert tablet.post(TABLET, {"code": offer.code})["Location"] == first["Location"]
    for _press in range(2):
        assert tablet.post(TABLET, {"answer": "yes", "language": "fi"})["Location"] == f"{TABLET}?valmis=fi"
    assert person.consents.filter(purpose=Purpose.CONTACT).count() == 1
    assert "Kielo" not in page(tablet)
    assert tablet.get(TABLET)["Cache-Control"].count("no-store") == 1
    assert tablet.post(TABLET, {"code": offer.code}).status_code == 422


def test_the_digits_hold_five_minutes_and_the_turn_ten(
    tablet: Browser, desk: Member, person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = opened(desk, person)
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(minutes=5)).isoformat())
    refused = tablet.post(TABLET, {"code": late.code})
    assert refused.status_code == 422
    assert late.code in refused.content.decode()  # what was typed stays
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    offer = opened(desk, person)
    tablet.post(TABLET, {"code": offer.code})
    assert tablet.get(TABLET)["Refresh"] == f"601; url={TABLET}"
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(minutes=10)).isoformat())
    assert 'data-testid="handover-waits"' in page(tablet)
    over = tablet.post(TABLET, {"answer": "yes", "language": "fi"})
    assert over.status_code == 409
    assert "Tämä vuoro on päättynyt" in over.content.decode()
    assert contact_of(person) is None


def test_guessing_ends(tablet: Browser, desk: Member, person: Client) -> None:
    code = opened(desk, person).code
    wrong = "000000" if code != "000000" else "111111"
    for _try in range(handovers.MOST_WRONG):
        assert "Koodi ei toimi" in tablet.post(TABLET, {"code": wrong}).content.decode()
    silenced = tablet.post(TABLET, {"code": code})
    assert silenced.status_code == 422
    assert "Liian monta yritystä" in silenced.content.decode()


def test_a_tablet_of_another_point_cannot_take_it(desk: Member, person: Client) -> None:
    elsewhere = DeviceFactory(kind="handover")
    assert handovers.take(opened(desk, person).code, device=elsewhere, at=NOW) is None


def test_a_new_code_ends_the_earlier_one(device: Device, desk: Member, person: Client) -> None:
    first = opened(desk, person)
    second = opened(desk, person)
    assert handovers.take(first.code, device=device, at=NOW) is None
    assert handovers.take(second.code, device=device, at=NOW) is not None
    first.row.refresh_from_db()
    assert first.row.outcome == "replaced"


def test_a_consent_that_holds_is_not_asked_again(device: Device, desk: Member, person: Client) -> None:
    offer = opened(desk, person)
    session = handovers.take(offer.code, device=device, at=NOW)
    assert session is not None
    handovers.answer(session, purpose="contact", agrees=True, language="fi", at=NOW)
    with pytest.raises(AlreadyGiven):
        opened(desk, person)


def test_a_person_who_withdrew_meanwhile_is_not_recorded(
    tablet: Browser, device: Device, desk: Member, person: Client
) -> None:
    tablet.post(TABLET, {"code": opened(desk, person).code})
    withdraw_consent(person.consents.get(purpose=Purpose.RECORD), by=desk, at=NOW)
    assert tablet.post(TABLET, {"answer": "yes", "language": "fi"}).status_code == 409
    assert contact_of(person) is None


def test_the_organisation_and_what_it_is_told_are_read_before_the_yes(
    tablet: Browser, desk: Member, person: Client
) -> None:
    other = OrganisationFactory(names={"fi": "Uusi Askel ry", "sv": "Nytt Steg", "en": "New Step"})
    offer = opened(desk, person, asks=["share"], organisation=other, contents=["contact", "guidance"])
    tablet.post(TABLET, {"code": offer.code})
    shown = page(tablet)
    assert "Uusi Askel ry" in shown
    assert "Yhteystieto, Ohjaus" in shown
    tablet.post(TABLET, {"answer": "yes", "language": "fi"})
    given = person.consents.get(purpose=Purpose.SHARE)
    assert (given.recipient_organisation_id, given.contents) == (other.pk, ["contact", "guidance"])


def test_staff_see_the_digits_once_and_then_how_far_the_person_is(
    tablet: Browser, desk: Member, person: Client, client_for: Any
) -> None:
    staff = client_for(desk.membership)
    asked = {"how": "tablet", "read_in": "fi"}
    shown = staff.post(reverse("clients:give_contact", args=[person.pk]), asked).content.decode()
    session = HandoverSession.objects.get()
    assert 'data-testid="handover-code"' in shown
    assert contact_of(person) is None
    state = reverse("clients:handover_state", args=[session.pk])
    assert staff.get(state, {"tila": "waiting"}).status_code == 204
    code = shown.split('data-testid="handover-code">')[1][:7]
    tablet.post(TABLET, {"code": code})
    assert 'data-state="taken"' in staff.get(state, {"tila": "waiting"}).content.decode()
    tablet.post(TABLET, {"answer": "yes", "language": "fi"})
    assert "Suostumus on kirjattu" in staff.get(state, {"tila": "taken"}).content.decode()
    colleague = client_for(MembershipFactory(point=desk.membership.point, front_desk=True))
    assert colleague.get(state).status_code == 404


def test_who_stops_records_nothing_and_the_tablet_is_given_back(tablet: Browser, desk: Member, person: Client) -> None:
    offer = opened(desk, person)
    tablet.post(TABLET, {"code": offer.code})
    for _press in range(2):
        left = tablet.post(TABLET, {"answer": "stop", "language": "fi"})
        assert (left.status_code, left["Location"]) == (303, f"{TABLET}?keskeytetty=fi")
    assert "Mitään ei kirjattu" in page(tablet, "?keskeytetty=fi")
    assert contact_of(person) is None
    offer.row.refresh_from_db()
    assert offer.row.state_at(NOW) == "stopped"
    assert 'data-testid="handover-waits"' in page(tablet)


# --- somebody who is not on file yet ---------------------------------------------------------------------------------

NEW = {
    "name": "Kielo Esimerkki",
    "contact_kind": "phone",
    "contact_value": "040 123 4567",
    "how": "tablet",
    "read_in": "fi",
}


def asked(staff: Browser, tablet: Browser) -> HandoverSession:
    """Staff write who the person is, and the person takes the tablet; nobody is on file."""
    shown = staff.post(reverse("clients:record"), NEW).content.decode()
    assert 'name="contact_value" value="040 123 4567"' in shown
    assert tablet.post(TABLET, {"code": shown.split('data-testid="handover-code">')[1][:7]}).status_code == 303
    assert not Client.objects.exists()
    return HandoverSession.objects.get(ended_at=None)


def said(tablet: Browser, purpose: str, answer: str, language: str = "fi") -> str:
    """The answer to one consent, pressed twice; the screen that follows."""
    for _press in range(2):
        sent = tablet.post(TABLET, {"purpose": purpose, "answer": answer, "language": language})
        assert sent.status_code == 303
    return tablet.get(sent["Location"]).content.decode()


@pytest.mark.parametrize("contact", ["yes", "no"])
def test_each_consent_is_a_choice_of_its_own_and_the_person_comes_on_file_after_both(
    tablet: Browser, desk: Member, client_for: Any, contact: str
) -> None:
    staff = client_for(desk.membership)
    session = asked(staff, tablet)
    first = page(tablet)
    assert ("Tietoni saa kirjata" in first, "Kysymys 1/2" in first, "Kielo" in first) == (True, True, False)
    second = said(tablet, "record", "yes", "sv")
    assert ("Jag får kontaktas" in second, "Fråga 2 av 2" in second) == (True, True)
    early = staff.post(reverse("clients:record"), {**NEW, "handover": session.pk})
    assert early.status_code == 422
    said(tablet, "contact", contact)
    state = staff.get(reverse("clients:handover_state", args=[session.pk]), {"tila": "taken"}).content.decode()
    assert 'form="handover-record"' in state
    assert not Client.objects.exists()
    recorded = staff.post(reverse("clients:record"), {**NEW, "handover": session.pk})
    person = Client.objects.get()
    assert (recorded.status_code, recorded["Location"]) == (303, f"/asiakkaat/{person.pk}/")
    given = {one.purpose: (one.how, one.text.language) for one in person.consents.select_related("text")}
    assert given == {"record": ("tablet", "sv")} | ({"contact": ("tablet", "fi")} if contact == "yes" else {})
    again = staff.post(reverse("clients:record"), {**NEW, "handover": session.pk})
    assert (again.status_code, Client.objects.count()) == (422, 1)


def test_who_may_not_be_recorded_is_asked_nothing_more(tablet: Browser, desk: Member, client_for: Any) -> None:
    staff = client_for(desk.membership)
    session = asked(staff, tablet)
    assert 'data-testid="handover-thanks"' in said(tablet, "record", "no")
    assert staff.post(reverse("clients:record"), {**NEW, "handover": session.pk}).status_code == 422
    assert not Client.objects.exists()


def test_stopping_at_the_second_question_takes_the_first_yes_back(
    tablet: Browser, desk: Member, client_for: Any
) -> None:
    staff = client_for(desk.membership)
    session = asked(staff, tablet)
    said(tablet, "record", "yes")
    assert "Mitään ei kirjattu" in said(tablet, "contact", "stop")
    assert staff.post(reverse("clients:record"), {**NEW, "handover": session.pk}).status_code == 422
    assert not Client.objects.exists()


def test_an_agreement_is_used_by_who_opened_the_turn_and_soon(
    tablet: Browser, desk: Member, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = client_for(desk.membership)
    session = asked(staff, tablet)
    said(tablet, "record", "yes")
    said(tablet, "contact", "no")
    colleague = client_for(MembershipFactory(point=desk.membership.point, front_desk=True))
    assert colleague.post(reverse("clients:record"), {**NEW, "handover": session.pk}).status_code == 422
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + handovers.TO_RECORD).isoformat())
    assert staff.post(reverse("clients:record"), {**NEW, "handover": session.pk}).status_code == 422
    assert not Client.objects.exists()
