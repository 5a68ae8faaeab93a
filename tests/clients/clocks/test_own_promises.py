"""A service point adds a promise of its own: counted by the same clocks, with figures of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from clients.actions import plan as plans
from clients.actions import promise as promises
from clients.actions import referral as referrals
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.models import PointPromise, Reminder
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, PointFactory, at

Sign = Callable[[Any], Browser]
NOW = at(12)
NAMES = {"fi": "Soitamme kolmessa päivässä", "sv": "Vi ringer inom tre dagar", "en": "We call within three days"}
FORM = {"name_fi": NAMES["fi"], "name_sv": NAMES["sv"], "name_en": NAMES["en"], "days": "3", "counted_from": "plan"}


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(db: None) -> Member:
    """An advisor."""
    return Member(MembershipFactory(user__name="Anna Koe"))


@pytest.fixture
def leader(anna: Member) -> Member:
    """Who leads the point."""
    return Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))


def promised(leader: Member, counted_from: str = "plan", days: int = 3) -> PointPromise:
    moment = NOW - timedelta(hours=2)
    return promises.add_promise(NAMES, days=days, counted_from=counted_from, by=leader, at=moment)


def strike(days: int = 0, times: int = 3) -> None:
    for _ in range(times):
        reminders.keep_clocks(at=NOW + timedelta(days=days), using="default")


def raised() -> list[date]:
    rows = Reminder.objects.filter(kind="site_promise").order_by("due_on", "pk")
    return list(rows.values_list("due_on", flat=True))


def test_it_is_counted_from_the_plan_in_working_days_and_raised_once(anna: Member, leader: Member) -> None:
    promise = promised(leader)
    person = person_on_file(anna, moment=NOW)
    plans.open_plan(person, goal="Haluan töihin", by=anna, at=NOW)
    for days in (0, 1, 5, 9):
        strike(days)
    assert raised() == [date(2026, 11, 23)]  # Wednesday and three working days, over a weekend
    row = Reminder.objects.get(kind="site_promise")
    assert (row.promise, row.client, row.words) == (promise, person, NAMES["fi"])


def test_what_began_before_the_promise_is_not_counted(anna: Member, leader: Member) -> None:
    person = person_on_file(anna, moment=NOW)
    plans.open_plan(person, goal="Haluan töihin", by=anna, at=NOW - timedelta(hours=3))
    promised(leader)
    strike(1)
    assert raised() == []


def test_it_is_counted_from_a_hand_over(anna: Member, leader: Member) -> None:
    promised(leader, "taken", days=1)
    bo = Member(MembershipFactory(point=anna.membership.point))
    person = person_on_file(anna, moment=NOW)
    responsibilities.take(person, by=anna, at=NOW)
    strike()
    assert raised() == []
    offer = responsibilities.offer(person, bo.membership, by=anna, at=NOW)
    responsibilities.accept(offer, by=bo, at=NOW)
    strike()
    assert raised() == [date(2026, 11, 19)]


def test_it_is_counted_from_a_referral_that_was_received(anna: Member, leader: Member) -> None:
    promised(leader, "referral", days=2)
    elsewhere = Member(MembershipFactory(point=anna.membership.point, partner=True))
    person = person_on_file(anna, moment=NOW)
    responsibilities.take(person, by=anna, at=NOW)
    sent = referrals.refer(
        point=elsewhere.membership.point, organisation=anna.membership.organisation, client=person, by=elsewhere, at=NOW
    )
    strike()
    assert raised() == []
    referrals.receive(sent, by=anna, at=NOW)
    strike()
    assert raised() == [date(2026, 11, 20)]


def test_a_contact_keeps_it_and_taking_the_contact_back_opens_it(anna: Member, leader: Member) -> None:
    promised(leader)
    person = person_on_file(anna, moment=NOW)
    plans.open_plan(person, goal="Haluan töihin", by=anna, at=NOW)
    strike()
    moment = NOW + timedelta(hours=1)
    note = reminders.note_contact(person, mode="phone", by=anna, at=moment)
    assert Reminder.objects.get(kind="site_promise").how == "contact"
    reminders.undo_contact(note, by=anna, at=moment + timedelta(minutes=1))
    assert Reminder.objects.get(kind="site_promise").settled_at is None


def test_a_promise_that_ended_is_asked_no_more(anna: Member, leader: Member) -> None:
    promise = promised(leader)
    person = person_on_file(anna, moment=NOW)
    plans.open_plan(person, goal="Haluan töihin", by=anna, at=NOW)
    strike()
    promises.end_promise(promise, by=leader, at=NOW)
    strike()
    assert Reminder.objects.get(kind="site_promise").how == "over"
    with pytest.raises(promises.PromiseOver):
        promises.end_promise(promise, by=leader, at=NOW)


def test_ten_promises_are_enough(leader: Member) -> None:
    for _ in range(promises.MOST):
        promised(leader)
    with pytest.raises(promises.TooMany):
        promised(leader)


def test_the_manager_adds_and_ends_it_and_hears_what_is_missing(leader: Member, client_for: Sign) -> None:
    browser = client_for(leader)
    bad = browser.post("/asiakkaat/lupaukset/", FORM | {"name_sv": "", "days": "0"})
    assert bad.status_code == 422
    assert NAMES["fi"] in bad.content.decode()
    form = FORM | {"submission_key": str(uuid4())}
    for _press in range(2):
        assert browser.post("/asiakkaat/lupaukset/", form).status_code == 303
    promise = PointPromise.objects.get()
    assert NAMES["fi"] in browser.get("/asiakkaat/ilman-yhteytta/").content.decode()
    assert NAMES["fi"] in browser.get("/raportit/lupaukset/").content.decode()
    elsewhere = client_for(Member(MembershipFactory(point=PointFactory(), role=Role.MANAGER)))
    assert elsewhere.post(f"/lupaukset/{promise.pk}/paata/").status_code == 404
    assert browser.post(f"/lupaukset/{promise.pk}/paata/").status_code == 303
    assert not PointPromise.objects.running().exists()


def test_an_advisor_makes_no_promises_for_the_point(anna: Member, client_for: Sign) -> None:
    assert client_for(anna).post("/asiakkaat/lupaukset/", FORM).status_code in {403, 404}
    assert not PointPromise.objects.exists()


def test_kept_and_broken_stand_in_the_figures(anna: Member, leader: Member, client_for: Sign) -> None:
    promise = promised(leader)
    for number in range(6):
        person = person_on_file(anna, moment=NOW, name=f"Aino Koe{number}")
        plans.open_plan(person, goal="Haluan töihin", by=anna, at=NOW)
    strike()
    Reminder.objects.filter(kind="site_promise").update(due_on=date(2026, 8, 20))
    page = client_for(leader).get("/raportit/lupaukset/").content.decode()
    row = page.split(promise.name)[1].split("</tr>")[0]
    assert '<td class="n">6</td>' in row
