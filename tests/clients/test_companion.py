"""Who else is beside a person, and who acts during a leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import companion as acts
from clients.actions import plan as plans
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.models import Client, Companion, Responsibility, StandIn
from team.access import Member
from team.actions import user as users
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at

Sign = Callable[[Any], Browser]
NOW = at(12)
TODAY = NOW.date()
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(db: None) -> Member:
    """An advisor."""
    return Member(MembershipFactory(user__name="Anna Koe"))


@pytest.fixture
def bo(anna: Member) -> Member:
    """A colleague."""
    return Member(MembershipFactory(point=anna.membership.point, user__name="Bo Prov"))


@pytest.fixture
def person(anna: Member) -> Client:
    """Somebody for whom Anna answers."""
    known = person_on_file(anna, name="Aino Esimerkki")
    responsibilities.take(known, by=anna, at=NOW)
    return known


def test_a_companion_stays_whoever_answers(anna: Member, bo: Member, person: Client) -> None:
    beside = acts.add_companion(person, bo.membership, by=anna, at=NOW)
    with pytest.raises(acts.AlreadyBeside):
        acts.add_companion(person, bo.membership, by=anna, at=NOW)
    third = Member(MembershipFactory(point=anna.membership.point))
    offered = responsibilities.offer(person, third.membership, by=anna, at=NOW)
    responsibilities.accept(offered, by=third, at=NOW)
    assert Companion.objects.running().get() == beside
    acts.end_companion(beside, by=third, at=NOW)
    with pytest.raises(acts.Ended):
        acts.end_companion(beside, by=third, at=NOW)


def test_a_companion_works_at_the_point(anna: Member, person: Client) -> None:
    with pytest.raises(acts.NotHere):
        acts.add_companion(person, MembershipFactory(), by=anna, at=NOW)


def test_a_companion_is_added_and_ended_on_the_persons_page(
    anna: Member, bo: Member, person: Client, client_for: Sign
) -> None:
    browser = client_for(anna)
    add = f"/asiakkaat/{person.pk}/rinnalla/"
    assert browser.post(add, {"companion": ""}, headers=PART).status_code == 422
    text = browser.post(add, {"companion": str(bo.membership_id)}, headers=PART).content.decode()
    row = Companion.objects.get()
    assert "Bo Prov" in text
    assert browser.post(f"/rinnalla/{row.pk}/paata/", headers=PART).status_code == 200
    assert not Companion.objects.running().exists()


def test_a_substitute_sees_the_list_during_the_leave_and_not_before_or_after(
    anna: Member, bo: Member, person: Client, client_for: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    acts.go_on_leave(bo.membership, from_on=first, until_on=last, by=anna, at=NOW)
    shown = []
    for days in range(6):
        monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(days=days)).isoformat())
        shown.append("Aino Esimerkki" in client_for(bo).get("/asiakkaat/omat/").content.decode())
    assert shown == [False, True, True, True, False, False]
    assert Responsibility.objects.running().get().membership == anna.membership


def test_a_leave_is_told_on_the_list_and_ended_there(
    anna: Member, bo: Member, person: Client, client_for: Sign
) -> None:
    browser = client_for(anna)
    form = {"to": str(bo.membership_id), "from_on": "2026-12-23", "until_on": "2026-12-20"}
    wrong = browser.post("/asiakkaat/omat/poissa/", form)
    assert wrong.status_code == 422
    assert 'value="2026-12-23"' in wrong.content.decode()
    assert browser.post("/asiakkaat/omat/poissa/", {**form, "until_on": "2027-01-03"}).status_code == 303
    assert browser.post("/asiakkaat/omat/poissa/", {**form, "until_on": "2026-12-24"}).status_code == 422
    row = StandIn.objects.get()
    assert "Bo Prov" in browser.get("/asiakkaat/omat/").content.decode()
    assert client_for(bo).post(f"/poissaolot/{row.pk}/paata/").status_code == 404
    assert browser.post(f"/poissaolot/{row.pk}/paata/").status_code == 303
    row.refresh_from_db()
    assert row.ended_at == NOW


def test_who_leaves_is_no_companion_and_no_substitute_any_more(anna: Member, bo: Member, person: Client) -> None:
    admin = Member(MembershipFactory(point=anna.membership.point, role=Role.ADMIN))
    acts.add_companion(person, bo.membership, by=anna, at=NOW)
    acts.go_on_leave(bo.membership, from_on=TODAY, until_on=TODAY, by=anna, at=NOW)
    done = users.deactivate(bo.user, by=admin, at=NOW)
    assert done["clients"] == 2
    assert not Companion.objects.running().exists()
    assert StandIn.objects.get().ended_at == NOW


def test_the_companion_is_reminded_when_a_measure_ends(anna: Member, bo: Member, client_for: Sign) -> None:
    person = person_on_file(anna, moment=NOW, name="Kielo Esimerkki")
    plan = plans.open_plan(person, goal="Haluan töihin", by=anna, at=NOW)
    ends_on = TODAY + timedelta(days=14)
    plans.add_step(plan, step=plans.Step("Palkkatuki pajalla", ends_on=ends_on), by=anna, at=NOW)
    acts.add_companion(person, bo.membership, by=anna, at=NOW)
    reminders.keep_clocks(at=NOW, using="default")
    page = client_for(bo).get("/asiakkaat/omat/").content.decode()
    beside = page.split('data-testid="mine-beside"')[1].split("</ul>")[0]
    assert "Palkkatuki pajalla" in beside
    assert "mine-beside" not in client_for(anna).get("/asiakkaat/omat/").content.decode()
