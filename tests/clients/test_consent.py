"""Consent is the key: it opens at once, it closes at once, and it is asked anew by each query."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from clients.actions import consent as consents
from clients.actions.client import Person, record_person
from clients.actions.consent import Given
from clients.models import Client, Consent, ConsentText
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import ClientFactory, ConsentFactory, person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, at
from tyoparkki.actor import SYSTEM
from tyoparkki.models import AuditEvent

NOW = at(12)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walls ask the clock, so it stands still."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def desk(db: None) -> Member:
    """A member of the front desk."""
    return Member(MembershipFactory(front_desk=True))


def sees(who: Member, client: Client) -> bool:
    """Whether the member finds the person on file."""
    return Client.objects.visible_to(who).filter(pk=client.pk).exists()


def colleague(of: Member, **details: Any) -> Member:
    """Another member of the same point."""
    return Member(MembershipFactory(point=of.membership.point, **details))


def record_consent(client: Client) -> Consent:
    """The open consent to be recorded."""
    return client.consents.not_withdrawn().get(purpose=Purpose.RECORD)


def test_a_person_without_consent_is_visible_to_nobody(desk: Member) -> None:
    assert not sees(desk, ClientFactory(point=desk.membership.point))


def test_recording_needs_consent_in_the_same_act_and_opens_the_file_to_the_team(desk: Member) -> None:
    client = person_on_file(desk)
    assert sees(desk, client)
    assert sees(colleague(desk), client)
    assert sees(colleague(desk, partner=True), client)


@pytest.mark.parametrize("role", ["manager", "admin", "expert"])
def test_roles_without_the_right_see_nobody(desk: Member, role: str) -> None:
    assert not sees(colleague(desk, role=role), person_on_file(desk))


def test_another_point_does_not_see_the_person(desk: Member) -> None:
    assert not sees(Member(MembershipFactory()), person_on_file(desk))


def test_withdrawing_closes_the_file_at_once_and_ends_what_rests_on_it(desk: Member) -> None:
    client = record_person(Person("Aino Esimerkki"), by=desk, at=NOW, consent=Given(), may_contact=True)
    partner = OrganisationFactory()
    consents.give_consent(
        client, by=desk, at=NOW, purpose=Purpose.SHARE, given=Given(), organisation=partner, contents=["contact"]
    )
    outsider = Member(MembershipFactory(organisation=partner))
    assert sees(outsider, client)
    ended = consents.withdraw_consent(record_consent(client), by=desk, at=NOW)
    assert {consent.purpose for consent in ended} == {Purpose.RECORD, Purpose.CONTACT, Purpose.SHARE}
    assert not sees(desk, client)
    assert not sees(outsider, client)


def test_sharing_stays_while_another_point_keeps_the_person_on_file(desk: Member) -> None:
    client = person_on_file(desk)
    elsewhere = Member(MembershipFactory())
    ConsentFactory(client=client, recipient_point=elsewhere.membership.point)
    share = ConsentFactory(client=client, share=True)
    consents.withdraw_consent(record_consent_at(client, desk), by=desk, at=NOW)
    share.refresh_from_db()
    assert share.withdrawn_at is None
    assert sees(elsewhere, client)
    assert not sees(desk, client)


def record_consent_at(client: Client, who: Member) -> Consent:
    """The open consent to be recorded at the member's point."""
    return client.consents.not_withdrawn().get(purpose=Purpose.RECORD, recipient_point=who.membership.point)


def test_a_consent_that_has_run_out_does_not_open_the_file(desk: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    client = record_person(Person("Aino Esimerkki"), by=desk, at=NOW, consent=Given(expires_on=NOW.date()))
    assert sees(desk, client)
    tomorrow = NOW + timedelta(days=1)
    monkeypatch.setenv("TYOPARKKI_NOW", tomorrow.isoformat())
    assert not sees(desk, client)
    with pytest.raises(consents.NotRecorded):
        consents.give_consent(client, by=desk, at=tomorrow, purpose=Purpose.RECORD, given=Given())


def test_a_consent_to_be_contacted_that_has_run_out_is_given_anew(desk: Member) -> None:
    client = person_on_file(desk)
    contact = {"purpose": Purpose.CONTACT, "by": desk, "at": NOW}
    short = consents.give_consent(client, given=Given(expires_on=date(2026, 11, 17)), **contact)
    again = consents.give_consent(client, given=Given(), **contact)
    short.refresh_from_db()
    assert (short.withdrawn_at, short.withdrawn_by) == (NOW, None)
    assert again.client_id == client.pk


def test_an_organisation_sees_what_the_person_chose_to_tell_it(desk: Member) -> None:
    client = person_on_file(desk)
    partner = Member(MembershipFactory())
    assert not sees(partner, client)
    consents.give_consent(
        client,
        by=desk,
        at=NOW,
        purpose=Purpose.SHARE,
        given=Given(),
        organisation=partner.membership.organisation,
        contents=["situation"],
    )
    row = Client.objects.visible_to(partner).get(pk=client.pk)
    assert row.shows("situation")
    assert not row.shows("contact")
    assert Client.objects.visible_to(desk).get(pk=client.pk).shows("contact")


def test_undo_gives_again_what_ended_together_as_new_rows(desk: Member) -> None:
    client = record_person(Person("Aino Esimerkki"), by=desk, at=NOW, consent=Given(), may_contact=True)
    first = record_consent(client)
    consents.withdraw_consent(first, by=desk, at=NOW)
    again = consents.give_again(first, by=desk, at=NOW + timedelta(minutes=1))
    assert len(again) == 2
    assert first.pk not in {consent.pk for consent in again}
    assert sees(desk, client)
    first.refresh_from_db()
    assert first.withdrawn_at is not None


def test_only_who_withdrew_may_undo_and_only_that_day(desk: Member) -> None:
    first = record_consent(person_on_file(desk))
    consents.withdraw_consent(first, by=desk, at=NOW)
    with pytest.raises(consents.TooLateToUndo):
        consents.give_again(first, by=colleague(desk), at=NOW)
    with pytest.raises(consents.TooLateToUndo):
        consents.give_again(first, by=desk, at=NOW + timedelta(days=1))


def test_the_same_consent_is_given_once_and_withdrawn_once(desk: Member) -> None:
    client = person_on_file(desk)
    with pytest.raises(consents.AlreadyGiven):
        consents.give_consent(client, by=desk, at=NOW, purpose=Purpose.RECORD, given=Given())
    consent = record_consent(client)
    consents.withdraw_consent(consent, by=desk, at=NOW)
    with pytest.raises(consents.AlreadyWithdrawn):
        consents.withdraw_consent(consent, by=desk, at=NOW)


def test_sharing_names_what_is_told_and_rests_on_being_recorded(desk: Member) -> None:
    partner = OrganisationFactory()
    share = {"purpose": Purpose.SHARE, "given": Given(), "organisation": partner, "by": desk, "at": NOW}
    with pytest.raises(consents.NothingShared):
        consents.give_consent(person_on_file(desk), **share)
    with pytest.raises(consents.NotRecorded):
        consents.give_consent(ClientFactory(point=desk.membership.point), contents=["contact"], **share)


def test_the_words_in_the_language_that_was_read_are_kept(desk: Member) -> None:
    client = record_person(Person("Aino Esimerkki"), by=desk, at=NOW, consent=Given(language="fi-selko"))
    text = record_consent(client).text
    assert (text.language, text.version, text.title) == ("fi-selko", 1, "Tietoni saa kirjoittaa muistiin")


def test_an_older_version_stays_with_who_agreed_to_it(desk: Member) -> None:
    client = person_on_file(desk)
    ConsentText.objects.create(purpose=Purpose.RECORD, version=2, language="fi", title="Uusi", body="Uusi teksti.")
    newer = person_on_file(desk, name="Toinen Ihminen")
    assert record_consent(client).text.version == 1
    assert record_consent(newer).text.version == 2


def test_texts_are_loaded_once(db: None) -> None:
    assert consents.load_consent_texts(at=NOW) == 0
    ConsentText.objects.filter(language="sv").delete()
    assert consents.load_consent_texts(at=NOW) == 5
    assert AuditEvent.objects.filter(verb="consent_text.loaded", actor_kind=SYSTEM.kind).count() == 5


def test_the_trace_names_purposes_and_no_values(desk: Member) -> None:
    person_on_file(desk, contact_kind="phone", contact_value="+358 000 000 012")
    events = AuditEvent.objects.filter(membership_id=desk.membership_id)
    assert {event.verb for event in events} == {"client.recorded", "consent.given"}
    assert "Aino" not in str(list(events.values()))
    assert "000 012" not in str(list(events.values()))


@pytest.mark.django_db(transaction=True)
def test_two_hands_withdrawing_the_same_consent_have_one_effect() -> None:
    desk = Member(MembershipFactory(front_desk=True))
    all_consents = [record_consent(person_on_file(desk, name=f"Aino Koe{n}")) for n in range(10)]
    barrier = threading.Barrier(2, timeout=20)

    def hand(_number: int) -> list[bool]:
        done = []
        try:
            for consent in all_consents:
                barrier.wait()
                try:
                    consents.withdraw_consent(consent, by=desk, at=NOW)
                    done.append(True)
                except consents.AlreadyWithdrawn:
                    done.append(False)
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(hand, range(2))
    assert all(mine != theirs for mine, theirs in zip(one, other, strict=True))
    assert AuditEvent.objects.filter(verb="consent.withdrawn").count() == 10


def test_asking_for_consent_costs_a_constant_number_of_statements(
    desk: Member, assert_budget: Callable[..., Any]
) -> None:
    for number in range(5):
        person_on_file(desk, name=f"Aino Koe{number}")
    with assert_budget(1, exactly=True):
        assert len(Client.objects.visible_to(desk).for_lists()) == 5
