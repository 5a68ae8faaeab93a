"""Who leads the point assigns another to answer when nobody has been in touch for long, and sees no name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser

from clients.actions import assigning
from clients.actions import consent as consents
from clients.actions import merge as merges
from clients.actions import plan as plans
from clients.actions import recusal as recusals
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.models import Client, Consent, Reminder, Responsibility, ResponsibilityOffer
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, PointFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki.models import AuditEvent

Sign = Callable[[Any], Browser]
NOW = at(12)
LONG_AGO = NOW - timedelta(days=100)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(db: None) -> Member:
    """Who has answered and been silent."""
    return Member(MembershipFactory(user__name="Anna Koe"))


@pytest.fixture
def bo(anna: Member) -> Member:
    """A colleague."""
    return Member(MembershipFactory(point=anna.membership.point, user__name="Bo Prov"))


@pytest.fixture
def leader(anna: Member) -> Member:
    """Who leads the point."""
    return Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))


@pytest.fixture
def person(anna: Member) -> Client:
    """Somebody with whom contact was lost."""
    known = person_on_file(anna, moment=LONG_AGO, name="Kielo Salainen")
    responsibilities.take(known, by=anna, at=LONG_AGO)
    reminders.keep_clocks(at=NOW, using="default")
    return known


def lost() -> Reminder:
    return Reminder.objects.get(kind="long_lost")


def holder(person: Client) -> Any:
    return Responsibility.objects.of_client(person.pk).running().get().membership


def test_another_answers_and_the_row_goes_away(person: Client, bo: Member, leader: Member, client_for: Sign) -> None:
    browser, url = client_for(leader), f"/asiakkaat/ilman-yhteytta/{lost().pk}/vastuu/"
    form = {"colleague": str(bo.membership_id), "submission_key": str(uuid4())}
    for _press in range(2):
        assert browser.post(url, form).status_code == 303
    assert holder(person) == bo.membership
    assert Responsibility.objects.of_client(person.pk).count() == 2
    page = browser.get("/asiakkaat/ilman-yhteytta/").content.decode()
    assert 'data-testid="lost-assign"' not in page
    assert "Salainen" not in page
    assert "Kielo Salainen" in client_for(bo).get("/asiakkaat/omat/").content.decode()
    (trace,) = AuditEvent.objects.filter(verb="responsibility.assigned")
    assert trace.membership_id == leader.membership_id


def test_the_new_one_gets_in_touch_within_the_promise(person: Client, bo: Member, leader: Member) -> None:
    with as_actor(leader.actor):
        assigning.assign(lost(), bo.membership, by=leader, at=NOW)
    reminders.keep_clocks(at=NOW + timedelta(days=1), using="default")
    assert Reminder.objects.open().filter(kind="first_contact", client=person).exists()


def test_an_offer_that_waited_is_answered_by_it(person: Client, anna: Member, bo: Member, leader: Member) -> None:
    offer = responsibilities.offer(person, bo.membership, by=anna, at=NOW)
    with as_actor(leader.actor):
        assigning.assign(lost(), bo.membership, by=leader, at=NOW)
    assert ResponsibilityOffer.objects.get(pk=offer.pk).state == "accepted"


def test_nobody_is_assigned_who_is_barred_or_of_another_point(
    person: Client, bo: Member, leader: Member, client_for: Sign
) -> None:
    recusals.recuse(person, by=bo, at=NOW)
    stranger = Member(MembershipFactory(point=PointFactory()))
    browser, url = client_for(leader), f"/asiakkaat/ilman-yhteytta/{lost().pk}/vastuu/"
    for one in (bo, stranger, leader):
        answer = browser.post(url, {"colleague": str(one.membership_id)})
        assert answer.status_code == 422
        assert "Salainen" not in answer.content.decode()
    assert holder(person).user.name == "Anna Koe"


def test_whoever_took_the_consent_back_is_left_in_peace(
    person: Client, anna: Member, bo: Member, leader: Member
) -> None:
    consents.withdraw_consent(Consent.objects.get(client=person, purpose="record"), by=anna, at=NOW)
    with as_actor(leader.actor), pytest.raises(assigning.NothingToAssign):
        assigning.assign(lost(), bo.membership, by=leader, at=NOW)


def test_only_who_leads_assigns(person: Client, anna: Member, bo: Member, client_for: Sign) -> None:
    url = f"/asiakkaat/ilman-yhteytta/{lost().pk}/vastuu/"
    assert client_for(bo).post(url, {"colleague": str(bo.membership_id)}).status_code in {403, 404}
    elsewhere = Member(MembershipFactory(point=PointFactory(), role=Role.MANAGER))
    assert client_for(elsewhere).post(url, {"colleague": str(bo.membership_id)}).status_code == 404
    asked = "SELECT clients_assign(%s, %s, %s)", [lost().pk, bo.membership_id, NOW]
    hand = as_actor(bo.actor)
    with pytest.raises(DatabaseError, match="who leads"), transaction.atomic(), hand, connection.cursor() as cursor:
        cursor.execute(*asked)
    assert holder(person) == anna.membership


def test_the_night_leaves_it_assigned(person: Client, anna: Member, bo: Member, leader: Member) -> None:
    plans.open_plan(person, goal="Haluan töihin", by=anna, at=LONG_AGO + timedelta(hours=1))
    reminders.keep_clocks(at=NOW, using="default")
    row = Reminder.objects.open().get(kind="long_lost")
    with as_actor(leader.actor):
        assigning.assign(row, bo.membership, by=leader, at=NOW)
    for hours in (15, 39):
        reminders.keep_clocks(at=NOW + timedelta(hours=hours), using="default")
    row.refresh_from_db()
    assert row.settled_by == leader.membership


@pytest.mark.django_db(transaction=True)
def test_a_merge_keeps_what_the_clock_told_and_its_undo_gives_it_back(person: Client, anna: Member) -> None:
    other = person_on_file(anna, moment=LONG_AGO, name="Kielo Salaien")
    responsibilities.take(other, by=anna, at=LONG_AGO)
    reminders.keep_clocks(at=NOW, using="default")
    before = list(Reminder.objects.order_by("pk").values())
    files = Client.objects.visible_to(anna).in_bulk([person.pk, other.pk])
    record = merges.merge(files[other.pk], files[person.pk], by=anna, at=NOW)
    assert Reminder.objects.filter(kind="long_lost", responsibility=None).count() == 1
    merges.undo_merge(record, by=anna, at=NOW + timedelta(minutes=1))
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_what_was_raised_without_saying_whose_can_be_assigned_after_the_next_night(
    person: Client, bo: Member, leader: Member
) -> None:
    Reminder.objects.filter(kind="long_lost").update(responsibility=None)
    with as_actor(leader.actor), pytest.raises(assigning.NothingToAssign):
        assigning.assign(lost(), bo.membership, by=leader, at=NOW)
    reminders.keep_clocks(at=NOW + timedelta(hours=1), using="default")
    with as_actor(leader.actor):
        assigning.assign(lost(), bo.membership, by=leader, at=NOW + timedelta(hours=2))
    assert holder(person) == bo.membership
