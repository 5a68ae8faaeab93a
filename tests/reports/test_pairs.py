"""How long organisations take with each other's referrals: numbers only, the small ones put together or not told."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client as Browser

from clients.actions import referral as referrals
from reports import pairs
from reports.pairs import Pair
from team.access import Member
from team.models import Role
from tests.factories.team import MembershipFactory, at
from tests.fixtures.walls import as_actor

pytestmark = pytest.mark.django_db
NOW = at(12)


@pytest.fixture
def sender() -> Member:
    """An advisor who refers."""
    return Member(MembershipFactory())


def test_a_pair_has_its_median_its_results_and_its_oldest(sender: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    recipient = Member(MembershipFactory())
    word = sender.membership.point.terms.filter(kind="ending")[0]
    for days in range(12):
        row = referrals.refer(
            point=sender.membership.point,
            organisation=recipient.membership.organisation,
            by=sender,
            at=NOW - timedelta(days=40 + days),
        )
        if days < 9:
            moment = NOW - timedelta(days=40)
            referrals.receive(row, by=recipient, at=moment)
            row = referrals.contact(row, by=recipient, at=moment)
            if days < 6:
                referrals.end(row, word, by=recipient, at=moment)
    leader = Member(MembershipFactory(point=sender.membership.point, role=Role.MANAGER))
    with as_actor(leader.actor):
        (one,) = pairs.pairs(at=NOW)
    assert (one.sent, one.contacted, one.days, one.ended, one.closed) == (12, 9, 4, 6, 6)
    assert one.oldest == (NOW - timedelta(days=51)).date()
    browser = Browser()
    browser.force_login(leader.user)
    page = browser.get("/raportit/ohjaukset/").content.decode()
    assert "50" in page
    assert "51" in page
    with as_actor(Member(MembershipFactory(role=Role.MANAGER)).actor):
        assert pairs.pairs(at=NOW) == []
    with as_actor(Member(MembershipFactory(point=sender.membership.point, role=Role.FRONT_DESK)).actor):
        assert pairs.pairs(at=NOW) == []


def of(sent: int) -> Pair:
    return Pair(uuid4(), uuid4(), sent, sent, 3, sent, sent, None)


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([9, 7], [9, 7]),
        ([9, 3, 2], [9, 5]),
        ([9, 7, 2], [9, 9]),
        ([3], []),
        ([3, 1], []),
        ([7, 1], [8]),
    ],
)
def test_small_pairs_are_put_together_until_they_hide_each_other(sizes: list[int], told: list[int]) -> None:
    assert [one.sent for one in pairs.together([of(size) for size in sizes])] == told


def test_a_median_of_a_few_and_a_share_that_names_a_few_are_not_told() -> None:
    row = Pair(uuid4(), uuid4(), 9, 4, 3, 7, 7, None)
    made = pairs.table([row], str, today=NOW.date())
    assert [getattr(value, "is_not_told", False) for value in made.rows[0]] == [False, False, True, True, False]
