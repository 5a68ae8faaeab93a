"""Background: recorded under a consent of its own by those who guide, and told to others by another consent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client as Browser
from django.urls import reverse

from clients import background_codes
from clients.actions import background as acts
from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.models import Background, Client, Consent
from clients.models.consent import Purpose
from team.access import Member
from team.models import Role
from tests.clients.tiers.conftest import NOW, WORDS, agree, seen_by, share, tell
from tests.factories.clients import ConsentFactory
from tests.factories.team import DeviceFactory, MembershipFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki.models import AccessEvent, AuditEvent

Sign = Callable[[Any], Browser]


def page_of(person: Client) -> str:
    return reverse("clients:client", args=[person.pk])


def form_of(person: Client) -> str:
    return reverse("clients:background", args=[person.pk])


# --- to be recorded is not enough ------------------------------------------------------------------------------------


def test_to_be_recorded_is_not_enough(person: Client, anna: Member, client_for: Sign) -> None:
    with pytest.raises(acts.NotAgreed):
        tell(person, anna)
    browser = client_for(anna)
    assert browser.get(form_of(person)).status_code == 404
    assert browser.post(form_of(person), {"needs": "digital", "what_for": "guidance"}).status_code == 404
    assert not Background.objects.exists()
    page = browser.get(page_of(person)).content.decode()
    assert 'data-testid="give-background"' in page
    assert 'data-testid="background"' not in page
    denied = AccessEvent.objects.filter(person_id=person.pk, kind="background")
    assert set(denied.values_list("outcome", flat=True)) == {"denied"}


def test_the_wall_itself_takes_no_row_without_the_consent(person: Client, anna: Member) -> None:
    row = Background(
        client=person, point=anna.membership.point, kind="need", code="digital", what_for="guidance", recorded_at=NOW,
        recorded_by=anna.membership,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="row-level security"), as_actor(anna.actor):
        row.save(force_insert=True)
    agree(person, anna)
    with as_actor(anna.actor):
        row.save(force_insert=True)


def test_agreed_and_told_it_is_shown_to_those_who_guide_in_the_organisation_that_keeps_the_file(
    house: House, told: list[Background], person: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    colleague, other = house.advisor(), house.advisor(partner=True)
    assert [seen_by(who) for who in (anna, colleague, other, house.desk, partner)] == [
        (3, 3), (3, 3), (0, 0), (0, 0), (0, 0),
    ]  # fmt: skip
    assert WORDS in client_for(colleague).get(page_of(person)).content.decode()
    for blind in (other, house.desk):
        page = client_for(blind).get(page_of(person))
        assert (page.status_code, WORDS in page.content.decode()) == (200, False)
        assert client_for(blind).get(form_of(person)).status_code in {403, 404}


def test_the_consent_is_for_the_team_of_one_point(house: House, told: list[Background], person: Client) -> None:
    """The same organisation keeps the file for another team too: what was told here is not told there."""
    there = House()
    away = Member(MembershipFactory(point=there.point, organisation=person.controller, role=Role.ADVISOR))
    ConsentFactory(client=person, recipient_point=there.point)
    assert seen_by(away) == (0, 0)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_recorded_on_the_page_and_undone_in_one_press(person: Client, anna: Member, client_for: Sign) -> None:
    browser = client_for(anna)
    assert browser.post(reverse("clients:give_background", args=[person.pk]), {"how": "words", "read_in": "fi"})
    consent = Consent.objects.get(purpose=Purpose.BACKGROUND)
    assert (consent.recipient_point_id, consent.contents) == (anna.point_id, [])
    sent = {"words": f"  {WORDS}  ", "needs": ["digital", "reading"], "obstacles": "distance", "what_for": "service"}
    answer = browser.post(form_of(person), sent)
    assert (answer.status_code, answer["Location"]) == (303, form_of(person))
    rows = set(Background.objects.values_list("kind", "code", "words", "what_for"))
    assert rows == {
        ("group", "", WORDS, "service"), ("need", "digital", "", "service"), ("need", "reading", "", "service"),
        ("obstacle", "distance", "", "service"),
    }  # fmt: skip
    page = browser.get(form_of(person)).content.decode()
    assert WORDS in page
    assert "Sähköinen asiointi ja laitteet" in page
    assert "Sopivan palvelun etsimiseen" in page
    undo = re.search(r"/taustatiedot/[0-9a-f-]+/peru/", page)
    assert undo
    assert browser.post(undo[0]).status_code == 303
    assert not Background.objects.standing().exists()
    assert WORDS not in browser.get(form_of(person)).content.decode()


def test_each_is_taken_away_and_given_back(
    told: list[Background], person: Client, anna: Member, client_for: Sign
) -> None:
    browser, row = client_for(anna), told[0]
    browser.post(reverse("clients:background_end", args=[row.pk]))
    assert WORDS not in browser.get(page_of(person)).content.decode()
    page = browser.get(form_of(person)).content.decode()
    assert "Sähköinen asiointi ja laitteet" in page
    browser.post(reverse("clients:background_restore", args=[row.pk]))
    assert WORDS in browser.get(form_of(person)).content.decode()


def test_an_undo_is_for_the_same_hand_and_day(house: House, told: list[Background], anna: Member) -> None:
    bo = house.advisor()
    with pytest.raises(acts.TooLateToUndo):
        acts.take_back(told[0], by=bo, at=NOW)
    with pytest.raises(acts.TooLateToUndo):
        acts.take_back(told[0], by=anna, at=NOW + timedelta(days=1))
    ended = acts.end_background(told[0], by=anna, at=NOW)
    with pytest.raises(acts.AlreadyTakenAway):
        acts.end_background(ended, by=bo, at=NOW)
    with pytest.raises(acts.TooLateToUndo):
        acts.restore_background(ended, by=bo, at=NOW)
    assert acts.restore_background(ended, by=anna, at=NOW).ended_at is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"words": WORDS}, "Valitse, mihin tietoa tarvitaan."),
        ({"what_for": "guidance"}, "Kirjoita tai valitse ainakin yksi asia."),
        ({"words": WORDS, "needs": "diagnosis", "what_for": "guidance"}, "diagnosis"),
        ({"words": WORDS * 6, "what_for": "guidance"}, "120"),
    ],
)
def test_what_is_missing_or_wrong_is_told_kindly_and_what_was_typed_stays(
    sent: dict[str, Any], said: str, person: Client, anna: Member, client_for: Sign
) -> None:
    agree(person, anna)
    answer = client_for(anna).post(form_of(person), sent)
    text = answer.content.decode()
    assert (answer.status_code, said in text) == (422, True)
    assert sent.get("words", "") in text
    assert not Background.objects.exists()


def test_what_stands_there_already_is_not_recorded_twice(
    told: list[Background], person: Client, anna: Member, client_for: Sign
) -> None:
    with pytest.raises(acts.NothingNew):
        tell(person, anna)
    assert len(tell(person, anna, needs=["digital", "transport"])) == 1
    answer = client_for(anna).post(form_of(person), {"needs": "digital", "what_for": "work"})
    assert answer.status_code == 422
    assert "Kaikki tämä on jo kirjattu." in answer.content.decode()
    with pytest.raises(acts.NotOnTheList):
        tell(person, anna, what_for="curiosity")


def test_the_same_press_twice_records_once(person: Client, anna: Member, client_for: Sign) -> None:
    agree(person, anna)
    browser = client_for(anna)
    key = re.search(r'name="submission_key" value="([0-9a-f-]+)"', browser.get(form_of(person)).content.decode())
    assert key
    sent = {"needs": ["digital", "transport"], "what_for": "guidance", "submission_key": key[1]}
    assert [browser.post(form_of(person), sent).status_code for _press in range(2)] == [303, 303]
    assert Background.objects.count() == 2


def test_a_look_is_written_down_and_the_trace_holds_no_content(
    told: list[Background], person: Client, anna: Member, client_for: Sign
) -> None:
    client_for(anna).get(form_of(person))
    look = AccessEvent.objects.get(person_id=person.pk, kind="background")
    assert (look.outcome, look.membership_id) == ("shown", anna.membership_id)
    acts.end_background(told[1], by=anna, at=NOW)
    events = AuditEvent.objects.filter(object_kind="clients.background")
    assert {one.verb for one in events} == {"background.recorded", "background.ended"}
    for one in events:
        assert set(one.fields) <= {"kind", "code", "words", "what_for", "ended_at"}
        assert one.reason == ""


def test_codes_are_told_in_three_languages_and_each_once() -> None:
    lists = background_codes.lists()
    codes = [code for names in lists.values() for code in names]
    assert len(codes) == len(set(codes)) >= 20
    assert max(map(len, codes)) <= 24
    assert all(
        set(names) == {"fi", "sv", "en"} and all(names.values()) for rows in lists.values() for names in rows.values()
    )
    assert background_codes.label("no-longer-there") == "no-longer-there"


# --- told to others ---------------------------------------------------------------------------------------------------


def test_another_organisation_sees_it_only_when_its_consent_names_it(
    told: list[Background], person: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    everything_else = ["contact", "situation", "guidance", "plan", "assessments"]
    consent = share(person, anna, partner, everything_else)
    assert seen_by(partner) == (0, 0)
    page = client_for(partner).get(page_of(person)).content.decode()
    assert "Kielo Esimerkki" in page
    assert "h-background" not in page
    consents.withdraw_consent(consent, by=anna, at=at(11))
    share(person, anna, partner, ["background"])
    assert seen_by(partner) == (3, 3)
    page = client_for(partner).get(page_of(person)).content.decode()
    assert WORDS in page
    assert "client-background" not in page
    assert client_for(partner).get(form_of(person)).status_code == 404
    assert client_for(partner).post(reverse("clients:background_end", args=[told[0].pk])).status_code == 404


def test_an_organisation_that_may_be_told_sees_no_hint_while_there_is_nothing(
    person: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    share(person, anna, partner, ["background"])
    assert "h-background" not in client_for(partner).get(page_of(person)).content.decode()


def test_the_form_and_the_receipt_name_the_content(person: Client, anna: Member, client_for: Sign) -> None:
    browser, organisation = client_for(anna), MembershipFactory(partner=True).organisation
    sent = {"organisation": organisation.pk, "contents": "background", "how": "words", "read_in": "fi"}
    assert browser.post(reverse("clients:give_share", args=[person.pk]), sent).status_code == 303
    agree(person, anna)
    consents.load_consent_texts(at=NOW)
    paper = browser.get(reverse("clients:receipt", args=[person.pk])).content.decode()
    assert "taustatiedot" in paper
    assert 'data-testid="receipt-background"' in paper


def test_the_person_answers_on_the_tablet(house: House, person: Client, anna: Member) -> None:
    consents.load_consent_texts(at=NOW)
    offer = handovers.open_session(person, asks=[Purpose.BACKGROUND], by=anna, at=NOW, language="fi-selko")
    device = DeviceFactory(point=house.point, kind="handover", token="luovutus-0123456789abcdef")
    turn = handovers.take(offer.code, device=device, at=NOW)
    assert turn is not None
    browser = Browser()
    browser.cookies["device_handover"] = "luovutus-0123456789abcdef"
    assert "Taustastani saa kirjoittaa muistiin" in browser.get(reverse("clients:handover")).content.decode()
    handovers.answer(turn, purpose=Purpose.BACKGROUND, agrees=True, language="fi-selko", at=NOW)
    consent = Consent.objects.get(purpose=Purpose.BACKGROUND)
    assert (consent.how, consent.text.language) == ("tablet", "fi-selko")
    assert len(tell(person, anna)) == 3
