"""A consent for a month only, and one to the team of another service point."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from clients.actions import consent as consents
from clients.actions import responsibility as responsibilities
from clients.actions.client import Person, record_person
from clients.actions.consent import Given
from clients.models import Client, Consent
from clients.models.consent import PROSPECT, Purpose
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A service point at eleven."""
    house = House()
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    return house


def for_a_month(house: House, *, moment: Any = None) -> Client:
    when = moment or house.now
    given = Given.for_a_month("words", "fi", at=when)
    return record_person(Person("Aino Kuukausi"), by=house.desk, at=when, consent=given, may_contact=True)


def record_of(client: Client) -> Consent:
    return Consent.objects.not_withdrawn().get(client=client, purpose=Purpose.RECORD)


# --- a month ---------------------------------------------------------------------------------------------------------


def test_a_months_consent_has_its_own_words_and_its_end(house: House) -> None:
    consent = record_of(for_a_month(house))
    assert consent.is_short
    assert consent.text.purpose == PROSPECT
    assert consent.expires_on == house.day.on + timedelta(days=30)
    assert consent.days_left(house.day.on) == 31
    assert consent.days_left(house.day.on + timedelta(days=30)) == 1
    assert consent.days_left(house.day.on + timedelta(days=31)) == 0


def test_the_page_shows_the_days_left_and_one_press_renews(house: House, client_for: Any) -> None:
    person = for_a_month(house)
    browser = client_for(house.desk)
    page = browser.get(reverse("clients:client", args=[person.pk])).content.decode()
    assert "consent-days-left" in page
    old = record_of(person)
    assert browser.post(reverse("clients:renew", args=[old.pk])).status_code == 303
    new = record_of(person)
    assert (new.pk != old.pk, new.is_short, new.expires_on) == (True, True, house.day.on + timedelta(days=30))
    assert Client.objects.visible_to(house.desk).filter(pk=person.pk).exists()
    assert Consent.objects.in_force(house.day.on).filter(client=person, purpose=Purpose.CONTACT).exists()


def test_what_has_ended_or_lasts_cannot_be_renewed(house: House) -> None:
    lasting = record_of(person_on_file(house.desk))
    with pytest.raises(consents.NotShort):
        consents.renew_short(lasting, by=house.desk, at=house.now)
    short = record_of(for_a_month(house))
    consents.withdraw_consent(short, by=house.desk, at=house.now)
    with pytest.raises(consents.NotShort):
        consents.renew_short(short, by=house.desk, at=house.now)


def test_a_lasting_consent_takes_the_place_of_a_month(house: House) -> None:
    person = for_a_month(house)
    consents.give_consent(person, by=house.desk, at=house.now, purpose=Purpose.RECORD, given=Given())
    consent = record_of(person)
    assert (consent.is_short, consent.expires_on) == (False, None)
    with pytest.raises(consents.AlreadyGiven):
        consents.give_consent(person, by=house.desk, at=house.now, purpose=Purpose.RECORD, given=Given())


def test_a_month_that_was_taken_back_is_given_again_as_a_month(house: House) -> None:
    person = for_a_month(house)
    consents.withdraw_consent(record_of(person), by=house.desk, at=house.now)
    consents.give_again(
        Consent.objects.filter(client=person, purpose=Purpose.RECORD).get(), by=house.desk, at=house.now
    )
    assert record_of(person).is_short


def test_the_form_records_a_month_and_the_tablet_does_not(house: House, client_for: Any) -> None:
    browser = client_for(house.desk)
    data = {"name": "Aino Uusi", "contact_kind": "phone", "may_record": "on", "how": "words", "read_in": "fi"}
    assert browser.post(reverse("clients:record"), data | {"for_a_month": "on"}).status_code == 303
    assert record_of(Client.objects.get(name="Aino Uusi")).is_short
    refused = browser.post(reverse("clients:record"), data | {"how": "tablet", "for_a_month": "on"})
    assert refused.status_code == 422


# --- the team of a point ---------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(house: House) -> House:
    """Another service point on the same day."""
    return House(on=house.day.on)


def tell(house: House, other: House, contents: list[str]) -> tuple[Client, Consent]:
    person = person_on_file(
        house.desk, moment=house.now, name="Aino Toisaalla", year_of_birth=1987, contact_kind="phone",
        contact_value="+358 000 000 012",
    )  # fmt: skip
    consent = consents.give_consent(
        person, by=house.desk, at=house.now, purpose=Purpose.SHARE, given=Given(), team=other.point, contents=contents
    )
    return person, consent


def seen_by(member: Member, client: Client) -> tuple[bool, bool]:
    """Whether the program's filter shows the person, and whether the wall alone does."""
    with as_actor(member.actor):
        return (
            Client.objects.visible_to(member).filter(pk=client.pk).exists(),
            Client.objects.filter(pk=client.pk).exists(),
        )


def test_the_team_is_who_works_there_today(house: House, elsewhere: House) -> None:
    person, _ = tell(house, elsewhere, ["contact"])
    at_work = elsewhere.advisor()
    partner = elsewhere.advisor(partner=True)
    off_duty = Member(MembershipFactory(point=elsewhere.point, role=Role.ADVISOR))
    assert seen_by(at_work, person) == (True, True)
    assert seen_by(partner, person) == (True, True)
    assert seen_by(off_duty, person) == (False, False)


def test_who_left_the_roster_is_no_longer_of_the_team(house: House, elsewhere: House) -> None:
    person, _ = tell(house, elsewhere, ["contact"])
    advisor = elsewhere.advisor()
    advisor.membership.shifts.update(cancelled_at=house.now)
    assert seen_by(advisor, person) == (False, False)


def test_who_answers_for_somebody_there_is_of_the_team(house: House, elsewhere: House) -> None:
    person, _ = tell(house, elsewhere, ["contact"])
    companion = Member(MembershipFactory(point=elsewhere.point, role=Role.ADVISOR))
    own = person_on_file(companion, moment=house.now, name="Oma Asiakas")
    responsibilities.take(own, by=companion, at=house.now)
    assert seen_by(companion, person) == (True, True)
    Consent.objects.filter(client=own).update(withdrawn_at=house.now)
    assert seen_by(companion, person) == (False, False)


def test_the_team_is_told_the_chosen_contents_and_nothing_else(house: House, elsewhere: House) -> None:
    person, _ = tell(house, elsewhere, ["contact", "guidance"])
    advisor = elsewhere.advisor()
    row = Client.objects.visible_to(advisor).get(pk=person.pk)
    shown = [row.shows(content) for content in ("contact", "guidance", "situation", "plan", "assessments", "all")]
    assert shown == [True, True, False, False, False, False]
    with as_actor(advisor.actor):
        assert person.contact_points.exists()
        assert list(Consent.objects.filter(client=person).values_list("purpose", flat=True)) == ["share"]
        assert Consent.objects.visible_to(advisor).filter(client=person).count() == 1


def test_both_consents_of_an_organisation_and_a_team_count(house: House, elsewhere: House) -> None:
    person, _ = tell(house, elsewhere, ["contact"])
    partner = elsewhere.advisor(partner=True)
    consents.give_consent(
        person, by=house.desk, at=house.now, purpose=Purpose.SHARE, given=Given(),
        organisation=partner.membership.organisation, contents=["situation"],
    )  # fmt: skip
    row = Client.objects.visible_to(partner).get(pk=person.pk)
    assert row.told_contents == {"contact", "situation"}


def test_the_teams_page_search_and_consents_close_in_the_same_second(
    house: House, elsewhere: House, client_for: Any
) -> None:
    person, consent = tell(house, elsewhere, ["contact", "situation"])
    advisor = elsewhere.advisor()
    browser = client_for(advisor)
    page, search = reverse("clients:client", args=[person.pk]), reverse("clients:search")
    assert "Aino Toisaalla" in browser.get(page).content.decode()
    assert "Aino Toisaalla" in browser.post(search, {"q": "toisaalla"}).content.decode()
    assert "Aino Toisaalla" in browser.post(search, {"q": "1987"}).content.decode()
    consents.withdraw_consent(consent, by=house.desk, at=house.now)
    assert browser.get(page).status_code == 404
    assert "Aino Toisaalla" not in browser.post(search, {"q": "toisaalla"}).content.decode()
    assert "Aino Toisaalla" not in browser.post(search, {"q": "1987"}).content.decode()
    assert seen_by(advisor, person) == (False, False)


def test_a_share_has_one_recipient(house: House, elsewhere: House) -> None:
    person = person_on_file(house.desk, moment=house.now)
    both = {"team": elsewhere.point, "organisation": elsewhere.point.organisation}
    for told in ({}, both):
        with pytest.raises(consents.OneRecipient):
            consents.give_consent(
                person, by=house.desk, at=house.now, purpose=Purpose.SHARE, given=Given(), contents=["plan"], **told
            )


def test_the_form_asks_for_one_recipient_and_keeps_what_was_typed(
    house: House, elsewhere: House, client_for: Any
) -> None:
    person = person_on_file(house.desk, moment=house.now)
    browser, address = client_for(house.desk), reverse("clients:give_share", args=[person.pk])
    data = {"contents": ["contact", "assessments"], "how": "words", "read_in": "fi"}
    assert browser.post(address, data).status_code == 422
    assert browser.post(address, data | {"team": str(elsewhere.point.pk), "how": "tablet"}).status_code == 422
    assert browser.post(address, data | {"team": str(elsewhere.point.pk)}).status_code == 303
    consent = Consent.objects.get(client=person, purpose=Purpose.SHARE)
    assert (consent.recipient_point_id, consent.contents) == (elsewhere.point.pk, ["contact", "assessments"])
    assert at(11) == house.now
