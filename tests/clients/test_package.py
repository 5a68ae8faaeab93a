"""The package of a referral: each part appears exactly when it was agreed to, by link, in the inbox, on paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import assessment as assessments
from clients.actions import consent as consents
from clients.actions import instrument as instruments
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.actions.consent import Given
from clients.models import Client, Consent, InstrumentVersion, Referral
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import ConsentTextFactory, person_on_file, plan_of
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
from visits.actions import guidance, identity
from visits.models import AgreedStep

pytestmark = pytest.mark.django_db
NOW = at(12)
# A text that stands on the page exactly when the part goes, and its name on paper.
PARTS = {
    "contact": ("+358 000 000 012", "yhteystieto"),
    "situation": ("1985", "tilanne"),
    "guidance": ("Soittaa velkaneuvojalle", "ohjaus"),
    "plan": ("Haluan töihin lähelle kotia", "suunnitelma"),
    "assessments": ("package-assessments", "arviot"),
}


@dataclass
class Case:
    """A person guided to a partner from a visit, with something of every kind on file."""

    sender: Member
    recipient: Member
    person: Client
    referral: Referral

    def pages(self, client_for: Any) -> dict[str, str]:
        """What the recipient sees, by link and signed in."""
        token = links.issue_for_referral(self.referral, by=self.sender, at=NOW).token
        return {
            "link": Browser().get(f"/linkki/{token}/").content.decode(),
            "inbox": client_for(self.recipient).get(f"/ohjaukset/{self.referral.pk}/").content.decode(),
        }

    def slip(self, client_for: Any) -> str:
        """The paper that carries the link."""
        page = client_for(self.sender).post(f"/ohjaukset/{self.referral.pk}/linkki/", {"language": "fi"})
        found = re.search(r'data-testid="referral-slip-parts">(.*?)</p>', page.content.decode(), re.DOTALL)
        return found.group(1) if found else ""


@pytest.fixture
def case(house: House, monkeypatch: pytest.MonkeyPatch) -> Case:
    """At noon: joined to the person on file, agreed, guided on."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    for purpose in Purpose.values:
        ConsentTextFactory(purpose=purpose)
    sender, recipient = house.advisor(), Member(MembershipFactory())
    told = {"contact_kind": "phone", "contact_value": "+358 000 000 012", "year_of_birth": 1985, "language": "sv"}
    person = person_on_file(sender, moment=at(10), **told)
    plan_of(person, sender, moment=at(10))
    instruments.load_shipped(at=at(9))
    version = InstrumentVersion.objects.on_offer().order_by("pk")[0]
    assessments.record_assessment(person, version, {version.keys[0]: 2}, is_agreed=True, by=sender, at=at(11))
    visit = house.arrive(at(11))
    encounter = house.in_service(sender, visit)
    identity.join_client(visit, person, by=sender, at=at(11))
    guidance.agree_step(encounter, what="Soittaa velkaneuvojalle", by=sender, at=at(11), who="visitor")
    to = recipient.membership.organisation
    return Case(sender, recipient, person, guidance.refer(encounter, organisation=to, by=sender, at=at(11)))


def share(case: Case, contents: list[str]) -> Consent:
    """The person lets the recipient know."""
    told = {"purpose": Purpose.SHARE, "given": Given(), "organisation": case.recipient.membership.organisation}
    return consents.give_consent(case.person, by=case.sender, at=at(11), contents=contents, **told)


@pytest.mark.parametrize("content", list(PARTS))
def test_a_part_alone_appears_and_no_other(case: Case, client_for: Any, content: str) -> None:
    share(case, [content])
    for name, page in case.pages(client_for).items():
        assert case.person.name in page, name
        assert {part for part, (text, _name) in PARTS.items() if text in page} == {content}, name
    slip = case.slip(client_for)
    assert {part for part, (_text, name) in PARTS.items() if name in slip} == {content}


@pytest.mark.parametrize("content", list(PARTS))
def test_all_parts_but_one_appear(case: Case, client_for: Any, content: str) -> None:
    others = [part for part in PARTS if part != content]
    share(case, others)
    for name, page in case.pages(client_for).items():
        assert {part for part, (text, _name) in PARTS.items() if text in page} == {*others}, name
    slip = case.slip(client_for)
    assert {part for part, (_text, name) in PARTS.items() if name in slip} == {*others}


def test_nothing_appears_without_a_consent_nor_after_it_was_taken_back(case: Case, client_for: Any) -> None:
    for page in case.pages(client_for).values():
        assert not any(text in page for text, _name in PARTS.values())
    assert case.slip(client_for) == ""
    given = share(case, list(PARTS))
    open_pages = case.pages(client_for)
    assert all(text in page for page in open_pages.values() for text, _name in PARTS.values())
    consents.withdraw_consent(given, by=case.sender, at=NOW)
    for page in case.pages(client_for).values():
        assert not any(text in page for text, _name in PARTS.values())
        assert case.person.name not in page


def test_the_paper_holds_no_words_of_the_person(case: Case, client_for: Any) -> None:
    share(case, list(PARTS))
    page = client_for(case.sender).post(f"/ohjaukset/{case.referral.pk}/linkki/", {"language": "fi"}).content.decode()
    assert not any(text in page for text, _name in PARTS.values())
    assert case.person.name not in page


def test_a_consent_to_somebody_else_shows_nothing(case: Case, client_for: Any) -> None:
    other = Member(MembershipFactory())
    told = {"purpose": Purpose.SHARE, "given": Given(), "organisation": other.membership.organisation}
    consents.give_consent(case.person, by=case.sender, at=at(11), contents=list(PARTS), **told)
    for page in case.pages(client_for).values():
        assert not any(text in page for text, _name in PARTS.values())


def test_a_step_that_was_taken_back_does_not_go(case: Case, client_for: Any) -> None:
    share(case, ["guidance"])
    guidance.remove_step(AgreedStep.objects.get(), by=case.sender, at=NOW)
    for page in case.pages(client_for).values():
        assert PARTS["guidance"][0] not in page


def test_guidance_of_a_referral_from_the_persons_page_is_that_of_the_senders_own_sitting(
    case: Case, house: House, client_for: Any
) -> None:
    share(case, ["guidance"])
    to, point = case.recipient.membership.organisation, house.point
    other = house.advisor()
    for by, goes in ((case.sender, True), (other, False)):
        case.referral = referrals.refer(point=point, organisation=to, client=case.person, by=by, at=NOW)
        case.sender = by
        for name, page in case.pages(client_for).items():
            assert (PARTS["guidance"][0] in page) == goes, name


def test_under_a_non_disclosure_order_neither_contact_nor_municipality_goes(case: Case, client_for: Any) -> None:
    share(case, ["contact", "situation"])
    Client.objects.filter(pk=case.person.pk).update(is_non_disclosure=True)
    for page in case.pages(client_for).values():
        assert PARTS["contact"][0] not in page
        assert "package-municipality" not in page


def test_a_recipient_of_the_same_team_is_shown_what_goes_and_the_rest_on_the_persons_page(
    case: Case, house: House, client_for: Any
) -> None:
    case.recipient = house.advisor(partner=True)
    to = case.recipient.membership.organisation
    case.referral = referrals.refer(point=house.point, organisation=to, client=case.person, by=case.sender, at=NOW)
    share(case, ["situation", "guidance"])
    page = case.pages(client_for)["inbox"]
    assert case.person.name in page
    assert {part for part, (text, _name) in PARTS.items() if text in page} == {"situation", "guidance"}
