"""The pages of change over time: what is shown to whom, filled in, kept, refused, undone, within its budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import assessment as assessments
from clients.actions import consent as consents
from clients.actions import instrument as instruments
from clients.actions import outcome as outcomes
from clients.actions import responsibility
from clients.actions.consent import Given
from clients.models import AssessmentAsk, Client, FollowUp, Outcome, OutcomeType, SelfAssessment
from clients.models.consent import Purpose
from team.access import Member
from tests.clients.change.conftest import NOW
from tests.clients.change.test_instrument import Shipped, load, own
from tests.factories.clients import ServiceRowFactory, person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, PointFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki.models import AccessEvent

Sign = Callable[[Any], Browser]


def change_of(person: Client) -> str:
    return reverse("clients:assessments", args=[person.pk])


def fill_of(person: Client, key: str) -> str:
    return reverse("clients:assessment_fill", args=[person.pk, key])


def answers(*values: int | str, version: int = 1, **more: Any) -> dict[str, Any]:
    areas = {f"area-{place}": value for place, value in enumerate(values) if value != ""}
    return {"version": version, "language": "fi", "filled_on": "2026-11-18", **areas, **more}


@pytest.fixture
def work(db: None) -> OutcomeType:
    instruments.load_outcome_types(at=at(9))
    return OutcomeType.objects.get(code="tyo")


@pytest.fixture
def asked(shipped: Shipped, anna: Member, person: Client) -> AssessmentAsk:
    """A service has ended."""
    service = ServiceRowFactory(names={"fi": "Metallipaja", "sv": "Metallverkstad", "en": "Metal workshop"})
    with as_actor(anna.actor):
        assessments.ask_after_service(person, service, NOW)
    return AssessmentAsk.objects.get()


def test_before_the_first_answer_the_page_invites_to_ask(
    client_for: Sign, shipped: Shipped, anna: Member, person: Client
) -> None:
    shown = client_for(anna).get(change_of(person)).content.decode()
    assert "Omaa arviota ei ole vielä täytetty." in shown
    assert shown.count('data-testid="assessment-open"') == 6
    look = AccessEvent.objects.get(person_id=person.pk, kind="assessment")
    assert look.outcome == "shown"


def test_filled_in_together_it_shows_each_area_and_may_be_undone(
    client_for: Sign, shipped: Shipped, anna: Member, person: Client
) -> None:
    browser = client_for(anna)
    assert "Tiedän, mitä osaan" in browser.get(fill_of(person, "tilanne")).content.decode()
    sent = browser.post(fill_of(person, "tilanne"), answers(5, 4, "", 2, filled_on="2026-09-01"))
    assert (sent.status_code, sent["Location"]) == (303, change_of(person))
    row = SelfAssessment.objects.get()
    assert {score.area: score.value for score in row.scores.all()} == {"osaaminen": 5, "verkosto": 4, "digitaidot": 2}
    browser.post(fill_of(person, "tilanne"), answers(3, 4))
    shown = browser.get(change_of(person)).content.decode()
    assert "Nyt 3, alussa 1.9.2026 se oli 5." in shown
    assert 'data-testid="trend-osaaminen"' in shown
    assert "<svg" in shown
    newest = SelfAssessment.objects.order_by("-filled_at").first()
    assert newest is not None
    browser.post(reverse("clients:assessment_undo", args=[newest.pk]))
    assert "Nyt 3" not in browser.get(change_of(person)).content.decode()


def test_what_is_missing_or_wrong_is_told_and_what_was_answered_stays(
    client_for: Sign, shipped: Shipped, anna: Member, person: Client
) -> None:
    browser = client_for(anna)
    for sent, said in (
        (answers(), "Vastaa ainakin yhteen kohtaan."),
        (answers(9), "Valitse arvo asteikolta."),
        (answers(3, filled_on="2026-11-19"), "Päivä on tulevaisuudessa."),
    ):
        answer = browser.post(fill_of(person, "tilanne"), sent)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), sent
    assert 'name="area-0" value="3"' in answer.content.decode()
    assert " checked" in answer.content.decode()
    sensitive = browser.post(fill_of(person, "toimintakyky"), answers(3))
    assert "Kysy ensin, saako vastaukset tallentaa." in sensitive.content.decode()
    assert not SelfAssessment.objects.exists()
    assert browser.post(fill_of(person, "toimintakyky"), answers(3, is_agreed="on")).status_code == 303


def test_the_language_changes_and_what_was_answered_stays(
    client_for: Sign, shipped: Shipped, anna: Member, person: Client
) -> None:
    other = client_for(anna).post(fill_of(person, "tilanne"), answers(3, read_in="sv")).content.decode()
    assert "Jag vet vad jag kan" in other
    assert " checked" in other
    assert not SelfAssessment.objects.exists()


def test_a_form_opened_before_a_new_version_came_is_kept_in_its_own_words(
    client_for: Sign, anna: Member, person: Client
) -> None:
    load(own())
    load(own(version={"number": 2, "areas": [{"key": "uni", "texts": {"fi": "Heräätkö virkeänä?"}}]}))
    browser = client_for(anna)
    assert browser.post(fill_of(person, "yo"), answers(2, version=1)).status_code == 303
    assert SelfAssessment.objects.get().version.number == 1
    assert "Nukun hyvin." in browser.get(change_of(person)).content.decode()
    assert browser.post(fill_of(person, "yo"), answers(2, version=7)).status_code == 404


def test_kykyviisari_takes_day_and_scores_and_leads_to_its_own_service(
    client_for: Sign, shipped: Shipped, anna: Member, person: Client
) -> None:
    browser = client_for(anna)
    shown = browser.get(fill_of(person, "kykyviisari")).content.decode()
    assert "https://www.kykyviisari.fi/" in shown
    assert 'data-testid="assessment-hand"' not in shown
    for day, value in (("2026-05-05", 4), ("2026-11-11", 7)):
        browser.post(fill_of(person, "kykyviisari"), answers(value, filled_on=day, is_agreed="on"))
    assert "alussa 5.5.2026 oli 4, nyt 7" in browser.get(change_of(person)).content.decode()
    hand = reverse("clients:assessment_hand", args=[person.pk, "kykyviisari"])
    assert browser.post(hand, {"read_in": "fi"}).status_code == 404


def test_a_question_after_a_service_waits_on_the_persons_page_until_it_is_asked_or_left_out(
    client_for: Sign, asked: AssessmentAsk, anna: Member, person: Client
) -> None:
    browser = client_for(anna)
    page = reverse("clients:client", args=[person.pk])
    assert "Metallipaja päättyi 18.11.2026." in browser.get(page).content.decode()
    browser.post(fill_of(person, "palvelun-jalkeen"), answers(4, 5, 5, ask=asked.pk))
    assert "Metallipaja päättyi" not in browser.get(page).content.decode()
    row = SelfAssessment.objects.get()
    assert row.service_id == asked.service_id
    browser.post(reverse("clients:assessment_undo", args=[row.pk]))
    assert "Metallipaja päättyi" in browser.get(page).content.decode()
    browser.post(reverse("clients:assessment_leave_out", args=[asked.pk]))
    assert "Metallipaja päättyi" not in browser.get(page).content.decode()


def test_six_digits_for_the_tablet_are_shown_once(
    client_for: Sign, shipped: Shipped, anna: Member, person: Client
) -> None:
    browser = client_for(anna)
    hand = reverse("clients:assessment_hand", args=[person.pk, "tilanne"])
    key = "0b9a3f0c-5a1e-4b53-9d0a-2f0d3f1c7a11"
    first = browser.post(hand, {"read_in": "en", "submission_key": key})
    assert 'data-testid="handover-code"' in first.content.decode()
    again = browser.post(hand, {"read_in": "en", "submission_key": key})
    assert again.status_code == 303
    assert browser.post(hand, {"read_in": "tlh"}).status_code == 422


def test_who_is_told_of_assessments_reads_them_and_writes_nothing(
    client_for: Sign, shipped: Shipped, anna: Member, person: Client
) -> None:
    assessments.record_assessment(person, shipped["toimintakyky"], {"sosiaalinen": 4}, by=anna, at=NOW, is_agreed=True)
    friend = OrganisationFactory()
    knowing = Member(MembershipFactory(point=PointFactory(), organisation=friend))
    share = {"purpose": Purpose.SHARE, "organisation": friend, "given": Given()}
    given = consents.give_consent(person, by=anna, at=NOW, contents=["assessments"], **share)
    browser = client_for(knowing)
    shown = browser.get(change_of(person)).content.decode()
    assert 'data-testid="trend-sosiaalinen"' in shown
    for control in ("assessment-open", "outcome-record", "outcomes"):
        assert f'data-testid="{control}"' not in shown
    assert browser.get(fill_of(person, "tilanne")).status_code == 404
    consents.withdraw_consent(given, by=anna, at=NOW)
    assert browser.get(change_of(person)).status_code == 404
    consents.give_consent(person, by=anna, at=NOW, contents=["contact"], **share)
    assert browser.get(change_of(person)).status_code == 404
    assert 'data-testid="own-view"' not in browser.get(reverse("clients:client", args=[person.pk])).content.decode()


def test_the_persons_own_page_shows_no_score(client_for: Sign, shipped: Shipped, anna: Member, person: Client) -> None:
    for key in ("tilanne", "3x10d-18"):
        version = shipped[key]
        assessments.record_assessment(person, version, {version.keys[0]: 5}, by=anna, at=NOW, is_agreed=True)
    shown = client_for(anna).get(reverse("clients:client", args=[person.pk])).content.decode()
    assert "Asiakas on kertonut oman arvionsa 2 kertaa" in shown
    assert "3X10D" not in shown
    assert 'data-testid="trend' not in shown


# --- outcomes and follow-ups ---------------------------------------------------------------------------------------


def test_an_outcome_is_recorded_ended_and_undone_on_the_page(
    client_for: Sign, work: OutcomeType, anna: Member, person: Client
) -> None:
    browser = client_for(anna)
    record = reverse("clients:outcome_record", args=[person.pk])
    wrong = browser.post(record, {"kind": "", "since_on": "2026-12-01", "known": "told"})
    assert wrong.status_code == 422
    assert "Valitse, mitä siitä seurasi." in wrong.content.decode()
    assert "2026-12-01" in wrong.content.decode()
    browser.post(record, {"kind": "tyo", "since_on": "2026-11-02", "known": "verified"})
    row = Outcome.objects.get()
    assert "Sai työtä" in browser.get(reverse("clients:client", args=[person.pk])).content.decode()
    end = reverse("clients:outcome_end", args=[row.pk])
    assert browser.post(end, {"ended_on": "2026-11-01"}).status_code == 422
    assert browser.post(end, {"ended_on": "2026-11-17"}).status_code == 303
    assert "päättyi 17.11.2026" in browser.get(change_of(person)).content.decode()
    browser.post(reverse("clients:outcome_undo", args=[row.pk]))
    assert "Lopputulosta ei ole vielä kirjattu." in browser.get(change_of(person)).content.decode()


@pytest.fixture
def due(anna: Member, person: Client, work: OutcomeType) -> FollowUp:
    """A month has passed since the person got work."""
    consents.give_consent(person, by=anna, at=at(10), purpose=Purpose.CONTACT, given=Given())
    long_ago = NOW - timedelta(days=35)
    outcomes.record_outcome(person, work, since_on=long_ago.date(), known="told", by=anna, at=long_ago)
    return FollowUp.objects.get(months=1)


LIST = "/asiakkaat/seuranta/"


def test_who_is_to_be_asked_today_is_settled_in_one_press_and_it_may_be_undone(
    client_for: Sign, anna: Member, person: Client, due: FollowUp
) -> None:
    browser = client_for(anna)
    responsibility.take(person, by=anna, at=NOW)
    shown = browser.get(LIST).content.decode()
    assert 'data-testid="follow-ups-mine"' in shown
    assert "Kielo Esimerkki" in shown
    assert AccessEvent.objects.filter(person_id=person.pk, kind="follow_up", outcome="shown").exists()
    browser.post(reverse("clients:follow_up_same", args=[due.pk]))
    assert "Kielo" not in browser.get(LIST).content.decode().split("<main", 1)[1].split("toast")[0]
    browser.post(reverse("clients:follow_up_reopen", args=[due.pk]))
    assert "Kielo Esimerkki" in browser.get(LIST).content.decode()
    browser.post(reverse("clients:follow_up_unknown", args=[due.pk]))
    due.refresh_from_db()
    assert (due.answer, due.answered_by_id) == ("unknown", anna.membership_id)


def test_what_has_changed_is_recorded_as_a_new_outcome(
    client_for: Sign, anna: Member, person: Client, due: FollowUp
) -> None:
    browser = client_for(anna)
    shown = browser.get(f"{change_of(person)}?seuranta={due.pk}").content.decode()
    assert f'name="follow_up" value="{due.pk}"' in shown
    told = {"kind": "opinnot", "since_on": "2026-11-10", "known": "told", "follow_up": due.pk}
    browser.post(reverse("clients:outcome_record", args=[person.pk]), told)
    due.refresh_from_db()
    assert due.answer == "changed"
    assert due.new_outcome is not None
    assert due.new_outcome.type.code == "opinnot"


def test_the_list_is_empty_at_once_when_the_consent_is_withdrawn_and_for_other_teams(
    client_for: Sign, anna: Member, person: Client, due: FollowUp
) -> None:
    other = Member(MembershipFactory(point=PointFactory()))
    assert "Kielo" not in client_for(other).get(LIST).content.decode()
    assert client_for(other).post(reverse("clients:follow_up_same", args=[due.pk])).status_code == 404
    contact = person.consents.get(purpose=Purpose.CONTACT)
    consents.withdraw_consent(contact, by=anna, at=NOW)
    assert "Kukaan ei odota kysymistä tänään." in client_for(anna).get(LIST).content.decode()


# --- budgets -------------------------------------------------------------------------------------------------------


def test_the_pages_stay_within_their_budgets_whatever_the_history(
    client_for: Sign, shipped: Shipped, anna: Member, person: Client, due: FollowUp, assert_budget: Callable[..., Any]
) -> None:
    def fill(count: int) -> None:
        for n in range(count):
            moment = NOW - timedelta(days=300 - n)
            version = shipped["tilanne"]
            assessments.record_assessment(person, version, {"suunta": 1 + n % 5, "arki": 2}, by=anna, at=moment)
            someone = person_on_file(anna, moment=at(10), name=f"Aino Esimerkki{n}")
            consents.give_consent(someone, by=anna, at=at(10), purpose=Purpose.CONTACT, given=Given())
            outcomes.record_outcome(
                someone, OutcomeType.objects.get(code="tyo"), since_on=moment.date(), known="told", by=anna, at=moment
            )

    browser = client_for(anna)
    pages = {change_of(person): 15, LIST: 7, reverse("clients:client", args=[person.pk]): 15}
    fill(1)
    counted = {}
    for page, most in pages.items():
        with assert_budget(most) as first:
            assert browser.get(page).status_code == 200
        counted[page] = len(first)
    fill(12)
    for page, exact in counted.items():
        with assert_budget(exact, exactly=True):
            assert browser.get(page).status_code == 200
