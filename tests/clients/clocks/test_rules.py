"""What is due when: the rules over plain values, on days when calendars lie."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clients.clocks import Case, Measure, Promise, Terms, due, is_kept, is_over_time, months_after, next_contact_on
from tyoparkki.clock import HELSINKI

TERMS = Terms()


def moment(text: str) -> datetime:
    """A moment of Helsinki."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def case(since: str = "2026-10-01T12:00", **told: Any) -> Case:
    """Somebody with one who answers."""
    known: dict[str, Any] = {"client_id": uuid4(), "point_id": uuid4(), "membership_id": uuid4()}
    return Case(**(known | {"since_at": moment(since)} | told))


def days(kind: str, one: Case, today: date = date(2030, 1, 1)) -> list[date]:
    """On which days the rule of a kind asks for something."""
    return [each.due_on for each in due(one, TERMS, today=today) if each.kind == kind]


@pytest.mark.parametrize(
    ("day", "months", "told"),
    [("2026-11-30", 3, "2027-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2026-08-31", 6, "2027-02-28"),
     ("2026-12-31", 6, "2027-06-30"), ("2026-01-15", 12, "2027-01-15")],
)  # fmt: skip
def test_months_end_where_the_shorter_month_does(day: str, months: int, told: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(told)


@pytest.mark.parametrize(
    ("since", "told", "why"),
    [
        ("2026-11-18T12:00", "2026-11-25", "an ordinary week"),
        ("2026-12-21T12:00", "2026-12-30", "Christmas Eve, Christmas Day and St Stephen's Day are none"),
        ("2026-12-30T12:00", "2027-01-08", "New Year's Day and Epiphany are none"),
        ("2026-06-15T12:00", "2026-06-23", "Midsummer Eve is none"),
        ("2026-10-23T23:30", "2026-10-30", "over the night with 25 hours"),
        ("2027-03-26T00:30", "2027-04-05", "Good Friday, Easter Monday and the night with 23 hours"),
    ],
)
def test_the_promise_of_guidance_is_five_working_days(since: str, told: str, why: str) -> None:
    promise = Promise(uuid4(), moment(since))
    assert days("first_contact", case(since, promises=(promise,))) == [date.fromisoformat(told)], why


def test_the_evening_in_helsinki_is_another_day_than_in_greenwich() -> None:
    assert next_contact_on(case("2026-11-18T00:30", intensity="dense"), TERMS) == date(2026, 12, 2)


@pytest.mark.parametrize(("intensity", "after"), [("dense", 14), ("sparse", 42), ("occasional", 91), ("", 42)])
def test_the_rhythm_of_contacts_is_the_plans(intensity: str, after: int) -> None:
    one = case("2026-10-20T12:00", intensity=intensity)
    assert days("next_contact", one) == [date(2026, 10, 20) + timedelta(days=after)]
    assert days("next_contact", one, today=date(2026, 10, 20) + timedelta(days=after - 1)) == []


def test_silence_is_counted_from_the_last_contact_and_never_before_the_agreed_interval() -> None:
    dense = case("2026-09-01T12:00", intensity="dense", contact_at=moment("2026-10-24T12:00"))
    assert days("lost", dense) == [date(2026, 11, 23)]
    assert days("long_lost", dense) == [date(2026, 12, 23)]
    seldom = case("2026-09-01T12:00", intensity="occasional")
    assert days("lost", seldom) == [date(2026, 12, 1)]


def test_who_leads_the_point_hears_of_nobody_by_key() -> None:
    one = case("2026-09-01T12:00", intensity="dense")
    told = next(each for each in due(one, TERMS, today=date(2027, 1, 1)) if each.kind == "long_lost")
    assert told.audience == "manager"
    assert one.client_id not in {told.subject_id, *told.keys.values()}


def test_reviews_are_told_two_weeks_ahead_and_keep_their_day() -> None:
    plan = uuid4()
    one = case(plan_id=plan, plan_seen_at=moment("2026-08-31T12:00"), need_seen_at=moment("2026-08-31T12:00"))
    assert days("plan_review", one, today=date(2026, 11, 15)) == []
    assert days("plan_review", one, today=date(2026, 11, 16)) == [date(2026, 11, 30)]
    assert days("need_review", one) == [date(2027, 2, 28)]
    assert not is_over_time(moment("2026-08-31T12:00"), TERMS, today=date(2027, 2, 28))
    assert is_over_time(moment("2026-08-31T12:00"), TERMS, today=date(2027, 3, 1))


@pytest.mark.parametrize(
    ("added", "told"),
    [("2026-11-01", [30, 14, 0]), ("2026-12-01", [30, 14, 0]), ("2026-12-05", [30, 14, 0]), ("2026-12-20", [14, 0])],
)
def test_a_measure_rings_three_times_and_once_for_what_was_past_already(added: str, told: list[int]) -> None:
    ends = date(2026, 12, 31)
    one = case(plan_id=uuid4(), measures=(Measure(uuid4(), date.fromisoformat(added), ends),))
    assert days("measure_ends", one) == [ends - timedelta(days=before) for before in told]


def test_a_promise_is_kept_on_its_last_day_and_broken_on_the_next() -> None:
    on = date(2026, 11, 25)
    assert is_kept(on, on, today=date(2026, 12, 1)) is True
    assert is_kept(on, on + timedelta(days=1), today=date(2026, 12, 1)) is False
    assert is_kept(on, None, today=on) is None
    assert is_kept(on, None, today=on + timedelta(days=1)) is False


def test_the_same_thing_has_the_same_name_on_every_day() -> None:
    one = case(plan_id=uuid4(), plan_seen_at=moment("2026-08-31T12:00"), intensity="dense")
    earlier = due(one, TERMS, today=date(2026, 12, 24))
    later = due(one, TERMS, today=date(2027, 3, 29))
    assert {each.name for each in earlier} <= {each.name for each in later}


def test_a_measure_that_has_begun_is_asked_after_in_its_first_and_fourth_week() -> None:
    begun = date(2026, 10, 24)  # the week goes over the night with 25 hours
    measure = Measure(uuid4(), begun, date(2026, 12, 31))
    one = case("2026-10-01T12:00", plan_id=uuid4(), measures=(measure,))
    assert days("measure_contact", one) == [date(2026, 10, 31), date(2026, 11, 21)]
    asked = case("2026-10-01T12:00", plan_id=uuid4(), measures=(measure,), contact_at=moment("2026-10-29T23:30"))
    assert days("measure_contact", asked) == [date(2026, 11, 21)]
    short = Measure(uuid4(), begun, date(2026, 11, 1))
    assert days("measure_contact", case("2026-10-01T12:00", measures=(short,))) == [date(2026, 10, 31)]
