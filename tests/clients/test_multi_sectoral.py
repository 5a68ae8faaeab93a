"""Multi-sectoral support as a kind of referral: criteria met, who work together, and the way back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from clients import multi_sectoral
from clients.actions import consent as consents
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.actions.consent import Given
from clients.actions.referral import CriteriaNeeded, MultiSectoral
from clients.models import Client, Referral
from clients.models.consent import Purpose
from clients.referral_words import told_to_client
from team.access import Member
from tests.factories.clients import ConsentTextFactory, person_on_file
from tests.factories.team import MembershipFactory, at

pytestmark = pytest.mark.django_db
NOW = at(12)
CRITERION = "Saanut työmarkkinatukea"


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
    """Somebody on file."""
    return person_on_file(sender, moment=at(10))


def together(sender: Member, **told: Any) -> MultiSectoral:
    """What multi-sectoral support asks for."""
    return MultiSectoral(
        **{
            "criteria": ["support_300_days"],
            "return_organisation": sender.membership.organisation,
            "return_on": date(2027, 6, 1),
            "return_note": "Palaa pajan jälkeen",
            **told,
        }
    )


def referred(person: Client, recipient: Member, *, by: Member) -> Referral:
    to = recipient.membership.organisation
    return referrals.refer(
        point=by.membership.point, organisation=to, client=person, by=by, at=at(11), multi_sectoral=together(by)
    )


def share(person: Client, recipient: Member, *, by: Member) -> None:
    told = {"purpose": Purpose.SHARE, "given": Given(), "organisation": recipient.membership.organisation}
    consents.give_consent(person, by=by, at=at(11), contents=["contact"], **told)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_each_criterion_is_told_in_three_languages_with_the_act_that_it_comes_from() -> None:
    rows = multi_sectoral.criteria().values()
    assert len(rows) >= 3
    for one in rows:
        assert set(one.names) == set(one.sources) == {"fi", "sv", "en"}
        assert all(re.search(r"\d+/20\d\d", text) for text in one.sources.values())
        assert len(one.code) <= 24
    assert len(multi_sectoral.parties()) == 3


def test_a_criterion_that_left_the_list_is_still_told() -> None:
    assert [one.name for one in multi_sectoral.met(["vanha", "joint_assessment"])][1] == "vanha"


def form(sender: Member, recipient: Member, **other: Any) -> dict[str, Any]:
    return {
        "q": "x",
        "found": recipient.organisation_id,
        "kind": "multi",
        "criteria": ["several_services", "support_300_days"],
        "return_organisation": sender.organisation_id,
        "return_on": "2027-06-01",
        "return_note": "Palaa pajan jälkeen",
        **other,
    }


def test_it_is_made_on_the_persons_page_and_looked_at_before_it_is_sent(
    sender: Member, recipient: Member, person: Client, client_for: Any
) -> None:
    page = client_for(sender).post(f"/asiakkaat/{person.pk}/ohjaa/", form(sender, recipient), follow=True)
    row = Referral.objects.get()
    assert (row.status, row.kind, row.criteria) == ("draft", "multi", ["several_services", "support_300_days"])
    assert (row.return_organisation, row.return_on) == (sender.membership.organisation, date(2027, 6, 1))
    text = text_of(page)
    for words in (CRITERION, "1369/2014", "hyvinvointialue", "Kela", "Palaa pajan jälkeen", "1.6.2027"):
        assert words in text, words


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"criteria": []}, "Valitse ainakin yksi peruste."),
        ({"criteria": ["keksitty"]}, "Valitse luettelosta."),
        ({"return_organisation": ""}, "Valitse, kuka ottaa asiakkaan takaisin."),
        ({"return_on": ""}, "Kirjoita paluun päivä."),
        ({"return_on": "2026-11-18"}, "Paluu on tämän päivän jälkeen."),
    ],
)
def test_what_is_missing_is_said_kindly_and_nothing_typed_is_lost(
    sender: Member, recipient: Member, person: Client, client_for: Any, wrong: dict[str, Any], said: str
) -> None:
    to = recipient.membership.organisation.names["fi"][:5]
    answer = client_for(sender).post(f"/asiakkaat/{person.pk}/ohjaa/", form(sender, recipient, q=to, **wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'value="Palaa pajan jälkeen"' in page
    assert not Referral.objects.exists()


def test_without_the_choice_its_fields_are_not_kept(
    sender: Member, recipient: Member, person: Client, client_for: Any
) -> None:
    client_for(sender).post(f"/asiakkaat/{person.pk}/ohjaa/", form(sender, recipient, kind=""))
    row = Referral.objects.get()
    assert (row.kind, row.criteria, row.return_organisation, row.return_on, row.return_note) == (
        "service", [], None, None, "",
    )  # fmt: skip


def test_the_action_asks_for_a_person_and_a_criterion(sender: Member, recipient: Member, person: Client) -> None:
    told = {
        "point": sender.membership.point,
        "organisation": recipient.membership.organisation,
        "by": sender,
        "at": NOW,
    }
    with pytest.raises(CriteriaNeeded):
        referrals.refer(**told, client=person, multi_sectoral=together(sender, criteria=[]))
    with pytest.raises(CriteriaNeeded):
        referrals.refer(**told, multi_sectoral=together(sender))
    assert not Referral.objects.exists()


def test_the_database_keeps_no_half_of_it(sender: Member, recipient: Member, person: Client) -> None:
    row = referred(person, recipient, by=sender)
    for wrong in ({"return_on": None}, {"return_organisation": None}, {"kind": "service"}):
        with pytest.raises(IntegrityError, match="referral_multi_has_return"), transaction.atomic():
            Referral.objects.filter(pk=row.pk).update(**wrong)


def screens(row: Referral, sender: Member, recipient: Member, client_for: Any) -> dict[str, str]:
    """What the recipient sees of it, by link and signed in, and the printed slip."""
    token = links.issue_for_referral(row, by=sender, at=at(11)).token
    return {
        "link": text_of(Browser().get(f"/linkki/{token}/")),
        "page": text_of(client_for(recipient).get(f"/ohjaukset/{row.pk}/")),
        "inbox": text_of(client_for(recipient).get("/ohjaukset/")),
        "slip": text_of(client_for(sender).post(f"/ohjaukset/{row.pk}/linkki/", {"language": "fi"})),
    }


def test_whoever_may_know_the_person_sees_criteria_and_the_way_back(
    sender: Member, recipient: Member, person: Client, client_for: Any
) -> None:
    share(person, recipient, by=sender)
    row = referred(person, recipient, by=sender)
    shown = screens(row, sender, recipient, client_for)
    assert all("Monialainen tuki" in text for text in shown.values())
    for name in ("link", "page", "slip"):
        for words in (CRITERION, "hyvinvointialue", "Palaa pajan jälkeen", "1.6.2027"):
            assert words in shown[name], (name, words)


def test_without_a_consent_the_kind_is_told_and_nothing_of_the_person(
    sender: Member, recipient: Member, person: Client, client_for: Any
) -> None:
    row = referred(person, recipient, by=sender)
    shown = screens(row, sender, recipient, client_for)
    for name in ("link", "page", "inbox"):
        assert "Monialainen tuki" in shown[name], name
        for words in (CRITERION, "Palaa pajan jälkeen", person.name):
            assert words not in shown[name], (name, words)


def test_the_slip_says_no_more_than_the_link_opens(
    sender: Member, recipient: Member, person: Client, client_for: Any
) -> None:
    row = referred(person, recipient, by=sender)
    slip = text_of(client_for(sender).post(f"/ohjaukset/{row.pk}/linkki/", {"language": "fi"}))
    assert CRITERION not in slip
    assert "Palaa pajan jälkeen" not in slip


def test_the_person_is_told_who_continues(sender: Member, recipient: Member, person: Client) -> None:
    row = referred(person, recipient, by=sender)
    for act in (referrals.receive, referrals.contact, referrals.start):
        row = act(row, by=recipient, at=NOW)
    assert sender.membership.organisation.name in told_to_client(Referral.objects.for_lists().get())
