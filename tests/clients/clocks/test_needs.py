"""A need about which nothing has been done for fourteen days is on the list of whoever answers, and of nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import background as backgrounds
from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.actions import referral as referrals
from clients.actions import reminder as acts
from clients.actions import responsibility as hands
from clients.actions.consent import Given
from clients.clocks import Case, Need, Terms, need_waits
from clients.models import Background, Client, Consent, ContactNote, PointTerms, Reminder
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.services import ServiceFactory
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki.clock import HELSINKI

START = datetime(2026, 6, 1, 12, tzinfo=HELSINKI)
WORDS = "Kerrotulle asialle ei ole vielä tehty mitään"
Sign = Callable[[Any], Browser]


def night(days: int) -> datetime:
    """Early in the morning so many days after the beginning."""
    return datetime(2026, 6, 1, 3, 15, tzinfo=HELSINKI) + timedelta(days=days)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], datetime]:
    """The clock of the product strikes on the morning so many days after the beginning, three times."""

    def strike(days: int) -> datetime:
        monkeypatch.setenv("TYOPARKKI_NOW", night(days).isoformat())
        for _ in range(3):
            acts.keep_clocks(at=night(days), using="default")
        return night(days)

    return strike


@pytest.fixture
def anna(house: House, monkeypatch: pytest.MonkeyPatch) -> Member:
    """An advisor."""
    monkeypatch.setenv("TYOPARKKI_NOW", START.isoformat())
    return house.advisor()


@pytest.fixture
def person(anna: Member) -> Client:
    """Somebody on file for whom Anna answers, and who lets background be recorded."""
    known = person_on_file(anna, moment=START)
    hands.take(known, by=anna, at=START)
    consents.give_consent(known, by=anna, at=START, purpose=Purpose.BACKGROUND, given=Given())
    return known


@pytest.fixture
def need(person: Client, anna: Member) -> Background:
    """A need that was told on the first day."""
    return backgrounds.record_background(person, backgrounds.Told("guidance", needs=["digital"]), by=anna, at=START)[0]


def waiting() -> list[date]:
    """The days from which a need waits now."""
    rows = Reminder.objects.open().filter(kind=Reminder.Kind.NEED_WAITS).order_by("due_on")
    return list(rows.values_list("due_on", flat=True))


# --- the rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acted_on", "days", "due_on"),
    [
        (None, 14, date(2026, 6, 15)),
        (date(2026, 6, 1), 14, date(2026, 6, 15)),
        (date(2026, 6, 8), 14, date(2026, 6, 22)),
        (date(2026, 10, 20), 14, date(2026, 11, 3)),  # the night of 25 hours is one day
        (None, 30, date(2026, 7, 1)),
    ],
)
def test_it_waits_so_many_days_from_the_last_act(
    need: Background, acted_on: date | None, days: int, due_on: date
) -> None:
    case = Case(need.client_id, need.point_id, START, needs=(Need(need.pk, START, acted_on),))
    assert [one.due_on for one in need_waits(case, Terms(need_days=days))] == [due_on]


# --- the clock --------------------------------------------------------------------------------------------------------


def test_after_fourteen_days_it_is_told_once(need: Background, later: Callable[[int], datetime]) -> None:
    later(13)
    assert waiting() == []
    later(14)
    later(15)
    assert waiting() == [date(2026, 6, 15)]
    assert Reminder.objects.filter(kind=Reminder.Kind.NEED_WAITS).count() == 1


def test_the_days_are_a_setting_of_the_point(need: Background, later: Callable[[int], datetime]) -> None:
    PointTerms.objects.create(point_id=need.point_id, need_days=5)
    later(5)
    assert waiting() == [date(2026, 6, 6)]


def test_a_contact_settles_it_at_once_and_its_undo_brings_it_back(
    need: Background, person: Client, anna: Member, later: Callable[[int], datetime]
) -> None:
    now = later(14)
    note = acts.note_contact(person, mode=ContactNote.Mode.PHONE, by=anna, at=now)
    assert waiting() == []
    acts.undo_contact(note, by=anna, at=now + timedelta(minutes=1))
    assert waiting() == [date(2026, 6, 15)]
    acts.note_contact(person, mode=ContactNote.Mode.PHONE, by=anna, at=now)
    later(27)
    assert waiting() == []
    later(28)
    assert waiting() == [date(2026, 6, 29)]


def test_a_step_counts_until_its_day(
    need: Background, person: Client, anna: Member, later: Callable[[int], datetime]
) -> None:
    plan = plans.open_plan(person, goal="Haluan töihin", by=anna, at=START)
    plans.add_step(plan, step=plans.Step("Käyn digineuvonnassa", by_on=date(2026, 6, 20)), by=anna, at=START)
    later(32)
    assert waiting() == []
    later(33)
    assert waiting() == [date(2026, 7, 4)]


def test_a_referral_is_an_act(need: Background, person: Client, anna: Member, later: Callable[[int], datetime]) -> None:
    sent = {"point": anna.membership.point, "by": anna, "at": night(10), "client": person}
    row = referrals.refer(service=ServiceFactory(), answer_by=date(2026, 6, 12), **sent)
    later(24)
    assert waiting() == []
    later(25)
    assert waiting() == [date(2026, 6, 26)]
    referrals.withdraw(row, by=anna, at=night(25))
    later(26)
    assert waiting() == [date(2026, 6, 15)]


def test_what_was_done_before_it_was_told_is_no_act(
    person: Client, anna: Member, later: Callable[[int], datetime]
) -> None:
    plan = plans.open_plan(person, goal="Haluan töihin", by=anna, at=START)
    plans.add_step(plan, step=plans.Step("Käyn kurssilla", by_on=date(2026, 8, 1)), by=anna, at=START)
    told = backgrounds.Told("guidance", obstacles=["distance"])
    backgrounds.record_background(person, told, by=anna, at=night(3))
    later(17)
    assert waiting() == [date(2026, 6, 18)]


@pytest.mark.parametrize("status", ["helped", "removed"])
def test_what_has_eased_or_gone_waits_no_longer(
    need: Background, anna: Member, later: Callable[[int], datetime], status: str
) -> None:
    now = later(14)
    backgrounds.set_status(need, status, by=anna, at=now)
    assert waiting() == []
    later(15)
    assert waiting() == []
    backgrounds.set_status(need, "open", by=anna, at=night(15))
    later(16)
    assert waiting() == [date(2026, 6, 15)]


def test_what_was_taken_away_waits_no_longer(need: Background, anna: Member, later: Callable[[int], datetime]) -> None:
    backgrounds.end_background(need, by=anna, at=later(14))
    assert waiting() == []


def test_with_the_consent_it_ends_and_the_night_forgets_that_it_waited(
    need: Background, person: Client, anna: Member, later: Callable[[int], datetime]
) -> None:
    now = later(14)
    consents.withdraw_consent(Consent.objects.get(client=person, purpose=Purpose.BACKGROUND), by=anna, at=now)
    with as_actor(anna.actor):
        assert not Reminder.objects.filter(kind=Reminder.Kind.NEED_WAITS).exists()
    later(15)
    assert waiting() == []
    backgrounds.erase_without_consent(at=night(15), using="default")
    assert not Reminder.objects.filter(kind=Reminder.Kind.NEED_WAITS).exists()


# --- the list ---------------------------------------------------------------------------------------------------------


def test_it_stands_on_the_workers_list_without_saying_what_it_is(
    need: Background, anna: Member, client_for: Sign, later: Callable[[int], datetime]
) -> None:
    browser = client_for(anna)
    assert WORDS not in browser.get(reverse("clients:mine")).content.decode()
    later(14)
    page = browser.get(reverse("clients:mine")).content.decode()
    assert WORDS in page
    assert need.text not in page


def test_who_may_not_see_the_need_does_not_learn_that_it_waits(
    need: Background, house: House, person: Client, anna: Member, client_for: Sign, later: Callable[[int], datetime]
) -> None:
    later(14)
    colleague, blind = house.advisor(), [house.desk, house.advisor(partner=True)]
    for who, sees in ((colleague, 1), *((one, 0) for one in blind)):
        told = Reminder.objects.filter(kind=Reminder.Kind.NEED_WAITS)
        with as_actor(who.actor):
            assert (told.count(), told.filter(pk__in=Reminder.objects.visible_to(who)).count()) == (sees, sees)
    for one in blind:
        page = client_for(one).get(reverse("clients:client", args=[person.pk]))
        assert (page.status_code, WORDS in page.content.decode()) == (200, False)
