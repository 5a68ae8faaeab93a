"""Who may hear of a point's and a visit's changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from team.models import Membership
from tests.factories.team import DeviceFactory, MembershipFactory, at
from tests.factories.visits import House
from tyoparkki import live
from tyoparkki.live import passes

pytestmark = pytest.mark.django_db


def heard(client: Client, *topics: str) -> passes.Pass | None:
    """The pass that a page with these topics gets."""
    answer = client.post("/live-pass/", {"topic": topics})
    assert answer.status_code in {204, 401}
    return passes.read(f"tp_live={answer.cookies['tp_live'].value}") if answer.status_code == 204 else None


def test_a_member_hears_of_the_own_point_and_its_visits(
    house: House, client_for: Callable[[Any], Client], member: Callable[..., Membership]
) -> None:
    mine = [house.point.live_topic, live.visit_topic(house.arrive().pk)]
    foreign = House()
    theirs = [foreign.point.live_topic, live.visit_topic(foreign.arrive().pk)]
    who = member("advisor", point=house.point)
    given = heard(client_for(who), *mine, *theirs)
    assert given is not None
    assert given.topics == tuple(sorted(mine))
    assert given.subject == f"user:{who.user_id}"
    assert heard(client_for(who), *theirs) is None


def test_a_foreign_visit_is_answered_like_a_missing_one(house: House, client_for: Callable[[Any], Client]) -> None:
    client = client_for(MembershipFactory(point=house.point))
    foreign = client.post("/live-pass/", {"topic": live.visit_topic(House().arrive().pk)})
    missing = client.post("/live-pass/", {"topic": live.visit_topic("00000000-0000-7000-8000-000000000000")})
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)


def test_a_board_hears_of_its_point_until_it_is_revoked(house: House, client: Client) -> None:
    board = DeviceFactory(point=house.point, kind="board", token="taulun-salaisuus-taululle")
    client.cookies["device_board"] = "taulun-salaisuus-taululle"
    given = heard(client, house.point.live_topic, live.visit_topic(house.arrive().pk), House().point.live_topic)
    assert given is not None
    assert (given.topics, given.subject) == ((house.point.live_topic,), f"device:{board.pk}")
    board.revoked_at = at(12)
    board.revoked_by = MembershipFactory(point=house.point)
    board.save()
    assert heard(client, house.point.live_topic) is None


def test_a_feedback_tablet_and_a_stranger_hear_nothing(house: House, client: Client) -> None:
    assert heard(client, house.point.live_topic) is None
    DeviceFactory(point=house.point, kind="feedback", token="tabletin-salaisuus-palautteelle")
    client.cookies["device_board"] = "tabletin-salaisuus-palautteelle"
    client.cookies["device_feedback"] = "tabletin-salaisuus-palautteelle"
    assert heard(client, house.point.live_topic) is None
