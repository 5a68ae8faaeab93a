"""A page that is open closes with the consent: it hears that something changed, and asks whether it may stay."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import consent as consents
from clients.actions.consent import Given
from clients.models import Client, Consent
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import ConsentTextFactory, person_on_file
from tests.factories.team import MembershipFactory, at
from tyoparkki.live import announcing, passes
from tyoparkki.models import AccessEvent

pytestmark = pytest.mark.django_db
NOW = at(12)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    for purpose in Purpose.values:
        ConsentTextFactory(purpose=purpose)


@pytest.fixture
def advisor() -> Member:
    """One of the team."""
    return Member(MembershipFactory())


@pytest.fixture
def partner() -> Member:
    """Somebody of another organisation, at another point."""
    return Member(MembershipFactory())


@pytest.fixture
def person(advisor: Member) -> Client:
    """Somebody on file."""
    return person_on_file(advisor, moment=at(10))


def share(person: Client, partner: Member, *contents: str, by: Member) -> Consent:
    told = {"purpose": Purpose.SHARE, "given": Given(), "contents": contents}
    return consents.give_consent(person, by=by, at=at(11), organisation=partner.membership.organisation, **told)


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def openness(person: Client, member: Member) -> str:
    return Client.objects.visible_to(member).with_openness().get(pk=person.pk).openness


def asked(browser: Browser, person: Client, mark: str) -> tuple[int, str | None]:
    """How the page is answered."""
    answer = browser.get(f"/asiakkaat/{person.pk}/auki/", {"v": mark})
    assert not answer.content
    return answer.status_code, answer.get("HX-Refresh")


def test_the_page_stays_while_nothing_changed_and_tells_the_mark(advisor: Member, person: Client) -> None:
    browser = signed_in(advisor)
    mark = openness(person, advisor)
    assert f"auki/?v={mark}" in browser.get(f"/asiakkaat/{person.pk}/").content.decode()
    assert asked(browser, person, mark) == (204, None)


def test_it_closes_when_the_consent_is_taken_back(advisor: Member, partner: Member, person: Client) -> None:
    consent = share(person, partner, "contact", by=advisor)
    browser, mark = signed_in(partner), openness(person, partner)
    assert asked(browser, person, mark) == (204, None)
    consents.withdraw_consent(consent, by=advisor, at=NOW)
    assert asked(browser, person, mark) == (404, "true")


def test_it_loads_anew_when_less_may_be_told(advisor: Member, partner: Member, person: Client) -> None:
    consent = share(person, partner, "contact", "plan", by=advisor)
    browser, mark = signed_in(partner), openness(person, partner)
    consents.withdraw_consent(consent, by=advisor, at=NOW)
    share(person, partner, "contact", by=advisor)
    assert asked(browser, person, mark) == (204, "true")


def test_the_mark_is_each_persons_own(advisor: Member, person: Client) -> None:
    other = person_on_file(advisor, name="Onni Toinen", moment=at(10))
    assert openness(other, advisor) != openness(person, advisor)


def test_the_question_is_no_look(advisor: Member, partner: Member, person: Client) -> None:
    asked(signed_in(advisor), person, openness(person, advisor))
    asked(signed_in(partner), person, "")
    assert not AccessEvent.objects.filter(person_id=person.pk).exists()


@pytest.mark.parametrize("path", ["/asiakkaat/{}/", "/asiakkaat/{}/suunnitelma/", "/asiakkaat/omat/", "/ohjaukset/"])
def test_the_page_comes_with_the_pass_for_its_topics(advisor: Member, person: Client, path: str) -> None:
    answer = signed_in(advisor).get(path.format(person.pk))
    given = passes.read(f"tp_live={answer.cookies['tp_live'].value}")
    assert given is not None
    topics = {f"consents:{advisor.organisation_id}", f"consents:{advisor.point_id}"}
    assert set(given.topics) == topics
    wanted = f'data-live="consents:{advisor.organisation_id} consents:{advisor.point_id}"'
    assert wanted in answer.content.decode()
    assert given.subject == f"user:{advisor.user.pk}"


def test_only_the_own_organisation_and_point_are_heard(advisor: Member, partner: Member) -> None:
    foreign = [f"consents:{partner.organisation_id}", f"consents:{partner.point_id}"]
    own = f"consents:{advisor.organisation_id}"
    answer = signed_in(advisor).post("/live-pass/", {"topic": [own, *foreign]})
    given = passes.read(f"tp_live={answer.cookies['tp_live'].value}")
    assert given is not None
    assert given.topics == (own,)


def test_the_recipient_hears_and_nothing_names_the_person(
    advisor: Member, partner: Member, person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    plain = announcing.announce
    monkeypatch.setattr("tyoparkki.live.announce", lambda *topics: told.extend(topics) or plain(*topics))
    consent = share(person, partner, "contact", by=advisor)
    assert f"consents:{partner.organisation_id}" in told
    told.clear()
    consents.withdraw_consent(consent, by=advisor, at=NOW)
    assert f"consents:{partner.organisation_id}" in told
    consents.give_again(consent, by=advisor, at=NOW)
    assert told.count(f"consents:{partner.organisation_id}") == 2
    assert not any(str(person.pk) in topic for topic in told)
