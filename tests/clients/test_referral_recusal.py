"""Whoever is barred from a person does not see the person's referrals, unless nobody else could act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from clients.actions import recusal as recusals
from clients.actions import referral as referrals
from clients.actions import referral_clock as clocks
from clients.models import Client, Link, Referral, ReferralEvent, Reminder
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, PointFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from visits.actions import guidance, identity

pytestmark = pytest.mark.django_db
NOW = at(12)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walls ask the clock, so it stands still."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(house: House) -> Member:
    """The advisor of whose own people one is guided somewhere."""
    return house.advisor()


@pytest.fixture
def near(anna: Member) -> Client:
    """Somebody of Anna's own."""
    return person_on_file(anna, name="Aino Läheinen")


def came(house: House, anna: Member, near: Client) -> Referral:
    """A referral to Anna's organisation by a partner who knows the person."""
    by = house.advisor(partner=True)
    return referrals.refer(
        point=house.point, organisation=anna.membership.organisation, client=near, reason="Ryhmä", by=by, at=at(11)
    )


def seen_by(member: Member) -> tuple[bool, bool]:
    """Whether the filter and the wall show the member a referral."""
    by_filter = Referral.objects.visible_to(member).exists()
    with as_actor(member.actor):
        by_wall = Referral.objects.exists()
        assert Referral.objects.visible_to(member).exists() == by_wall
        assert ReferralEvent.objects.exists() == by_wall
    return by_filter, by_wall


def test_a_colleague_answers_and_whoever_is_barred_sees_nothing(
    house: House, anna: Member, near: Client, client_for: Any
) -> None:
    row = came(house, anna, near)
    bo = Member(MembershipFactory(point=house.point, organisation=anna.membership.organisation, role=Role.ADVISOR))
    assert seen_by(anna) == (True, True)
    recusals.recuse(near, by=anna, at=NOW)
    assert seen_by(anna) == (False, False)
    assert seen_by(bo) == (True, True)
    browser = client_for(anna)
    for address in ("/ohjaukset/", f"/asiakkaat/{near.pk}/"):
        assert row.carrier_code not in browser.get(address).content.decode()
    assert browser.get(f"/ohjaukset/{row.pk}/").status_code == 404
    for press in ("ota-vastaan", "kumoa", "ei-halua"):
        assert browser.post(f"/ohjaukset/{row.pk}/{press}/").status_code == 404
    assert row.carrier_code in client_for(bo).get("/ohjaukset/").content.decode()
    assert client_for(bo).post(f"/ohjaukset/{row.pk}/ota-vastaan/").status_code == 303


def in_another_role(house: House, anna: Member) -> Member:
    """The same user once more, at another point."""
    return Member(MembershipFactory(user=anna.user, point=PointFactory(), organisation=anna.membership.organisation))


def who_does_not_guide(house: House, anna: Member) -> Member:
    """A colleague at the front desk."""
    ours = anna.membership.organisation
    return Member(MembershipFactory(point=house.point, organisation=ours, role=Role.FRONT_DESK))


def who_has_left(house: House, anna: Member) -> Member:
    """A colleague of before."""
    ours, past = anna.membership.organisation, NOW.date() - timedelta(days=9)
    return Member(MembershipFactory(point=house.point, organisation=ours, valid_from=past, valid_until=past))


def who_may_not_sign_in(house: House, anna: Member) -> Member:
    """A colleague whose account was closed."""
    one = MembershipFactory(point=house.point, organisation=anna.membership.organisation)
    type(one.user).objects.filter(pk=one.user.pk).update(is_active=False)
    return Member(one)


@pytest.mark.parametrize("colleague", [None, in_another_role, who_does_not_guide, who_has_left, who_may_not_sign_in])
def test_the_last_one_who_may_answer_sees_the_code_and_no_reason(
    house: House, anna: Member, near: Client, client_for: Any, colleague: Any
) -> None:
    row = came(house, anna, near)
    if colleague is not None:
        colleague(house, anna)
    recusals.recuse(near, by=anna, at=NOW)
    assert seen_by(anna) == (True, True)
    text = client_for(anna).get("/ohjaukset/").content.decode()
    assert row.carrier_code in text
    assert "Ryhmä" not in text
    assert "Läheinen" not in text


def test_two_barred_colleagues_leave_it_to_neither_alone(house: House, anna: Member, near: Client) -> None:
    came(house, anna, near)
    bo = Member(MembershipFactory(point=house.point, organisation=anna.membership.organisation, role=Role.ADVISOR))
    for one in (anna, bo):
        recusals.recuse(near, by=one, at=NOW)
    assert seen_by(anna) == seen_by(bo) == (True, True)


def test_the_sender_moves_it_until_it_is_closed_and_the_day_is_over(
    house: House, anna: Member, near: Client, monkeypatch: pytest.MonkeyPatch, client_for: Any
) -> None:
    row = referrals.refer(point=house.point, organisation=OrganisationFactory(), client=near, by=anna, at=at(11))
    recusals.recuse(near, by=anna, at=NOW)
    assert seen_by(anna) == (True, True)
    browser = client_for(anna)
    assert browser.post(f"/ohjaukset/{row.pk}/peru/").status_code == 303
    assert browser.post(f"/ohjaukset/{row.pk}/kumoa/").status_code == 303
    assert browser.post(f"/ohjaukset/{row.pk}/peru/").status_code == 303
    assert seen_by(anna) == (True, True)
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(days=1)).isoformat())
    assert seen_by(anna) == (False, False)
    with as_actor(anna.actor):
        assert not Link.objects.exists()


def test_it_is_not_seen_in_the_record_of_the_visit_either(house: House, anna: Member, near: Client) -> None:
    bo = house.advisor()
    visit = house.arrive(at(11))
    encounter = house.in_service(bo, visit)
    identity.join_client(visit, near, by=bo, at=at(11))
    row = guidance.refer(encounter, organisation=OrganisationFactory(), by=bo, at=at(11))
    guidance.share(encounter, anna.membership.organisation, by=bo, at=at(11), client_agreed=True)
    recusals.recuse(near, by=anna, at=NOW)
    with as_actor(anna.actor):
        assert not Referral.objects.filter(pk=row.pk).exists()
    with as_actor(bo.actor):
        assert Referral.objects.filter(pk=row.pk).exists()


def test_who_leads_is_told_of_one_that_waits_all_the_same(
    house: House, anna: Member, near: Client, client_for: Any
) -> None:
    came(house, anna, near)
    recusals.recuse(near, by=anna, at=NOW)
    clocks.remind(at=NOW + timedelta(days=15), using="default")
    leader = Member(MembershipFactory(point=house.point, role=Role.MANAGER))
    assert Reminder.objects.visible_to(leader).of_kind(Reminder.Kind.REFERRAL_STUCK).count() == 1
    assert "referrals-stuck" in client_for(leader).get("/asiakkaat/ilman-yhteytta/").content.decode()


def test_an_anonymous_referral_is_nobodys_own(house: House, anna: Member, near: Client) -> None:
    by = house.advisor(partner=True)
    referrals.refer(point=house.point, organisation=anna.membership.organisation, by=by, at=at(11))
    recusals.recuse(near, by=anna, at=NOW)
    assert seen_by(anna) == (True, True)
