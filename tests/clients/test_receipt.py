"""The person's own receipt: in plain words, in four languages; the page behind the link closes what it is told to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from clients.actions import consent as consents
from clients.actions import link as links
from clients.actions.assessment import record_assessment
from clients.actions.consent import Given
from clients.actions.instrument import load_shipped
from clients.models import Client, Consent, InstrumentVersion, Link
from clients.models.consent import Purpose
from clients.receipt import EASY_FINNISH
from team.access import Member
from tests.factories.clients import person_on_file, plan_of
from tests.factories.team import MembershipFactory, OrganisationFactory
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki import audit
from tyoparkki.models import AccessEvent, AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A service point at eleven."""
    house = House()
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    return house


@pytest.fixture
def advisor(house: House) -> Member:
    """Who guides and answers."""
    return house.advisor()


@pytest.fixture
def friend() -> Member:
    """Somebody of an organisation that was told."""
    return Member(MembershipFactory(organisation=OrganisationFactory()))


@pytest.fixture
def person(house: House, advisor: Member, friend: Member) -> Client:
    """Somebody with a plan, a contact person and a consent to tell an organisation."""
    client = person_on_file(advisor, moment=house.now, name="Aino Kuitti")
    plan_of(client, advisor, moment=house.now)  # and answers for the person
    consents.give_consent(
        client, by=advisor, at=house.now, purpose=Purpose.SHARE, given=Given(), contents=["contact", "plan"],
        organisation=friend.membership.organisation,
    )  # fmt: skip
    return client


def own_page(house: House, person: Client, advisor: Member, **more: Any) -> tuple[str, links.Issued]:
    issued = links.issue_receipt(person, by=advisor, at=house.now, **more)
    return reverse("clients:own", args=[issued.token]), issued


def share_of(person: Client) -> Consent:
    return Consent.objects.get(client=person, purpose=Purpose.SHARE)


def record_of(person: Client) -> Consent:
    return Consent.objects.get(client=person, purpose=Purpose.RECORD)


# --- on paper --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "heading", "words"),
    [
        ("fi", "Mitä sovimme", "Voimassa, kunnes perut sen"),
        ("fi-selko", "Mitä sovimme", "Lupa on voimassa, kunnes perut sen."),
        ("sv", "Vad vi kom överens om", "Gäller tills du återkallar det"),
        ("en", "What we agreed", "Holds until you withdraw it"),
    ],
)
def test_the_receipt_speaks_the_persons_language(
    house: House, advisor: Member, person: Client, client_for: Any, language: str, heading: str, words: str
) -> None:
    page = client_for(advisor).get(reverse("clients:receipt", args=[person.pk]), {"kieli": language})
    text = page.content.decode()
    assert page.status_code == 200
    assert heading in text
    assert words in text
    with translation.override(language[:2]):
        assert share_of(person).recipient in text
    assert "Soittaa oppilaitokseen" in text
    assert advisor.user.name in text


def test_easy_finnish_has_a_sentence_of_its_own_for_each(house: House) -> None:
    from clients import receipt

    sentences = {
        value
        for name, value in vars(receipt).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    }
    assert sentences == set(EASY_FINNISH)
    for sentence, easy in EASY_FINNISH.items():
        assert set(re.findall(r"%\(\w+\)s", sentence)) == set(re.findall(r"%\(\w+\)s", easy))


def test_only_the_team_makes_a_receipt_and_the_look_is_written_down(
    person: Client, advisor: Member, friend: Member, client_for: Any
) -> None:
    address = reverse("clients:receipt", args=[person.pk])
    assert client_for(friend).get(address).status_code == 404
    assert client_for(advisor).get(address).status_code == 200
    seen = AccessEvent.objects.filter(person_id=person.pk, kind="receipt")
    assert sorted(seen.values_list("outcome", flat=True)) == ["denied", "shown"]


def test_the_address_of_the_own_page_is_shown_once(person: Client, advisor: Member, client_for: Any) -> None:
    browser, address = client_for(advisor), reverse("clients:receipt_link", args=[person.pk])
    data = {"submission_key": "0190a5d0-0000-7000-8000-000000000001"}
    first = browser.post(address, data)
    assert first.status_code == 200
    assert "receipt-address" in first.content.decode()
    assert "no-store" in first["Cache-Control"]
    again = browser.post(address, data)
    assert again.status_code == 303
    assert Link.objects.filter(client=person, kind="receipt").count() == 1
    token = re.search(r"/oma/([\w-]+)/", first.content.decode())
    assert token is not None
    assert Browser().get(f"/oma/{token.group(1)}/").status_code == 200


# --- behind the link -------------------------------------------------------------------------------------------------


def test_the_own_page_says_what_was_agreed_and_who_has_looked(
    house: House, person: Client, advisor: Member, friend: Member
) -> None:
    for member, kind in ((friend, "page"), (friend, "page"), (house.desk, "search")):
        audit.seen("client", person.pk, by=member.actor, at=house.now, kind=kind)
    audit.seen("client", person.pk, by=friend.actor, at=house.now - timedelta(hours=1), kind="page")
    address, _ = own_page(house, person, advisor)
    text = Browser().get(address).content.decode()
    assert "Mitä sovimme" in text
    assert f"{friend.membership.organisation.name}, ohjaaja: avasi sivun (2 ×)" in text
    assert "näytettiin haussa" in text or "haussa" in text
    assert friend.user.name not in text
    assert house.desk.user.name not in text
    seen = AccessEvent.objects.get(person_id=person.pk, kind="own")
    assert (seen.actor_kind, seen.organisation_id, seen.membership_id) == ("link", None, None)


def test_one_press_withdraws_and_the_next_statement_of_the_organisation_sees_nothing(
    house: House, person: Client, advisor: Member, friend: Member, client_for: Any
) -> None:
    partner = client_for(friend)
    file = reverse("clients:client", args=[person.pk])
    assert partner.get(file).status_code == 200
    address, _ = own_page(house, person, advisor)
    consent = share_of(person)
    answer = Browser().post(address, {"consent": str(consent.pk)})
    assert answer.status_code == 200
    assert "Suostumus on peruttu" in answer.content.decode()
    assert partner.get(file).status_code == 404
    consent.refresh_from_db()
    assert (consent.withdrawn_at, consent.withdrawn_by_id) == (house.now, None)
    line = AuditEvent.objects.get(verb="consent.withdrawn", object_id=str(consent.pk))
    assert (line.actor_kind, line.membership_id) == ("link", None)
    assert Browser().post(address, {"consent": str(consent.pk)}).status_code == 200, "a second press finds it done"


def test_the_page_closes_with_the_consent_to_be_recorded(
    house: House, person: Client, advisor: Member, client_for: Any
) -> None:
    address, _ = own_page(house, person, advisor)
    assert Browser().post(address, {"consent": str(record_of(person).pk)}).status_code == 200
    assert Browser().get(address).status_code == 404
    assert client_for(advisor).get(reverse("clients:client", args=[person.pk])).status_code == 404
    assert not Consent.objects.not_withdrawn().filter(client=person).exists()


def test_the_holder_of_a_receipt_touches_nobody_elses_consent(house: House, person: Client, advisor: Member) -> None:
    other = person_on_file(advisor, moment=house.now, name="Toinen Ihminen")
    address, issued = own_page(house, person, advisor)
    assert Browser().post(address, {"consent": str(record_of(other).pk)}).status_code == 404
    assert Browser().post(address, {"consent": "ei-avain"}).status_code == 404
    with as_actor(links.LinkHolder(issued.row).actor):
        assert list(Client.objects.values_list("pk", flat=True)) == [person.pk]
        assert set(Consent.objects.values_list("client_id", flat=True)) == {person.pk}
        assert Consent.objects.filter(client_id=other.pk).update(withdrawn_at=house.now) == 0
    assert record_of(other).withdrawn_at is None


def test_an_ended_or_foreign_link_opens_nothing(house: House, person: Client, advisor: Member) -> None:
    address, issued = own_page(house, person, advisor, lasts=timedelta(minutes=5))
    links.end(issued.row, by=advisor, at=house.now)
    assert Browser().get(address).status_code == 404
    assert Browser().get("/oma/vaarinkirjoitettu/").status_code == 404


def test_whoever_told_not_to_use_services_online_is_telephoned_or_written_to_first(
    client_for: Any, advisor: Member, person: Client, house: House
) -> None:
    """The latest answer counts, and one that left the question out tells nothing."""
    load_shipped(at=house.now)
    asked = InstrumentVersion.objects.newest().get(instrument__key="digi")
    browser = client_for(advisor)
    pages = (reverse("clients:receipt", args=[person.pk]), reverse("clients:client", args=[person.pk]))
    marks = ('data-testid="receipt-channel"', 'data-testid="client-channel"')

    def told(minutes: int, **scores: int) -> list[bool]:
        moment = house.now - timedelta(minutes=minutes)
        record_assessment(person, asked, scores, by=advisor, at=moment, filled_at=moment)
        return [mark in browser.get(page).content.decode() for page, mark in zip(pages, marks, strict=True)]

    assert told(9, asiointi=2, laite=0) == [False, False]
    assert told(8, asiointi=0) == [True, True]
    assert told(7, laite=2) == [True, True]
    assert told(6, asiointi=1) == [False, False]
