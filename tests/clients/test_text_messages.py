"""Text messages: a partner's link, and a person's own page; from the outbox, each once, naming nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import translation

from clients.actions import consent as consents
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.actions import referral_clock as clocks
from clients.actions.client import Person, record_person
from clients.actions.consent import Given
from clients.keys import phone_abroad
from clients.models import Client, Consent, Link, Referral
from clients.models.consent import Purpose
from clients.referral_words import told_to_client
from team.access import Member
from tests.factories.clients import ConsentTextFactory
from tests.factories.team import MembershipFactory, at
from tests.fixtures.sms import SmsGateway
from tyoparkki import outbox
from tyoparkki.models import AccessEvent, AuditEvent, Outbox

pytestmark = pytest.mark.django_db
NOW = at(12)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    for purpose in Purpose.values:
        ConsentTextFactory(purpose=purpose)


@pytest.fixture
def sender() -> Member:
    """An advisor who refers."""
    return Member(MembershipFactory())


@pytest.fixture
def recipient() -> Member:
    """An advisor of the receiving organisation."""
    return Member(MembershipFactory())


def texted(by: Member, *, may_contact: bool = True, **told: Any) -> Client:
    """Somebody on file who wants text messages."""
    told = {"contact_kind": "sms", "contact_value": "040 000 0012", "language": "sv"} | told
    return record_person(Person("Aino Salainen", **told), by=by, at=at(10), consent=Given(), may_contact=may_contact)


def referred(person: Client | None, recipient: Member, *, by: Member, **told: Any) -> Referral:
    """A referral to the recipient's organisation."""
    to = recipient.membership.organisation
    return referrals.refer(point=by.membership.point, organisation=to, client=person, by=by, at=at(11), **told)


def ended(row: Referral, recipient: Member) -> Referral:
    """The service was brought to its result."""
    for act in (referrals.receive, referrals.contact, referrals.start):
        row = act(row, by=recipient, at=NOW)
    word = row.point.terms.filter(kind="ending").order_by("position")[0]
    return referrals.end(row, word, by=recipient, at=NOW)


def link_in(text: str, where: str = "linkki") -> str:
    found = re.search(rf"/{where}/[\w-]+/", text)
    assert found is not None, text
    return found.group(0)


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("040 123 4567", "+358401234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("00358-40-1234567", "+358401234567"),
        ("+46 70 123 45 67", "+46701234567"),
    ],
)
def test_a_number_is_dialled_from_everywhere(typed: str, dialled: str) -> None:
    assert phone_abroad(typed) == dialled


@pytest.mark.parametrize(("language", "words"), [("fi", "auttamaan"), ("sv", "hjälpa"), ("en", "help a client")])
def test_a_partner_with_a_number_alone_is_sent_the_link(
    gateway: SmsGateway, sender: Member, recipient: Member, language: str, words: str
) -> None:
    person = texted(sender)
    row = referred(person, recipient, by=sender, reason="Haluaa pajalle", recipient_phone="+358400000099",
                   language=language)  # fmt: skip
    outbox.drain()
    (sent,) = gateway.delivered.values()
    assert sent["to"] == "+358400000099"
    assert row.carrier_code in sent["text"]
    assert words in sent["text"]
    assert not any(word in sent["text"] for word in ("Aino", "Salainen", "pajalle", "0012"))
    assert Browser().get(link_in(sent["text"])).status_code == 200
    outbox.drain()
    assert len(gateway.asked) == 1


@pytest.mark.parametrize("how", ["refuses", "dies", "takes and dies", "slow"])
def test_a_message_that_fails_is_tried_again_and_its_link_opens(
    gateway: SmsGateway, sender: Member, recipient: Member, how: str
) -> None:
    gateway.answers = [how]
    row = referred(None, recipient, by=sender, recipient_phone="+358400000099")
    outbox.drain()
    assert not row.links.exists()
    assert outbox.waiting().get(task=referrals.TEXT).attempts == 1
    Outbox.objects.update(next_try_at=NOW - timedelta(days=1))
    outbox.drain()
    (text,) = gateway.texts
    assert Browser().get(link_in(text)).status_code == 200
    assert row.links.count() == 1
    assert len({one["key"] for one in gateway.asked}) == 1
    assert not outbox.waiting().filter(task=referrals.TEXT).exists()


def test_what_no_gateway_takes_is_given_up_after_five_tries_and_not_lost(
    gateway: SmsGateway, sender: Member, recipient: Member
) -> None:
    gateway.answers = ["refuses"] * 9
    referred(None, recipient, by=sender, recipient_phone="+358400000099")
    for _ in range(7):
        Outbox.objects.update(next_try_at=NOW - timedelta(days=1))
        outbox.drain()
    row = Outbox.objects.get(task=referrals.TEXT)
    assert (row.attempts, row.last_error_kind, row.dead_at is not None) == (5, "NotTaken", True)
    assert len(gateway.asked) == 5


def test_in_the_quiet_a_message_waits_and_goes_once_in_the_morning(
    gateway: SmsGateway, sender: Member, recipient: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = referred(None, recipient, by=sender, recipient_phone="+358400000099")
    waits = outbox.waiting().filter(task=referrals.TEXT)
    for moment in (at(21), at(23), at(12) + timedelta(hours=19, minutes=59)):
        monkeypatch.setenv("TYOPARKKI_NOW", moment.isoformat())
        Outbox.objects.update(next_try_at=NOW - timedelta(days=1))
        assert outbox.drain() < 10  # it is put off, not asked for again and again
        assert waits.get().attempts == 0
    assert gateway.asked == []
    assert not row.links.exists()
    monkeypatch.setenv("TYOPARKKI_NOW", (at(8) + timedelta(days=1)).isoformat())
    for _ in range(2):
        Outbox.objects.update(next_try_at=NOW - timedelta(days=1))
        outbox.drain()
    (text,) = gateway.texts
    assert row.links.count() == 1
    assert Browser().get(link_in(text)).status_code == 200
    assert not waits.exists()


def test_what_was_undone_in_the_quiet_is_not_sent_in_the_morning(
    gateway: SmsGateway, sender: Member, recipient: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = referred(texted(sender), recipient, by=sender)
    outbox.drain()
    ended(row, recipient)
    monkeypatch.setenv("TYOPARKKI_NOW", at(22).isoformat())
    outbox.drain()
    row.refresh_from_db()
    referrals.undo_last(row, by=recipient, at=at(22))
    monkeypatch.setenv("TYOPARKKI_NOW", (at(8) + timedelta(days=1)).isoformat())
    Outbox.objects.update(next_try_at=NOW - timedelta(days=1))
    outbox.drain()
    assert gateway.asked == []


def test_a_partner_is_reminded_by_text_message_once(gateway: SmsGateway, sender: Member, recipient: Member) -> None:
    row = referred(None, recipient, by=sender, recipient_phone="+358400000099")
    outbox.drain()
    for days in (5, 5, 6):
        clocks.remind(at=NOW + timedelta(days=days), using="default")
        outbox.drain()
    first, reminder = gateway.texts
    assert row.carrier_code in reminder
    assert "odottaa" in reminder
    assert link_in(first) != link_in(reminder)


def test_nobody_is_texted_of_what_was_answered_or_withdrawn_meanwhile(
    gateway: SmsGateway, sender: Member, recipient: Member
) -> None:
    row = referred(None, recipient, by=sender, recipient_phone="+358400000099")
    referrals.withdraw(row, by=sender, at=NOW)
    outbox.drain()
    assert gateway.asked == []


# --- to the person ---------------------------------------------------------------------------------------------------


def test_a_result_is_told_to_whoever_agreed_to_text_messages(
    gateway: SmsGateway, sender: Member, recipient: Member
) -> None:
    person = texted(sender)
    row = ended(referred(person, recipient, by=sender, reason="Haluaa pajalle"), recipient)
    outbox.drain()
    (sent,) = gateway.delivered.values()
    assert sent["to"] == "+358400000012"
    assert "TyöParkki: det finns" in sent["text"]
    told = ("Aino", "Salainen", "pajalle", row.to, str(row.result), row.carrier_code)
    assert not any(word in sent["text"] for word in told)
    page = Browser().get(link_in(sent["text"], "oma")).content.decode()
    with translation.override("sv"):
        assert told_to_client(row) in page
    link = Link.objects.get(kind="receipt")
    assert (link.created_by, link.language, link.client) == (None, "sv", person)


def no_consent(person: Client, by: Member) -> None:
    """The consent to be contacted is taken back."""
    consents.withdraw_consent(Consent.objects.get(purpose=Purpose.CONTACT), by=by, at=NOW)


def protected(person: Client, by: Member) -> None:
    """A non-disclosure order."""
    Client.objects.filter(pk=person.pk).update(is_non_disclosure=True)


def not_recorded(person: Client, by: Member) -> None:
    """The consent to be recorded is taken back, and with it the one to be contacted."""
    consents.withdraw_consent(Consent.objects.get(purpose=Purpose.RECORD), by=by, at=NOW)


def by_telephone(person: Client, by: Member) -> None:
    """The person wants to be called."""
    person.contact_points.update(kind="phone")


def elsewhere(person: Client, by: Member) -> None:
    """The consent to be contacted was given at another point."""
    other = MembershipFactory().point
    Consent.objects.filter(client=person, purpose=Purpose.CONTACT).update(recipient_point=other)


@pytest.mark.parametrize("closed_by", [no_consent, protected, not_recorded, by_telephone, elsewhere])
def test_nobody_is_texted_who_has_not_agreed_to_it(
    gateway: SmsGateway, sender: Member, recipient: Member, closed_by: Any
) -> None:
    person = texted(sender)
    row = referred(person, recipient, by=sender)
    closed_by(person, sender)
    ended(row, recipient)
    outbox.drain()
    assert gateway.asked == []
    assert not Link.objects.exists()


def test_a_result_that_was_undone_at_once_is_not_told(gateway: SmsGateway, sender: Member, recipient: Member) -> None:
    row = ended(referred(texted(sender), recipient, by=sender), recipient)
    referrals.undo_last(row, by=recipient, at=NOW)
    outbox.drain()
    assert gateway.asked == []


def test_the_link_to_the_own_page_goes_as_a_text_message_once(
    gateway: SmsGateway, sender: Member, client_for: Any
) -> None:
    person, browser = texted(sender, language="en"), client_for(sender)
    assert "receipt-text" in browser.get(f"/asiakkaat/{person.pk}/kuitti/").content.decode()
    key = {"submission_key": "0198f2c4-7a3e-7d2b-8c55-1b1f0a3d5e77"}
    for _ in range(2):
        assert browser.post(f"/asiakkaat/{person.pk}/kuitti/tekstiviesti/", key).status_code == 303
    outbox.drain()
    (text,) = gateway.texts
    assert Browser().get(link_in(text, "oma")).status_code == 200
    assert not any(word in text for word in ("Aino", "Salainen"))
    assert AuditEvent.objects.filter(verb="receipt.texted").count() == 1
    assert AccessEvent.objects.filter(person_id=person.pk, kind="receipt", outcome="shown").exists()


def test_the_press_is_not_there_and_refuses_kindly_without_the_agreement(sender: Member, client_for: Any) -> None:
    person, browser = texted(sender, may_contact=False), client_for(sender)
    assert "receipt-text" not in browser.get(f"/asiakkaat/{person.pk}/kuitti/").content.decode()
    answer = browser.post(f"/asiakkaat/{person.pk}/kuitti/tekstiviesti/")
    assert answer.status_code == 409
    assert "tekstiviesteihin" in answer.content.decode()
    assert not Outbox.objects.filter(task=links.PERSON_TEXT).exists()
