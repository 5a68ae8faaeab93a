"""One instrument on the tablet that is handed over: an area a screen, kept as it is answered, no way back to staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import assessment as assessments
from clients.actions import handover as handovers
from clients.models import AssessmentAsk, Client, HandoverSession, InstrumentVersion, SelfAssessment
from team.access import Member
from tests.clients.change.conftest import NOW
from tests.clients.change.test_instrument import Shipped
from tests.factories.clients import ServiceRowFactory
from tests.factories.team import DeviceFactory
from tests.fixtures.walls import as_actor
from tyoparkki.models import AuditEvent

TABLET = "/luovutus/"


@pytest.fixture
def tablet(anna: Member) -> Browser:
    DeviceFactory(point=anna.membership.point, kind="handover", token="luovutus-1")
    browser = Browser(headers={"Accept": "text/html"})
    browser.cookies["device_handover"] = "luovutus-1"
    return browser


def handed(tablet: Browser, person: Client, version: InstrumentVersion, by: Member, language: str = "fi",
           ask: AssessmentAsk | None = None) -> HandoverSession:  # fmt: skip
    offer = handovers.hand_instrument(person, version, by=by, at=NOW, language=language, ask=ask)
    assert tablet.post(TABLET, {"code": offer.code}).status_code == 303
    return offer.row


def page(tablet: Browser, query: str = "?alku=1") -> str:
    return tablet.get(TABLET + query).content.decode()


def say(tablet: Browser, session: HandoverSession, answer: object, language: str = "fi") -> str:
    session.refresh_from_db()
    sent = tablet.post(TABLET, {"answer": answer, "purpose": session.question, "language": language})
    assert sent.status_code == 303
    return str(sent["Location"])


def scores(person: Client) -> dict[str, int | None]:
    row = SelfAssessment.objects.get(client=person)
    return {score.area: score.value for score in row.scores.all()}


def test_first_it_tells_what_this_is_and_who_sees_the_answers(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    handed(tablet, person, shipped["toimintakyky"], anna)
    shown = page(tablet, "")
    assert "Toimintakyky neljältä puolelta" in shown
    assert anna.membership.organisation.name in shown
    assert 'data-testid="handover-begin"' in shown
    assert 'name="purpose"' not in shown
    assert not SelfAssessment.objects.exists()
    for address in ("/asiakkaat/", "/vastaanotto/"):
        assert address not in shown


def test_each_answer_is_kept_at_once_and_after_the_last_the_turn_ends(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    session = handed(tablet, person, shipped["palvelun-jalkeen"], anna, "sv")
    assert "Jag kan nu saker som jag har nytta av." in page(tablet, "?kieli=sv&alku=1")
    assert say(tablet, session, 2, "sv") == f"{TABLET}?kieli=sv&alku=1"
    assert scores(person) == {"taidot": 2}
    say(tablet, session, 5, "sv")
    assert say(tablet, session, "skip", "sv") == f"{TABLET}?valmis=sv"
    assert scores(person) == {"taidot": 2, "tilanne": 5, "seuraava": None}
    session.refresh_from_db()
    assert session.outcome == "filled"
    row = SelfAssessment.objects.get()
    assert (row.how, row.language, row.recorded_by_id) == ("tablet", "sv", anna.membership_id)
    assert AuditEvent.objects.get(verb="assessment.recorded").actor_kind == "handover"
    assert "Kielo" not in page(tablet, "?valmis=sv")


def test_who_stops_in_the_middle_has_said_what_was_said(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    session = handed(tablet, person, shipped["tilanne"], anna)
    say(tablet, session, 4)
    assert say(tablet, session, "stop") == f"{TABLET}?osittain=fi"
    assert "Vastauksesi on tallennettu" in page(tablet, "?osittain=fi")
    assert scores(person) == {"osaaminen": 4}


def test_who_stops_before_the_first_answer_leaves_nothing(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    session = handed(tablet, person, shipped["tilanne"], anna)
    assert say(tablet, session, "stop") == f"{TABLET}?keskeytetty=fi"
    assert not SelfAssessment.objects.exists()


def test_one_may_go_back_and_answer_otherwise_until_the_end(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    session = handed(tablet, person, shipped["palvelun-jalkeen"], anna)
    say(tablet, session, 1)
    say(tablet, session, "back")
    assert "Osaan nyt asioita" in page(tablet)
    say(tablet, session, 3)
    assert scores(person) == {"taidot": 3}
    say(tablet, session, 4)
    say(tablet, session, 4)
    late = tablet.post(TABLET, {"answer": "1", "purpose": "taidot", "language": "fi"})
    assert late["Location"] == f"{TABLET}?valmis=fi"
    assert scores(person)["taidot"] == 3


def test_a_second_press_changes_nothing_and_one_off_the_scale_is_refused(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    handed(tablet, person, shipped["palvelun-jalkeen"], anna)
    for _press in range(2):
        tablet.post(TABLET, {"answer": "2", "purpose": "taidot", "language": "fi"})
    assert scores(person) == {"taidot": 2}
    for wrong in ("6", "0", "yes", "-1", "²"):
        assert tablet.post(TABLET, {"answer": wrong, "purpose": "tilanne", "language": "fi"}).status_code == 409
    assert tablet.post(TABLET, {"answer": "2", "purpose": "muu", "language": "fi"}).status_code == 409
    assert scores(person) == {"taidot": 2}


def test_each_answer_gives_time_again_and_what_was_said_outlives_the_time(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = handed(tablet, person, shipped["tilanne"], anna)
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(minutes=9)).isoformat())
    say(tablet, session, 4)
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(minutes=18)).isoformat())
    say(tablet, session, 3)
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(minutes=40)).isoformat())
    assert 'data-testid="handover-waits"' in page(tablet)
    assert scores(person) == {"osaaminen": 4, "verkosto": 3}


def test_3x10d_is_asked_word_for_word_in_finnish_whatever_the_language(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    handed(tablet, person, shipped["3x10d-18"], anna)
    shown = page(tablet, "?kieli=en&alku=1")
    assert "Kun ajattelet nykyhetkeä, kuinka tyytyväinen olet" in shown
    assert "terveydentilaasi" in shown
    assert shown.count('data-testid="handover-value-') == 11


def test_a_question_that_waited_is_answered_on_the_tablet(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    service = ServiceRowFactory()
    with as_actor(anna.actor):
        assessments.ask_after_service(person, service, NOW)
    ask = AssessmentAsk.objects.get()
    session = handed(tablet, person, shipped["palvelun-jalkeen"], anna, ask=ask)
    say(tablet, session, 5)
    ask.refresh_from_db()
    assert ask.ended_at == NOW
    assert SelfAssessment.objects.get().service_id == service.pk


def test_an_answer_is_no_longer_changed_when_the_turn_is_over(
    tablet: Browser, shipped: Shipped, anna: Member, person: Client
) -> None:
    session = handed(tablet, person, shipped["palvelun-jalkeen"], anna)
    say(tablet, session, 2)
    row = SelfAssessment.objects.get()
    with as_actor(anna.actor):
        assert row.scores.update(value=3) == 1
    say(tablet, session, "stop")
    with as_actor(anna.actor):
        assert row.scores.update(value=5) == 0
    assert scores(person) == {"taidot": 3}


def test_staff_see_how_far_the_person_is(tablet: Browser, shipped: Shipped, anna: Member, person: Client) -> None:
    session = handed(tablet, person, shipped["palvelun-jalkeen"], anna)
    browser = Browser()
    browser.force_login(anna.user)
    address = reverse("clients:handover_state", args=[session.pk])
    assert "vastaa tabletilla" in browser.get(address).content.decode()
    for answer in (1, 2, 3):
        say(tablet, session, answer)
    assert "Vastaukset on kirjattu" in browser.get(address).content.decode()
