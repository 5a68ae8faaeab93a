"""A referral's page, the answer by link in three presses, the letter, and what goes with it: only what is agreed to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser

from clients.actions import consent as consents
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.actions.consent import Given
from clients.models import Client, Consent, Referral
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import ConsentTextFactory, person_on_file, plan_of
from tests.factories.team import MembershipFactory, at
from tyoparkki import outbox

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


@pytest.fixture
def person(sender: Member) -> Client:
    """Somebody on file, with a plan."""
    known = person_on_file(sender, moment=at(10), contact_kind="phone", contact_value="+358 000 000 012")
    plan_of(known, sender, moment=at(10))
    return known


def share(person: Client, recipient: Member, contents: list[str], *, by: Member) -> Consent:
    """The person lets the recipient's organisation know."""
    to = recipient.membership.organisation
    told = {"purpose": Purpose.SHARE, "given": Given(), "organisation": to, "contents": contents}
    return consents.give_consent(person, by=by, at=at(11), **told)


def referred(person: Client | None, recipient: Member, *, by: Member, **told: Any) -> Referral:
    """A referral to the recipient's organisation."""
    to = recipient.membership.organisation
    return referrals.refer(point=by.membership.point, organisation=to, client=person, by=by, at=at(11), **told)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def answer(token: str, said: str) -> Any:
    return Browser().post(f"/linkki/{token}/", {"answer": said})


def test_a_draft_from_the_persons_page_says_what_goes_before_it_is_sent(
    sender: Member, recipient: Member, person: Client
) -> None:
    share(person, recipient, ["contact"], by=sender)
    browser = signed_in(sender)
    to = recipient.membership.organisation
    page = browser.get(f"/asiakkaat/{person.pk}/ohjaa/", {"q": to.names["fi"][:5]})
    assert f'value="{to.pk}"' in page.content.decode()
    sent = browser.post(f"/asiakkaat/{person.pk}/ohjaa/", {"found": to.pk, "reason": "Ryhmä alkaa"}, follow=True)
    text = text_of(sent)
    assert "Yhteystieto: kyllä" in text
    assert "Suunnitelma: ei suostumusta" in text
    row = Referral.objects.get()
    assert (row.status, row.client) == ("draft", person)
    assert row.carrier_code not in signed_in(recipient).get("/ohjaukset/").content.decode()
    browser.post(f"/ohjaukset/{row.pk}/laheta/", {"stay": "1"})
    assert row.carrier_code in signed_in(recipient).get("/ohjaukset/").content.decode()


def test_what_the_person_chose_goes_by_link_and_nothing_else(sender: Member, recipient: Member, person: Client) -> None:
    given = share(person, recipient, ["contact"], by=sender)
    row = referred(person, recipient, by=sender)
    token = links.issue_for_referral(row, by=sender, at=at(11)).token
    text = text_of(Browser().get(f"/linkki/{token}/"))
    assert person.name in text
    assert "+358 000 000 012" in text
    assert "Soittaa oppilaitokseen" not in text
    Consent.objects.filter(pk=given.pk).update(contents=["plan"])
    text = text_of(Browser().get(f"/linkki/{token}/"))
    assert "+358 000 000 012" not in text
    assert "Soittaa oppilaitokseen" in text
    consents.withdraw_consent(given, by=sender, at=NOW)
    gone = Browser().get(f"/linkki/{token}/")
    assert gone.status_code == 404
    assert person.name not in gone.content.decode()


def test_without_a_consent_the_code_says_all(sender: Member, recipient: Member, person: Client) -> None:
    row = referred(person, recipient, by=sender, reason="Haluaa pajalle")
    token = links.issue_for_referral(row, by=sender, at=at(11)).token
    for text in (
        text_of(Browser().get(f"/linkki/{token}/")),
        text_of(signed_in(recipient).get(f"/ohjaukset/{row.pk}/")),
        text_of(signed_in(recipient).get("/ohjaukset/")),
    ):
        assert row.carrier_code in text
        assert person.name not in text
        assert "Haluaa pajalle" not in text


def test_a_recipient_without_an_account_brings_it_to_its_result(sender: Member, recipient: Member) -> None:
    row = referred(None, recipient, by=sender)
    token = links.issue_for_referral(row, by=sender, at=at(11), language="sv").token
    opened = Browser().get(f"/linkki/{token}/")
    assert 'lang="sv"' in opened.content.decode()
    word = row.point.terms.filter(kind="ending").order_by("position")[0]
    for said, status in (
        ("receive", "received"),
        ("contact", "contacted"),
        ("start", "started"),
        (f"end:{word.pk}", "ended"),
    ):
        assert answer(token, said).status_code == 200
        row.refresh_from_db()
        assert row.status == status
    assert row.result == word
    assert str(word) in text_of(signed_in(sender).get(f"/ohjaukset/{row.pk}/"))


def test_a_wrong_refusal_by_link_is_taken_back_by_link(sender: Member, recipient: Member) -> None:
    row = referred(None, recipient, by=sender)
    token = links.issue_for_referral(row, by=sender, at=at(11)).token
    word = row.point.terms.filter(kind="refusal").order_by("position")[0]
    assert answer(token, "decline:999999").status_code == 422
    assert answer(token, f"decline:{word.pk}").status_code == 200
    row.refresh_from_db()
    assert (row.status, row.refusal) == ("declined", word)
    assert answer(token, "undo").status_code == 200
    row.refresh_from_db()
    assert (row.status, row.refusal) == ("sent", None)


def test_an_answer_that_came_too_late_says_so(sender: Member, recipient: Member) -> None:
    row = referred(None, recipient, by=sender)
    token = links.issue_for_referral(row, by=sender, at=at(11)).token
    referrals.withdraw(row, by=sender, at=NOW)
    late = answer(token, "receive")
    assert late.status_code == 409
    assert "perunut" in text_of(late)


def test_the_letter_names_nobody_and_its_link_opens_the_referral(
    sender: Member, recipient: Member, person: Client
) -> None:
    share(person, recipient, ["contact"], by=sender)
    row = referred(person, recipient, by=sender, reason="Haluaa pajalle", recipient_email="paja@paja.example")
    outbox.drain()
    (letter,) = mail.outbox
    assert letter.to == ["paja@paja.example"]
    assert row.carrier_code in letter.subject
    assert not any(word in letter.body + letter.subject for word in (person.name, "Aino", "000 012", "pajalle"))
    found = re.search(r"/linkki/([\w-]+)/", letter.body)
    assert found is not None
    assert person.name in text_of(Browser().get(f"/linkki/{found.group(1)}/"))
    outbox.drain()
    assert len(mail.outbox) == 1


def test_a_letter_that_cannot_be_sent_leaves_no_link_and_is_tried_again(
    sender: Member, recipient: Member, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.clients.test_referral_page.Broken"
    row = referred(None, recipient, by=sender, recipient_email="paja@paja.example")
    outbox.drain()
    assert not row.links.exists()
    assert outbox.waiting().filter(task="clients.referral_mail", attempts=1).count() == 1


class Broken:
    """A mail server that is away."""

    def __init__(self, **_options: Any) -> None:
        pass

    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError


def test_a_link_on_paper_is_shown_once(sender: Member, recipient: Member) -> None:
    row, browser = referred(None, recipient, by=sender), signed_in(sender)
    key = "0198f2c4-7a3e-7d2b-8c55-1b1f0a3d5e77"
    form = {"language": "en", "submission_key": key}
    page = browser.post(f"/ohjaukset/{row.pk}/linkki/", form)
    found = re.search(r"/linkki/([\w-]+)/", page.content.decode())
    assert found is not None
    assert Browser().get(f"/linkki/{found.group(1)}/").status_code == 200
    again = browser.post(f"/ohjaukset/{row.pk}/linkki/", form)
    assert again.status_code == 303
    browser.post(f"/ohjaukset/{row.pk}/linkki/paata/")
    assert Browser().get(f"/linkki/{found.group(1)}/").status_code == 404


def test_what_is_late_stands_first_and_says_so(sender: Member, recipient: Member, monkeypatch: Any) -> None:
    late, fresh = referred(None, recipient, by=sender), referred(None, recipient, by=sender)
    Referral.objects.filter(pk=late.pk).update(sent_at=NOW - timedelta(days=20), next_on=NOW.date() - timedelta(days=9))
    text = text_of(signed_in(recipient).get("/ohjaukset/"))
    assert text.index(late.carrier_code) < text.index(fresh.carrier_code)
    assert "myöhässä" in text


def test_a_meeting_is_noted_on_the_page(sender: Member, recipient: Member) -> None:
    row, browser = referred(None, recipient, by=sender), signed_in(recipient)
    assert browser.post(f"/ohjaukset/{row.pk}/tapaaminen/", {"on": "", "time": ""}).status_code == 422
    form = {"on": "2026-12-02", "time": "13:00", "place": "Raatihuone", "stay": "1"}
    page = browser.post(f"/ohjaukset/{row.pk}/tapaaminen/", form, follow=True)
    assert "Raatihuone" in text_of(page)


def test_the_plan_of_the_person_is_closed_to_a_link_of_somebody_else(
    sender: Member, recipient: Member, person: Client
) -> None:
    share(person, recipient, ["contact", "plan"], by=sender)
    other = person_on_file(sender, moment=at(10), name="Bertta Toinen")
    row = referred(other, recipient, by=sender)
    token = links.issue_for_referral(row, by=sender, at=at(11)).token
    text = text_of(Browser().get(f"/linkki/{token}/"))
    assert person.name not in text
    assert "Bertta" not in text
