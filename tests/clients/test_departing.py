"""A colleague who leaves leaves nobody behind: everything moves to one colleague, or the departure is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connections
from django.test import Client as Browser

from clients.actions import departing
from clients.actions import plan as plans
from clients.actions import recusal as recusals
from clients.actions import referral as referrals
from clients.actions import responsibility as responsibilities
from clients.models import Client, Plan, PlanStep, Referral, Responsibility, ResponsibilityOffer
from team import departure
from team.access import Member
from team.actions import user as users
from team.models import Membership, Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, PointFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki.models import AuditEvent

Sign = Callable[[Any], Browser]
NOW, LATER = at(12), at(13)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", LATER.isoformat())


@pytest.fixture
def admin(db: None) -> Member:
    """Who lets people in and out."""
    return Member(MembershipFactory(role=Role.ADMIN))


@pytest.fixture
def anna(admin: Member) -> Member:
    """Who leaves."""
    return Member(MembershipFactory(point=admin.membership.point, user__name="Anna Koe"))


@pytest.fixture
def bo(admin: Member) -> Member:
    """Who takes over."""
    return Member(MembershipFactory(point=admin.membership.point, user__name="Bo Prov"))


def full_hands(anna: Member, bo: Member, people: int) -> list[Client]:
    """Anna answers for so many people with plans and steps of her own; offers wait both ways; a referral is open."""
    known = []
    for number in range(people):
        person = person_on_file(anna, name=f"Aino Koe{number}", moment=NOW)
        responsibilities.take(person, by=anna, at=NOW)
        plan = plans.open_plan(person, goal="Haluan töihin", by=anna, at=NOW)
        plans.add_step(plan, step=plans.Step("Soittaa", who="staff"), by=anna, at=NOW)
        known.append(person)
    third = Member(MembershipFactory(point=anna.membership.point))
    responsibilities.offer(known[0], bo.membership, by=anna, at=NOW)
    responsibilities.offer(known[1], third.membership, by=anna, at=NOW)
    theirs = [person_on_file(one, moment=NOW) for one in (bo, third)]
    for one, person in zip((bo, third), theirs, strict=True):
        responsibilities.take(person, by=one, at=NOW)
        responsibilities.offer(person, anna.membership, by=one, at=NOW)
    referrals.refer(point=anna.membership.point, organisation=OrganisationFactory(), by=anna, at=NOW)
    return known + theirs


def test_a_departing_advisor_with_forty_clients_leaves_no_orphan(anna: Member, bo: Member, admin: Member) -> None:
    everybody = full_hands(anna, bo, 40)
    done = users.deactivate(anna.user, by=admin, at=LATER, to=bo.membership)
    assert done["clients moved"] == 40 + 4 + 40 + 1
    running = Responsibility.objects.running()
    assert set(running.values_list("client_id", flat=True)) == {one.pk for one in everybody}
    assert not running.filter(membership=anna.membership).exists()
    assert running.filter(membership=bo.membership).count() == 41
    ended = Responsibility.objects.filter(membership=anna.membership)
    assert set(ended.values_list("ended_at", flat=True)) == {LATER}
    assert not PlanStep.objects.to_do().filter(membership=anna.membership).exists()
    assert not Referral.objects.waiting().filter(sender=anna.membership).exists()
    waits = ResponsibilityOffer.objects.waiting()
    assert not waits.concerning(anna).exists()
    for offer in waits:
        assert running.filter(client=offer.client_id, membership=offer.from_membership_id).exists()
    assert ResponsibilityOffer.objects.filter(accepted_at=LATER).count() == 1
    assert AuditEvent.objects.filter(verb="responsibility.handed_on").count() == 40
    assert departure.held([anna.membership]) == []


def test_nobody_is_handed_to_a_colleague_who_is_barred_from_the_file(anna: Member, bo: Member, admin: Member) -> None:
    person = full_hands(anna, bo, 2)[1]
    recusals.recuse(person, by=bo, at=NOW)
    with pytest.raises(departing.CannotTakeOver):
        users.deactivate(anna.user, by=admin, at=LATER, to=bo.membership)
    assert Responsibility.objects.running().of_client(person.pk).get().membership == anna.membership


def test_a_departure_without_a_receiver_is_refused_with_a_sentence_that_counts(
    anna: Member, bo: Member, admin: Member
) -> None:
    full_hands(anna, bo, 3)
    with pytest.raises(departure.StillHolds, match=r"3 .*4 .*3 .*1 "):
        users.deactivate(anna.user, by=admin, at=LATER)
    anna.user.refresh_from_db()
    assert anna.user.is_active
    assert Responsibility.objects.running().filter(membership=anna.membership).count() == 3
    with pytest.raises(departure.StillHolds):
        users.end_membership(anna.membership, by=admin, at=LATER)


def test_a_departure_that_fails_in_the_middle_moves_nobody(
    anna: Member, bo: Member, admin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_hands(anna, bo, 3)

    def stumble(*_: Any) -> int:
        raise RuntimeError

    monkeypatch.setattr(departure, "_handings", dict(departure._handings))
    departure.on_handing("later", asks=lambda _rows: [], moves=stumble)
    with pytest.raises(RuntimeError):
        users.deactivate(anna.user, by=admin, at=LATER, to=bo.membership)
    assert Responsibility.objects.running().filter(membership=anna.membership).count() == 3


def test_who_has_nothing_leaves_without_a_question(anna: Member, admin: Member) -> None:
    users.deactivate(anna.user, by=admin, at=LATER)
    anna.user.refresh_from_db()
    assert not anna.user.is_active


@pytest.mark.parametrize("who", ["elsewhere", "manager", "front desk is none who guides"])
def test_only_a_colleague_of_the_point_who_guides_takes_over(anna: Member, bo: Member, admin: Member, who: str) -> None:
    full_hands(anna, bo, 2)
    point = PointFactory() if who == "elsewhere" else anna.membership.point
    role = {"elsewhere": Role.ADVISOR, "manager": Role.MANAGER}.get(who, Role.FRONT_DESK)
    with pytest.raises(departing.CannotTakeOver):
        users.deactivate(anna.user, by=admin, at=LATER, to=MembershipFactory(point=point, role=role))
    with pytest.raises(departing.CannotTakeOver):
        users.deactivate(anna.user, by=admin, at=LATER, to=anna.membership)


def test_what_is_held_at_another_point_is_not_left_behind(anna: Member, bo: Member, admin: Member) -> None:
    away = MembershipFactory(user=anna.user, role=Role.ADVISOR)
    both = Member(admin.membership, (MembershipFactory(user=admin.user, point=away.point, role=Role.ADMIN),))
    MembershipFactory(point=away.point, role=Role.ADMIN)
    there = Member(away)
    responsibilities.take(person_on_file(there, moment=NOW), by=there, at=NOW)
    with pytest.raises(departure.StillHolds, match="1 "):
        users.deactivate(anna.user, by=both, at=LATER, to=bo.membership)


def test_the_wall_lets_only_an_administrator_of_the_point_move_anybody(anna: Member, bo: Member) -> None:
    full_hands(anna, bo, 2)
    ask = "SELECT * FROM clients_hand_on(%s::uuid[], %s, %s)"
    with pytest.raises(ProgrammingError, match="only an administrator"), as_actor(bo.actor):
        connections["default"].cursor().execute(ask, [[anna.membership_id], bo.membership_id, LATER])
    with as_actor(bo.actor), connections["default"].cursor() as cursor:
        cursor.execute("SELECT sum(n) FROM clients_held_by(%s::uuid[])", [[anna.membership_id]])
        assert cursor.fetchone() == (0,)


def test_the_page_counts_what_is_held_and_moves_it_in_one_press(
    anna: Member, bo: Member, admin: Member, client_for: Sign
) -> None:
    full_hands(anna, bo, 2)
    browser = client_for(admin)
    page = f"/kayttajat/{anna.user.pk}/"
    text = browser.get(page).content.decode()
    assert "Kenelle ne siirtyvät" in text
    assert "2 asiakkaan vastuu" in text
    assert "Aino Koe" not in text
    refused = browser.post(f"{page}poista-kaytosta/", {})
    assert refused.status_code == 409
    assert "2 asiakkaan vastuu" in refused.content.decode()
    answer = browser.post(f"{page}poista-kaytosta/", {"to": str(bo.membership_id)})
    assert answer.status_code == 303
    assert Responsibility.objects.running().filter(membership=bo.membership).count() == 3
    assert Membership.objects.get(pk=anna.membership_id).user.is_active is False
    assert Plan.objects.count() == 2
