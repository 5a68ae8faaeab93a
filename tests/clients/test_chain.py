"""A person's chain of services: in order, with whose turn it is, and with the days on which nothing went on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.actions import plan_phase
from clients.actions import referral as referrals
from clients.actions import reminder as reminders
from clients.actions.consent import Given
from clients.chain import Gap, Link, chain_of, with_gaps
from clients.models import Client, PointTerms
from clients.models.consent import Purpose
from clients.plan_templates import templates
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
from tyoparkki.models import AccessEvent
from visits.actions import identity

Sign = Callable[[Member], Browser]
TODAY = at(12).date()
DAY = timedelta(days=1)


def link(begins: int, ends: int | None) -> Link:
    """A link from so many days ago to so many days ago; None goes on."""
    return Link(TODAY - begins * DAY, None if ends is None else TODAY - ends * DAY, "Paja", "briefcase")


def gaps(*links: Link, longest: int = 14) -> list[tuple[int, int, bool]]:
    """The gaps as days ago."""
    rows = with_gaps(links, today=TODAY, longest=longest)
    found = [row for row in rows if isinstance(row, Gap)]
    return [((TODAY - one.after).days, (TODAY - one.until).days, one.is_open) for one in found]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([], []),
        ([link(14, 14)], []),
        ([link(15, 15)], [(15, 0, True)]),
        ([link(40, 40), link(26, 26), link(3, None)], [(26, 3, False)]),
        ([link(40, 40), link(26, 26), link(12, 12)], []),
        ([link(60, None), link(50, 50)], []),
        ([link(60, 10), link(50, 45)], []),  # the longer one covers the shorter
        ([link(20, -30)], []),  # a measure that ends later
        ([link(30, 30), link(-5, -20)], [(30, 0, False)]),  # what is to come covers nothing yet
    ],
)
def test_days_without_anything_are_gaps(links: list[Link], expected: list[tuple[int, int, bool]]) -> None:
    assert gaps(*links) == expected


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), max_size=12), st.integers(1, 60))
def test_no_gap_covers_a_day_of_a_link(spans: list[tuple[int, int]], longest: int) -> None:
    links = sorted((link(start, max(start - length, 0)) for start, length in spans), key=lambda one: one.begins)
    for first, last, _open in gaps(*links, longest=longest):
        assert first - last > longest
        for one in links:
            assert one.ends is not None
            inside = TODAY - (first - 1) * DAY, TODAY - (last + 1) * DAY
            assert one.ends < inside[0] or one.begins > inside[1]


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def anna(house: House, noon: None) -> Member:
    """An advisor."""
    return house.advisor()


@pytest.fixture
def person(house: House, anna: Member) -> Client:
    """Somebody with a visit, a contact, a plan with a measure, and a referral that waits."""
    known = person_on_file(anna, moment=at(10), name="Kielo Esimerkki")
    identity.join_client(house.arrive(at(11)), known, by=anna, at=at(11))
    reminders.note_contact(known, mode="phone", by=anna, at=at(11, 30))
    plan = plans.open_plan(known, goal="Haluan töihin", by=anna, at=at(11, 31))
    plans.add_step(plan, step=plans.Step("Työkokeilu pajalla", ends_on=date(2026, 12, 31)), by=anna, at=at(11, 32))
    return known


def shown(browser: Browser, person: Client) -> Any:
    return browser.get(f"/asiakkaat/{person.pk}/ketju/")


def test_what_the_person_was_in_is_told_with_whose_turn_it_is(
    house: House, anna: Member, person: Client, client_for: Sign
) -> None:
    to = MembershipFactory()
    sent = referrals.refer(point=house.point, organisation=to.organisation, client=person, by=anna, at=at(11, 40))
    text = shown(client_for(anna), person).content.decode()
    for told in ("Työkokeilu pajalla", "Yhteys: puhelimella", to.organisation.name, anna.membership.user.name):
        assert told in text, told
    assert f"/ohjaukset/{sent.pk}/" in text
    assert AccessEvent.objects.filter(person_id=person.pk, kind="chain", outcome="shown").count() == 1
    assert f"/asiakkaat/{person.pk}/ketju/" in client_for(anna).get(f"/asiakkaat/{person.pk}/").content.decode()


def test_a_referral_that_waits_is_a_gap(
    house: House, anna: Member, person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = person.plans.get()
    plans.finish_step(plan.steps.get(), no_next_reason="Ei jatkoa", by=anna, at=at(11, 45))
    to = Member(MembershipFactory())
    sent = referrals.refer(
        point=house.point, organisation=to.membership.organisation, client=person, by=anna, at=at(11, 50)
    )
    later = at(12) + 20 * DAY
    monkeypatch.setenv("TYOPARKKI_NOW", later.isoformat())
    row = Client.objects.visible_to(anna).get(pk=person.pk)
    assert [one.is_open for one in chain_of(anna, row, today=later.date(), longest_gap=14).gaps] == [True]
    referrals.receive(sent, by=to, at=later - 3 * DAY)
    referrals.contact(sent, by=to, at=later - 2 * DAY)
    found = chain_of(anna, row, today=later.date(), longest_gap=14)
    assert [(one.days, one.is_open) for one in found.gaps] == [(18, False)]


def test_the_point_says_how_long_a_gap_may_be(
    house: House, anna: Member, person: Client, client_for: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.finish_step(person.plans.get().steps.get(), no_next_reason="Ei jatkoa", by=anna, at=at(11, 45))
    monkeypatch.setenv("TYOPARKKI_NOW", (at(12) + 10 * DAY).isoformat())
    assert "chain-gap" not in shown(client_for(anna), person).content.decode()
    PointTerms.objects.create(point=house.point, gap_days=7)
    assert "chain-gap" in shown(client_for(anna), person).content.decode()


@pytest.mark.parametrize(
    ("contents", "status", "told"),
    [
        (["contact"], 404, set()),
        (["guidance"], 200, set()),
        (["plan"], 200, {"Työkokeilu pajalla"}),
    ],
)
def test_another_organisation_sees_what_it_may_be_told(
    anna: Member, person: Client, client_for: Sign, contents: list[str], status: int, told: set[str]
) -> None:
    partner = Member(MembershipFactory())
    to = {"organisation": partner.membership.organisation, "contents": contents, "given": Given()}
    consents.give_consent(person, by=anna, at=at(11, 50), purpose=Purpose.SHARE, **to)
    answer = shown(client_for(partner), person)
    assert answer.status_code == status
    text = answer.content.decode()
    assert {what for what in ("Työkokeilu pajalla", "Yhteys: puhelimella") if what in text} == told


def test_the_page_costs_the_same_however_long_the_chain(
    anna: Member, person: Client, client_for: Sign, django_assert_max_num_queries: Any
) -> None:
    for minute in range(40, 59):
        reminders.note_contact(person, mode="phone", by=anna, at=at(11, minute))
    browser = client_for(anna)
    with django_assert_max_num_queries(20):
        assert shown(browser, person).status_code == 200


def test_everybody_who_may_know_of_the_plan_sees_the_phase_and_the_days_in_it(
    noon: None, house: House, client_for: Sign
) -> None:
    anna, long_ago = house.advisor(), at(12) - timedelta(days=50)
    person = person_on_file(anna, moment=long_ago, name="Kielo Esimerkki")
    plan = plans.open_plan(
        person, goal="Työ, joka sopii voimille", template=templates()["work_ability"], by=anna, at=long_ago
    )
    plan_phase.set_phase(plan, "network", by=anna, at=at(23, 30) - timedelta(days=13))
    partner = Member(MembershipFactory())
    share = {"organisation": partner.membership.organisation, "contents": ["plan"], "purpose": Purpose.SHARE}
    consents.give_consent(person, by=anna, at=at(11), given=Given(), **share)
    for who in (anna, partner):
        page = client_for(who).get(f"/asiakkaat/{person.pk}/ketju/").content.decode()
        told = page.split('data-testid="chain-phase"')[1].split("</dd>")[0]
        assert "Verkosto yhteen" in told
        assert "13 päivää" in told
    assert "13 päivää" in client_for(anna).get(f"/asiakkaat/{person.pk}/suunnitelma/").content.decode()
    assert "13 päivää" in client_for(anna).get(f"/asiakkaat/{person.pk}/").content.decode()
