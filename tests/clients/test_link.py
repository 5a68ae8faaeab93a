"""A one-time link opens one thing to whoever holds it, until it ends; every other secret meets the same page."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from clients.actions import consent as consents
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.actions.consent import Given
from clients.models import Consent, Link, Referral, ReferralEvent
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import ConsentTextFactory, person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki.headers import JsonLine
from tyoparkki.ids import secret_hash
from tyoparkki.models import AccessEvent, AuditEvent

pytestmark = pytest.mark.django_db
NOW = at(12)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def sender() -> Member:
    """An advisor who refers."""
    return Member(MembershipFactory())


@pytest.fixture
def referral(sender: Member) -> Referral:
    """A referral without a name."""
    return referrals.refer(point=sender.membership.point, organisation=OrganisationFactory(), by=sender, at=at(11))


@pytest.fixture
def issued(referral: Referral, sender: Member) -> links.Issued:
    """The link to it."""
    return links.issue_for_referral(referral, by=sender, at=at(11))


def page(token: str, data: dict[str, str] | None = None, **headers: str) -> Any:
    """What whoever holds the secret is answered."""
    ask = Browser().get if data is None else Browser().post
    return ask(f"/linkki/{token}/", data, headers=headers)


def test_the_secret_is_told_once_and_only_its_hash_is_kept(issued: links.Issued) -> None:
    assert len(issued.token) >= 22  # 128 bits and more
    assert issued.row.token_hash == secret_hash(issued.token)
    assert issued.token not in json.dumps(list(Link.objects.values()), default=str)
    assert issued.token not in json.dumps(list(AuditEvent.objects.values()), default=str)


def test_the_page_shows_the_referral_and_is_kept_nowhere(issued: links.Issued, referral: Referral) -> None:
    answer = page(issued.token)
    assert answer.status_code == 200
    assert referral.carrier_code in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["X-Robots-Tag"] == "noindex"


def test_opening_answers_nothing_even_when_a_mail_scanner_does_it(issued: links.Issued, referral: Referral) -> None:
    for _ in range(3):
        page(issued.token)
    referral.refresh_from_db()
    issued.row.refresh_from_db()
    assert referral.status == Referral.Status.SENT
    assert not ReferralEvent.objects.filter(link=issued.row).exists()
    assert (issued.row.opened, issued.row.opened_at) == (3, NOW)


def test_an_answer_is_the_links_and_nobodys_by_name(issued: links.Issued, referral: Referral) -> None:
    assert page(issued.token, {"answer": "receive"}).status_code == 200
    event = ReferralEvent.objects.exclude(status="sent").get()
    assert (event.by, event.link) == (None, issued.row)
    line = AuditEvent.objects.get(verb="referral.answered")
    assert (line.actor_kind, line.organisation_id) == ("link", referral.organisation_id)
    assert (line.membership_id, line.device_id) == (None, issued.row.pk)


def dead(issued: links.Issued, sender: Member, why: str) -> str:
    """A secret that opens nothing, for one of the reasons."""
    if why == "ended":
        links.end(issued.row, by=sender, at=NOW)
    elif why == "run out":
        Link.objects.filter(pk=issued.row.pk).update(created_at=at(9), expires_at=NOW)
    elif why == "for something else":
        return links.issue_receipt(person_on_file(sender, moment=at(11)), by=sender, at=at(11)).token
    return issued.token[:-1] + ("a" if issued.token[-1] != "a" else "b") if why == "mistyped" else issued.token


@pytest.mark.parametrize("why", ["ended", "run out", "mistyped", "for something else"])
def test_a_link_that_opens_nothing_says_the_same_whatever_the_reason(
    issued: links.Issued, sender: Member, why: str
) -> None:
    ConsentTextFactory()
    token, wanted = dead(issued, sender, why), page("x" * 32)
    for answer in (page(token), page(token, {"answer": "receive"})):
        assert answer.status_code == 404
        assert answer.content == wanted.content
        assert dict(answer.headers) | {"X-Request-ID": ""} == dict(wanted.headers) | {"X-Request-ID": ""}
    text = wanted.content.decode()
    assert all(word in text for word in ("Pyydä uusi", "Be om en ny", "Ask for a new one"))
    assert Referral.objects.get().status == Referral.Status.SENT


def test_a_link_to_a_named_referral_rests_on_the_consent_to_tell(sender: Member) -> None:
    for purpose in (Purpose.RECORD, Purpose.SHARE):
        ConsentTextFactory(purpose=purpose)
    person, to = person_on_file(sender, moment=at(10)), OrganisationFactory()
    share = {"purpose": Purpose.SHARE, "given": Given(), "organisation": to, "contents": ["contact"]}
    given = consents.give_consent(person, by=sender, at=at(10), **share)
    made = referrals.refer(point=sender.membership.point, organisation=to, client=person, by=sender, at=at(11))
    token = links.issue_for_referral(made, by=sender, at=at(11)).token
    assert page(token).status_code == 200
    look = AccessEvent.objects.get(person_id=person.pk, kind="link")
    assert (look.actor_kind, look.organisation_id) == ("link", to.pk)
    consents.withdraw_consent(given, by=sender, at=NOW)
    assert page(token).status_code == 404
    again = links.issue_for_referral(made, by=sender, at=NOW).token
    assert page(again).status_code == 404  # nor does a link that was made after the withdrawal open it
    consents.give_again(given, by=sender, at=NOW)
    assert page(token).status_code == 200


def test_a_consent_that_ran_out_before_a_referral_was_sent_does_not_close_its_link(sender: Member) -> None:
    for purpose in (Purpose.RECORD, Purpose.SHARE):
        ConsentTextFactory(purpose=purpose)
    person, to = person_on_file(sender, moment=at(10)), OrganisationFactory()
    long_ago = consents.give_consent(
        person, by=sender, at=at(10), purpose=Purpose.SHARE, given=Given(), organisation=to, contents=["contact"]
    )
    Consent.objects.filter(pk=long_ago.pk).update(expires_on=at(10).date() - timedelta(days=400))
    made = referrals.refer(point=sender.membership.point, organisation=to, client=person, by=sender, at=at(11))
    assert page(links.issue_for_referral(made, by=sender, at=at(11)).token).status_code == 200


def test_a_receipt_rests_on_the_consent_to_be_recorded(sender: Member) -> None:
    ConsentTextFactory()
    person = person_on_file(sender, moment=at(10))
    token = links.issue_receipt(person, by=sender, at=at(11)).token
    assert links.opened_by(token, kind="receipt", at=NOW) is not None
    given = person.consents.get()
    given.withdrawn_at, given.withdrawn_by = NOW, sender.membership
    given.save()
    assert links.opened_by(token, kind="receipt", at=NOW) is None


def test_who_guesses_is_stopped_and_the_limit_ends_nothing(issued: links.Issued) -> None:
    cache.clear()
    answers = [page("y" * 32).status_code for _ in range(61)]
    assert (answers[:60], answers[60]) == ([404] * 60, 429)
    cache.clear()
    assert page(issued.token).status_code == 200


def test_the_secret_stands_in_no_line_of_the_log(issued: links.Issued, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        links_end = page("z" * 32)
    assert links_end.status_code == 404
    lines = [JsonLine().format(record) for record in caplog.records]
    assert any("/linkki/…" in line for line in lines)
    assert not any("z" * 32 in line for line in lines)
    record = logging.LogRecord("x", 20, "x", 1, "GET %s %s", ("/oma/salaisuus123/", "/linkki/toinen456/"), None)
    assert not re.search("salaisuus|toinen", JsonLine().format(record))


def test_only_whoever_sent_the_referral_ends_its_link(issued: links.Issued, sender: Member) -> None:
    colleague = Member(MembershipFactory(point=sender.membership.point))
    with pytest.raises(Link.DoesNotExist):
        links.end(issued.row, by=colleague, at=NOW)
    links.end(issued.row, by=sender, at=NOW)
    with pytest.raises(links.LinkOver):
        links.end(issued.row, by=sender, at=NOW)


def test_a_link_sees_its_one_referral_and_nothing_else(issued: links.Issued, sender: Member) -> None:
    other = referrals.refer(
        point=sender.membership.point, organisation=issued.row.referral.organisation, by=sender, at=at(11)
    )
    with as_actor(links.LinkHolder(issued.row).actor):
        assert list(Referral.objects.all()) == [issued.row.referral]
        assert not Referral.objects.filter(pk=other.pk).exists()
