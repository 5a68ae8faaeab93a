"""Reminders are raised exactly once, whatever the calendar and however often the clock strikes, and settled by acts."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connections

from clients.actions import plan as plans
from clients.actions import plan_end
from clients.actions import reminder as acts
from clients.actions import responsibility as responsibilities
from clients.models import Client, Consent, ContactNote, Plan, PlanReview, PointTerms, Reminder
from clients.tasks import keep_clocks
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory
from tests.factories.visits import House
from tyoparkki.clock import HELSINKI
from tyoparkki.models import AuditEvent
from visits.actions import identity

Kind = Reminder.Kind
START = datetime(2026, 6, 1, 12, tzinfo=HELSINKI)


def at(text: str) -> datetime:
    """A moment of Helsinki."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def clock_strikes(moment: datetime, times: int = 1) -> None:
    """The clock strikes in the night, perhaps more than once."""
    for _ in range(times):
        acts.keep_clocks(at=moment, using="default")


def raised(kind: str) -> list[date]:
    """The days on which something of a kind was due, each as often as it was raised."""
    return list(Reminder.objects.filter(kind=kind).order_by("due_on", "pk").values_list("due_on", flat=True))


@pytest.fixture
def anna(db: None) -> Member:
    """An advisor."""
    return Member(MembershipFactory(user__name="Anna Koe"))


@pytest.fixture
def person(anna: Member, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody on file for whom Anna answers."""
    monkeypatch.setenv("TYOPARKKI_NOW", START.isoformat())
    known = person_on_file(anna, moment=START)
    responsibilities.take(known, by=anna, at=START)
    return known


@pytest.fixture
def plan(anna: Member, person: Client) -> Plan:
    """The person's plan, with a measure that ends on New Year's Eve."""
    made = plans.open_plan(person, goal="Haluan töihin lähelle kotia", by=anna, at=START)
    plans.add_step(made, step=plans.Step("Palkkatuki pajalla", ends_on=date(2026, 12, 31)), by=anna, at=START)
    return made


def test_whoever_took_the_consent_back_is_left_in_peace(anna: Member, person: Client, plan: Plan) -> None:
    clock_strikes(datetime(2026, 6, 15, 3, 15, tzinfo=HELSINKI))
    assert Reminder.objects.open().exists()
    Consent.objects.filter(client=person).update(withdrawn_at=START + timedelta(days=20))
    clock_strikes(datetime(2026, 8, 15, 3, 15, tzinfo=HELSINKI))
    assert not Reminder.objects.open().exists()


def test_what_was_over_and_is_due_after_all_waits_as_before(anna: Member, person: Client, plan: Plan) -> None:
    night = datetime(2026, 7, 5, 3, 15, tzinfo=HELSINKI)
    clock_strikes(night)
    before = set(Reminder.objects.open().values_list("pk", flat=True))
    assert before
    Consent.objects.filter(client=person).update(withdrawn_at=night)
    clock_strikes(night + timedelta(hours=1))
    assert not Reminder.objects.open().exists()
    Consent.objects.filter(client=person).update(withdrawn_at=None)
    clock_strikes(night + timedelta(hours=2), times=3)
    assert set(Reminder.objects.open().values_list("pk", flat=True)) == before


def test_a_plan_that_goes_on_is_looked_at_when_it_was_due(
    anna: Member, person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plans.open_plan(person, goal="Haluan töihin lähelle kotia", by=anna, at=START)
    night = datetime(2026, 9, 2, 3, 15, tzinfo=HELSINKI)
    monkeypatch.setenv("TYOPARKKI_NOW", night.isoformat())
    clock_strikes(night)
    review = Reminder.objects.open().get(kind=Kind.PLAN_REVIEW)
    words = {"ending": "wish", "result": "on_the_way", "summary": "Tauko"}
    plan_end.close_plan(made, **words, by=anna, at=night + timedelta(hours=6))
    clock_strikes(night + timedelta(hours=7))
    assert not Reminder.objects.open().filter(kind=Kind.PLAN_REVIEW).exists()
    plan_end.reopen_plan(made, by=anna, at=night + timedelta(hours=8))
    clock_strikes(night + timedelta(days=1), times=3)
    assert Reminder.objects.open().get(kind=Kind.PLAN_REVIEW).pk == review.pk


def test_of_a_measure_the_newest_alarm_alone_waits_again(
    anna: Member, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (date(2026, 12, 2), date(2026, 12, 18)):
        clock_strikes(datetime.combine(day, time(3, 15), tzinfo=HELSINKI))
    noon = datetime(2026, 12, 18, 12, tzinfo=HELSINKI)
    monkeypatch.setenv("TYOPARKKI_NOW", noon.isoformat())
    step = plan.steps.get()
    plans.finish_step(step, no_next_reason="Ei jatkoa", by=anna, at=noon)
    plan_end.undo_step(step, by=anna, at=noon + timedelta(minutes=1))
    clock_strikes(noon + timedelta(hours=15), times=2)
    assert [one.due_on for one in Reminder.objects.open().filter(kind=Kind.MEASURE_ENDS)] == [date(2026, 12, 17)]


def test_a_year_of_nights_raises_each_thing_once_over_every_odd_day(plan: Plan) -> None:
    """Midsummer, the nights of 25 and 23 hours, Christmas and the year's end; some nights the clock strikes thrice."""
    odd = {date(2026, 6, 19), date(2026, 6, 20), date(2026, 10, 25), date(2026, 12, 24), date(2026, 12, 25),
           date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 28)}  # fmt: skip
    for number in range(310):
        night = START.date() + timedelta(days=number)
        clock_strikes(datetime.combine(night, time(3, 15), tzinfo=HELSINKI), times=3 if night in odd else 1)
    names = Counter(Reminder.objects.values_list("kind", "subject_id", "due_on"))
    assert set(names.values()) == {1}
    assert raised(Kind.FIRST_CONTACT) == [date(2026, 6, 8)]
    assert raised(Kind.NEXT_CONTACT) == [date(2026, 6, 15)]
    assert raised(Kind.LOST) == [date(2026, 7, 1)]
    assert raised(Kind.LONG_LOST) == [date(2026, 7, 31)]
    assert raised(Kind.PLAN_REVIEW) == [date(2026, 9, 1)]
    assert raised(Kind.NEED_REVIEW) == [date(2026, 12, 1)]
    assert raised(Kind.MEASURE_ENDS) == [date(2026, 12, 1), date(2026, 12, 17), date(2026, 12, 31)]


@pytest.mark.parametrize("night", ["2026-06-20", "2026-10-25", "2026-12-25", "2027-01-01", "2027-03-28"])
def test_a_review_that_falls_on_an_odd_day_is_raised_on_it(
    anna: Member, plan: Plan, night: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date.fromisoformat(night)
    contact = datetime.combine(day - timedelta(days=14), time(23, 30), tzinfo=HELSINKI)
    monkeypatch.setenv("TYOPARKKI_NOW", contact.isoformat())
    acts.note_contact(plan.client, mode="phone", by=anna, at=contact)
    before = datetime.combine(day, time(0), tzinfo=HELSINKI) - timedelta(minutes=1)
    clock_strikes(before, times=3)
    assert day not in raised(Kind.NEXT_CONTACT)
    clock_strikes(before + timedelta(minutes=1), times=3)
    assert raised(Kind.NEXT_CONTACT).count(day) == 1


def test_a_machine_that_slept_catches_up_and_tells_everything_once(plan: Plan) -> None:
    clock_strikes(at("2027-01-10T09:00"), times=3)
    assert raised(Kind.MEASURE_ENDS) == [date(2026, 12, 1), date(2026, 12, 17), date(2026, 12, 31)]
    open_alarms = Reminder.objects.open().filter(kind=Kind.MEASURE_ENDS)
    assert [row.due_on for row in open_alarms] == [date(2026, 12, 31)]


def test_a_contact_settles_what_waited_for_it_and_the_next_is_counted_from_there(anna: Member, plan: Plan) -> None:
    clock_strikes(at("2026-06-16T03:15"))
    met = at("2026-06-16T10:00")
    note = acts.note_contact(plan.client, mode=ContactNote.Mode.PHONE, by=anna, at=met)
    settled = Reminder.objects.filter(settled_at=met).values_list("kind", "how", "settled_by")
    assert sorted(settled) == [
        (kind, "contact", anna.membership_id) for kind in (Kind.FIRST_CONTACT, Kind.MEASURE_CONTACT, Kind.NEXT_CONTACT)
    ]
    clock_strikes(at("2026-07-01T03:15"))
    assert raised(Kind.NEXT_CONTACT) == [date(2026, 6, 15), date(2026, 6, 30)]
    acts.undo_contact(note, by=anna, at=met + timedelta(minutes=1))
    assert Reminder.objects.open().filter(kind=Kind.FIRST_CONTACT).exists()
    with pytest.raises(acts.TakenBack):
        acts.undo_contact(note, by=anna, at=met + timedelta(minutes=2))


def test_a_contact_of_a_colleague_is_not_ones_own_to_take_back(anna: Member, person: Client) -> None:
    bo = Member(MembershipFactory(point=anna.membership.point))
    note = acts.note_contact(person, mode="desk", by=bo, at=START)
    with pytest.raises(acts.NotTheirs):
        acts.undo_contact(note, by=anna, at=START)


def test_a_visit_counts_as_a_contact(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    advisor = house.advisor()
    known = person_on_file(advisor, moment=house.now - timedelta(hours=1))
    plans.open_plan(known, goal="Haluan töihin", by=advisor, at=house.now - timedelta(hours=1))
    visit = house.in_service(advisor).visit
    identity.join_client(visit, known, by=advisor, at=house.now)
    clock_strikes(house.now + timedelta(hours=15))
    promise = Reminder.objects.get(kind=Kind.FIRST_CONTACT)
    assert (promise.how, promise.settled_at) == ("contact", visit.arrived_at)


def test_a_hand_over_begins_a_promise_of_its_own(anna: Member, person: Client) -> None:
    bo = Member(MembershipFactory(point=anna.membership.point))
    offered = responsibilities.offer(person, bo.membership, by=anna, at=START)
    responsibilities.accept(offered, by=bo, at=START + timedelta(days=1))
    clock_strikes(START + timedelta(days=2))
    assert raised(Kind.FIRST_CONTACT) == [date(2026, 6, 9)]


def test_a_review_settles_its_own_reminder_and_no_other(anna: Member, plan: Plan) -> None:
    clock_strikes(at("2026-12-01T03:15"))
    seen = at("2026-12-01T12:00")
    review = acts.note_review(plan, kind=PlanReview.Kind.NEED, by=anna, at=seen)
    assert not Reminder.objects.open().filter(kind=Kind.NEED_REVIEW).exists()
    assert Reminder.objects.open().filter(kind=Kind.PLAN_REVIEW).exists()
    acts.undo_review(review, by=anna, at=seen + timedelta(minutes=1))
    assert Reminder.objects.open().filter(kind=Kind.NEED_REVIEW).exists()


def test_a_measure_ends_with_a_next_step_or_a_reason_and_not_otherwise(anna: Member, plan: Plan) -> None:
    clock_strikes(at("2026-12-20T03:15"))
    measure = plan.steps.get()
    with pytest.raises(plans.NothingNext):
        plans.finish_step(measure, by=anna, at=START)
    with pytest.raises(plans.NothingNext):
        plans.finish_step(measure, next_step=measure, by=anna, at=START)
    follows = plans.add_step(plan, step=plans.Step("Hakea vakituista paikkaa"), by=anna, at=START)
    done = plans.finish_step(measure, next_step=follows, by=anna, at=START)
    assert done.next_step == follows
    assert not Reminder.objects.open().filter(kind=Kind.MEASURE_ENDS).exists()


def test_who_leads_the_point_sees_how_long_and_who_answers_and_nobody_else_does(anna: Member, plan: Plan) -> None:
    leader = Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))
    elsewhere = Member(MembershipFactory(role=Role.MANAGER))
    clock_strikes(at("2026-08-01T03:15"))
    (row,) = Reminder.objects.visible_to(leader)
    assert (row.kind, row.membership, row.client_id, row.plan_id) == (Kind.LONG_LOST, anna.membership, None, None)
    assert plan.client_id not in (row.subject_id, row.pk)
    assert not Reminder.objects.visible_to(elsewhere).exists()
    assert Kind.LONG_LOST not in Reminder.objects.visible_to(anna).values_list("kind", flat=True)


def test_a_point_keeps_terms_of_its_own(anna: Member, plan: Plan) -> None:
    leader = Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))
    acts.set_terms({"dense_days": 7, "first_contact_days": 3}, by=leader, at=START)
    assert PointTerms.objects.get().lost_days == 30
    clock_strikes(at("2026-06-09T03:15"))
    assert raised(Kind.NEXT_CONTACT) == [date(2026, 6, 8)]
    assert raised(Kind.FIRST_CONTACT) == [date(2026, 6, 4)]
    acts.set_terms({"first_contact_days": 10}, by=leader, at=START)
    clock_strikes(at("2026-06-10T03:15"))
    assert raised(Kind.FIRST_CONTACT) == [date(2026, 6, 4)], "a promise keeps its day"


@pytest.mark.django_db(transaction=True, databases=["default", "system"])
def test_three_beats_at_once_raise_everything_once(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-12-24T03:15:00+02:00")

    def strike(_number: int) -> None:
        try:
            keep_clocks()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as beats:
        list(beats.map(strike, range(3)))
    names = Counter(Reminder.objects.values_list("kind", "subject_id", "due_on"))
    assert names
    assert set(names.values()) == {1}
    assert AuditEvent.objects.filter(verb="reminder.raised").count() == 1
