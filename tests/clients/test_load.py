"""How much each colleague has taken on is weighed by the rhythm of the plans, and names nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from clients.actions import plan as plans
from clients.actions import responsibility as responsibilities
from clients.clocks import Terms
from clients.load import contacts_a_month, in_nobodys_hands, loads
from clients.models import PointTerms
from team.access import Member
from team.models import Membership, Role, User
from tests.factories.clients import person_on_file
from tests.factories.team import WEDNESDAY, MembershipFactory, at
from tests.fixtures.walls import as_actor

pytestmark = pytest.mark.django_db
Sign = Callable[[Member], Browser]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def anna() -> Member:
    """Answers for one person who is met often and two who have no plan."""
    anna = Member(MembershipFactory(user__name="Anna Koe"))
    planned = person_on_file(anna, name="Kielo Esimerkki", moment=at(10))
    plans.open_plan(planned, goal="Haluan töihin", by=anna, at=at(10))  # often, and Anna answers
    for name in ("Onni Toinen", "Åke Kolmas"):
        responsibilities.take(person_on_file(anna, name=name, moment=at(10)), by=anna, at=at(10))
    return anna


def leader(of: Member) -> Member:
    return Member(MembershipFactory(point=of.membership.point, role=Role.MANAGER))


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({}, 0),
        ({"dense": 7}, 15),
        ({"sparse": 7, "": 7}, 10),
        ({"occasional": 91}, 30),
    ],
)
def test_a_load_is_the_contacts_that_the_rhythms_ask_for(people: dict[str, int], expected: float) -> None:
    assert contacts_a_month(people, Terms()) == pytest.approx(expected)


def test_the_heaviest_load_comes_first_by_rhythm_and_not_by_head(anna: Member) -> None:
    bo = Member(MembershipFactory(point=anna.membership.point, user__name="Bo Koe"))
    for name in ("Eka", "Toka"):
        plans.open_plan(person_on_file(bo, name=name, moment=at(10)), goal="Työ", by=bo, at=at(10))
    who = leader(anna)
    with as_actor(who.actor):
        told = loads(who)
    assert [(one.who.user.name, one.people) for one in told] == [
        ("Bo Koe", {"dense": 2}),
        ("Anna Koe", {"dense": 1, "": 2}),
    ]
    PointTerms.objects.create(point=anna.membership.point, dense_days=60, sparse_days=10)
    with as_actor(who.actor):
        assert [one.who.user.name for one in loads(who)] == ["Anna Koe", "Bo Koe"]


def test_it_is_told_to_who_leads_the_point_and_to_nobody_else(anna: Member) -> None:
    for who in (anna, leader(Member(MembershipFactory()))):
        with as_actor(who.actor):
            assert loads(who) == []


def test_the_page_tells_it_and_names_nobody(anna: Member, client_for: Sign) -> None:
    text = client_for(leader(anna)).get("/asiakkaat/ilman-yhteytta/").content.decode()
    assert 'data-testid="loads"' in text
    assert "Anna Koe" in text
    assert "Kielo" not in text


def test_whose_membership_has_run_out_or_ends_soon_is_told_with_how_many_people(anna: Member, client_for: Sign) -> None:
    bo = Member(MembershipFactory(point=anna.membership.point, user__name="Bo Koe"))
    cia = Member(MembershipFactory(point=anna.membership.point, user__name="Cia Koe"))
    for who, name in ((bo, "Eka Salainen"), (cia, "Toka Salainen")):
        responsibilities.take(person_on_file(who, name=name, moment=at(10)), by=who, at=at(10))
    Membership.objects.filter(pk=anna.membership_id).update(valid_until=WEDNESDAY - timedelta(days=1))
    Membership.objects.filter(pk=bo.membership_id).update(valid_until=WEDNESDAY + timedelta(days=29))
    Membership.objects.filter(pk=cia.membership_id).update(valid_until=WEDNESDAY + timedelta(days=31))
    who = leader(anna)
    with as_actor(who.actor):
        told = in_nobodys_hands(loads(who), today=WEDNESDAY)
    assert [(one.who.user.name, one.everybody, is_over) for one, is_over in told] == [
        ("Anna Koe", 3, True),
        ("Bo Koe", 1, False),
    ]
    page = client_for(who).get("/asiakkaat/ilman-yhteytta/").content.decode()
    part = page.split('data-testid="leaving"')[1].split("</section>")[0]
    assert "Anna Koe" in part
    assert "Cia Koe" not in part
    assert "Salainen" not in page


def test_whoever_cannot_sign_in_answers_for_nobody(anna: Member) -> None:
    who = leader(anna)
    User.objects.filter(pk=anna.user.pk).update(is_active=False)
    with as_actor(who.actor):
        assert [is_over for _one, is_over in in_nobodys_hands(loads(who), today=WEDNESDAY)] == [True]


def test_while_everybody_stays_nothing_is_told(anna: Member, client_for: Sign) -> None:
    assert 'data-testid="leaving"' not in client_for(leader(anna)).get("/asiakkaat/ilman-yhteytta/").content.decode()
