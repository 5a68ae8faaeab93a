"""Service days come from the week, the exceptions and the public holidays."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.test import Client

from team.access import Member
from team.actions import day as days
from team.actions import opening as hours
from team.actions import shift as shifts
from team.models import OpeningException, OpeningRule, ServiceDay, ServicePoint, Topic
from team.opening import holiday, plan_of, preview
from tests.factories.team import WEDNESDAY, MembershipFactory, PointFactory, ServiceDayFactory, ShiftFactory, at
from tyoparkki import clock
from tyoparkki.celery import app
from tyoparkki.models import AuditEvent
from visits.actions import arrival

State = ServiceDay.State
NOW = at(9)


def rule(weekday: int = 3, **changes: object) -> OpeningRule:
    """Wednesdays 10–18, not stored."""
    return OpeningRule(
        **{
            "weekday": weekday,
            "opens_at": time(10),
            "closes_at": time(18),
            "valid_from": date(2024, 1, 1),
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("on", "is_open"),
    [
        (date(2026, 11, 18), True),
        (date(2026, 11, 19), False),
        (date(2025, 12, 24), True),  # a Wednesday, Christmas Eve: an eve follows the week
        (date(2024, 12, 25), False),  # a Wednesday, Christmas Day
        (date(2025, 1, 1), False),  # a Wednesday, New Year's Day
        (date(2024, 5, 1), False),  # a Wednesday, May Day
    ],
)
def test_a_public_holiday_closes_and_an_eve_does_not(on: date, is_open: bool) -> None:
    plan = plan_of(on, [rule()], [])
    assert plan.is_open is is_open


def test_midsummer_eve_follows_the_week() -> None:
    assert plan_of(date(2026, 6, 19), [rule(5)], []).is_open
    assert (holiday(date(2026, 6, 19)) or {})["sv"] == "Midsommarafton"


def test_an_exception_opens_a_holiday_and_closes_a_weekday() -> None:
    first_of_may = date(2024, 5, 1)
    opened = OpeningException(on=first_of_may, opens_at=time(12), closes_at=time(14))
    assert plan_of(first_of_may, [rule()], [opened]).opens_at == time(12)
    closed = OpeningException(on=WEDNESDAY, is_closed=True, reasons={"fi": "Koulutus"})
    plan = plan_of(WEDNESDAY, [rule()], [closed])
    assert (plan.is_open, plan.reason) == (False, "Koulutus")


def test_a_rule_holds_from_a_day_to_a_day_and_the_widest_hours_win() -> None:
    old = rule(valid_until=date(2026, 11, 17))
    assert not plan_of(WEDNESDAY, [old], []).is_open
    evening = rule(opens_at=time(16), closes_at=time(20))
    plan = plan_of(WEDNESDAY, [rule(), evening], [])
    assert (plan.opens_at, plan.closes_at) == (time(10), time(20))


def test_the_preview_shows_open_days_and_holidays_on_the_days_of_the_week() -> None:
    shown = preview(date(2024, 4, 24), [rule()], [], weeks=1)
    assert [(plan.on, plan.is_open) for plan in shown] == [(date(2024, 4, 24), True), (date(2024, 5, 1), False)]


@pytest.fixture
def point(db: None) -> ServicePoint:
    """A point that is open on Wednesdays 10–18."""
    return PointFactory()


@pytest.fixture
def manager(point: ServicePoint) -> Member:
    """The point's manager."""
    return Member(MembershipFactory(point=point, manager=True))


def test_a_day_is_made_once(point: ServicePoint) -> None:
    first = days.service_day_for(point, WEDNESDAY, at=NOW)
    assert first is not None
    assert days.service_day_for(point, WEDNESDAY, at=NOW) == first
    assert days.service_day_for(point, WEDNESDAY + timedelta(days=1), at=NOW) is None
    assert AuditEvent.objects.filter(verb="day.planned").count() == 1


def test_days_are_planned_ahead_past_the_holidays(point: ServicePoint) -> None:
    planned = days.plan_days(point, date(2026, 12, 31), since=WEDNESDAY, at=NOW)
    assert [day.on.day for day in planned] == [18, 25, 2, 9, 16, 23, 30]
    assert days.plan_days(point, date(2026, 12, 31), since=WEDNESDAY, at=NOW) == planned


def test_each_day_the_clock_plans_half_a_year_ahead_once(point: ServicePoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    task = settings.CELERY_BEAT_SCHEDULE["plan"]["task"]
    app.loader.import_default_modules()
    for _beat in range(2):
        assert app.tasks[task].apply().successful()
    made = ServiceDay.objects.filter(point=point)
    assert made.filter(on=WEDNESDAY).count() == 1
    assert made.count() > 20
    assert AuditEvent.objects.filter(verb="day.planned").count() == made.count()
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(days=7)).isoformat())
    assert app.tasks[task].apply().successful()
    assert AuditEvent.objects.filter(verb="day.planned").count() == made.count() > 21


def test_new_hours_move_a_planned_day_and_leave_an_open_one(point: ServicePoint, manager: Member) -> None:
    planned = days.service_day_for(point, WEDNESDAY + timedelta(days=7), at=NOW)
    opened = ServiceDayFactory(point=point)
    assert planned is not None
    hours.set_exception(point, planned.on, by=manager, at=NOW, opens_at=time(12), closes_at=time(16))
    planned.refresh_from_db()
    assert (planned.opens_at, planned.closes_at) == (time(12), time(16))
    with pytest.raises(hours.DayHasRun):
        hours.set_exception(point, opened.on, by=manager, at=NOW)


def test_a_day_with_shifts_is_not_closed_over_their_heads(point: ServicePoint, manager: Member) -> None:
    day = ServiceDayFactory(point=point, planned=True)
    ShiftFactory(day=day, membership__user__name="Jukka Koe")
    with pytest.raises(hours.ShiftsPlanned) as refusal:
        hours.set_exception(point, day.on, by=manager, at=NOW)
    assert "Jukka Koe" in str(refusal.value)


def test_a_day_is_closed_together_with_its_shifts_and_no_others(point: ServicePoint, manager: Member) -> None:
    day, later = (
        ServiceDayFactory(point=point, on=on, planned=True) for on in (WEDNESDAY, WEDNESDAY + timedelta(weeks=1))
    )
    coming, other = ShiftFactory(day=day), ShiftFactory(day=later)
    hours.set_exception(point, day.on, by=manager, at=NOW, cancels_shifts=True)
    for row in (day, coming, other):
        row.refresh_from_db()
    assert day.state == State.CALLED_OFF
    assert (coming.cancelled_at, coming.cancelled_by) == (NOW, manager.membership)
    assert other.cancelled_at is None
    assert AuditEvent.objects.filter(verb="shift.cancelled").count() == 1


def test_hours_of_a_day_that_stays_open_cancel_nobody(point: ServicePoint, manager: Member) -> None:
    shift = ShiftFactory(day=ServiceDayFactory(point=point, planned=True))
    times = {"opens_at": time(10), "closes_at": time(18)}
    hours.set_exception(point, shift.day.on, by=manager, at=NOW, cancels_shifts=True, **times)
    shift.refresh_from_db()
    assert shift.cancelled_at is None


def test_a_planned_day_that_closes_is_called_off_and_comes_back_with_the_hours(
    point: ServicePoint, manager: Member
) -> None:
    planned = days.service_day_for(point, WEDNESDAY, at=NOW)
    assert planned is not None
    shift = ShiftFactory(day=planned)
    shifts.cancel_shift(shift, by=manager, at=NOW)
    exception = hours.set_exception(point, WEDNESDAY, by=manager, at=NOW)
    planned.refresh_from_db()
    assert planned.state == State.CALLED_OFF
    assert not ServiceDay.objects.at(point.pk).on(WEDNESDAY).exists()
    assert days.service_day_for(point, WEDNESDAY, at=NOW) is None
    with pytest.raises(days.DayCannotMove):
        days.open_day(planned, by=manager, at=NOW)
    with pytest.raises(shifts.Closed):
        shifts.restore_shift(shift, by=manager, at=NOW)
    hours.remove_exception(exception, by=manager, at=NOW)
    assert days.service_day_for(point, WEDNESDAY, at=NOW) == planned
    assert shifts.restore_shift(shift, by=manager, at=NOW).cancelled_at is None
    verbs = AuditEvent.objects.filter(object_kind="team.serviceday", object_id=str(planned.pk)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["day.planned", "day.called_off", "day.replanned"]


def test_a_day_to_which_somebody_was_let_in_before_the_hour_is_held_whatever_the_hours_say_then(
    point: ServicePoint, manager: Member
) -> None:
    desk = Member(MembershipFactory(point=point, front_desk=True))
    topic = Topic.objects.filter(point=point).earliest("position")
    visit = arrival.arrive(point=point, topic=topic, by=desk, at=at(9, 30), outside_hours=True)
    hours.set_exception(point, WEDNESDAY, by=manager, at=at(9, 40))
    assert days.service_day_for(point, WEDNESDAY, at=at(9, 45)) == visit.day
    assert ServiceDay.objects.at(point.pk).on(WEDNESDAY).get().state == State.PLANNED


def test_the_desk_does_not_promise_a_day_that_was_called_off(
    point: ServicePoint, manager: Member, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    days.service_day_for(point, WEDNESDAY, at=NOW)
    browser = client_for(manager)
    assert "Avaamme klo 10" in browser.get("/tanaan/").content.decode()
    hours.set_exception(point, WEDNESDAY, by=manager, at=NOW)
    page = browser.get("/tanaan/").content.decode()
    assert "Tänään ei ole palvelupäivää" in page
    assert "Avaamme klo" not in page


def test_an_extra_day_gives_back_a_day_that_was_called_off(point: ServicePoint, manager: Member) -> None:
    planned = days.service_day_for(point, WEDNESDAY, at=NOW)
    hours.set_exception(point, WEDNESDAY, by=manager, at=NOW)
    day = days.extra_day(point, WEDNESDAY, by=manager, at=NOW)
    assert (day, day.state) == (planned, State.PLANNED)
    assert days.open_day(day, by=manager, at=NOW).state == State.OPEN


def test_hours_do_not_end_over_anybodys_shift(point: ServicePoint, manager: Member) -> None:
    on = WEDNESDAY + timedelta(days=7 * 40)  # further than the days are planned ahead
    shift = ShiftFactory(day=ServiceDayFactory(point=point, planned=True, on=on), membership__user__name="Jukka Koe")
    rule = point.opening_rules.get()
    with pytest.raises(hours.ShiftsPlanned, match=r"Jukka Koe"):
        hours.end_rule(rule, by=manager, at=NOW, last_on=WEDNESDAY)
    rule.refresh_from_db()
    assert rule.valid_until is None
    assert ServiceDay.objects.get(pk=shift.day_id).state == State.PLANNED
    hours.end_rule(rule, by=manager, at=NOW, last_on=on)
    friday = WEDNESDAY + timedelta(days=2)
    exception = hours.set_exception(point, friday, by=manager, at=NOW, opens_at=time(10), closes_at=time(12))
    ShiftFactory(day=ServiceDay.objects.at(point.pk).on(friday).get(), membership__user__name="Leena Koe")
    with pytest.raises(hours.ShiftsPlanned, match=r"20\.11\. Leena Koe"):
        hours.remove_exception(exception, by=manager, at=NOW)
    assert OpeningException.objects.filter(point=point, on=friday).exists()


@pytest.mark.parametrize(("on", "offsets"), [(date(2026, 10, 25), (3, 2)), (date(2027, 3, 28), (2, 3))])
def test_the_doors_keep_the_wall_clock_when_the_clocks_change(
    point: ServicePoint, manager: Member, on: date, offsets: tuple[int, int]
) -> None:
    hours.set_exception(point, on, by=manager, at=NOW - timedelta(days=60), opens_at=time(1), closes_at=time(12))
    day = days.service_day_for(point, on, at=NOW)
    assert day is not None
    assert [moment.utcoffset() for moment in (day.starts, day.ends)] == [timedelta(hours=hour) for hour in offsets]
    starts, ends = (moment.astimezone(UTC) for moment in (day.starts, day.ends))
    assert ends - starts == timedelta(hours=11 + offsets[0] - offsets[1])
    assert [clock.local(moment).hour for moment in (starts, ends)] == [1, 12]


def test_a_day_opens_pauses_resumes_and_closes(point: ServicePoint, manager: Member) -> None:
    day = days.service_day_for(point, WEDNESDAY, at=NOW)
    assert day is not None
    opened = days.open_day(day, by=manager, at=NOW)
    assert (opened.state, opened.opened_at, opened.opened_by) == (State.OPEN, NOW, manager.membership)
    assert days.pause_day(day, by=manager, at=NOW).state == State.PAUSED
    assert days.resume_day(day, by=manager, at=NOW).state == State.OPEN
    closed = days.mark_closed(day, by=manager, at=at(18))
    assert (closed.state, closed.closed_at) == (State.CLOSED, at(18))
    again = days.open_day(day, by=manager, at=at(18, 5))
    assert (again.opened_at, again.closed_at) == (NOW, None)
    verbs = AuditEvent.objects.filter(object_kind="team.serviceday").order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[1:] == ["day.opened", "day.paused", "day.resumed", "day.closed", "day.opened"]


def test_a_move_that_somebody_made_already_is_refused(point: ServicePoint, manager: Member) -> None:
    day = ServiceDayFactory(point=point)
    with pytest.raises(days.DayCannotMove):
        days.open_day(day, by=manager, at=NOW)
    with pytest.raises(days.DayCannotMove):
        days.resume_day(day, by=manager, at=NOW)
    days.pause_day(day, by=manager, at=NOW)
    with pytest.raises(days.DayCannotMove):
        days.open_day(day, by=manager, at=NOW)


def test_only_today_is_opened(point: ServicePoint, manager: Member) -> None:
    day = ServiceDayFactory(point=point, planned=True, on=WEDNESDAY + timedelta(days=7))
    with pytest.raises(days.NotToday):
        days.open_day(day, by=manager, at=NOW)


@pytest.mark.parametrize("moment", [at(12), at(23, 59), at(0, 1)])
def test_an_extra_day_runs_from_the_moment(point: ServicePoint, manager: Member, moment: datetime) -> None:
    thursday = WEDNESDAY + timedelta(days=1)
    day = days.extra_day(point, thursday, by=manager, at=moment + timedelta(days=1))
    assert day.on == thursday
    assert day.state == State.PLANNED
    assert day.closes_at > day.opens_at


def test_rules_are_added_and_ended(point: ServicePoint, manager: Member) -> None:
    friday = hours.add_rule(
        point, by=manager, at=NOW, weekday=5, opens_at=time(9), closes_at=time(12), valid_from=WEDNESDAY
    )
    assert ServiceDay.objects.at(point.pk).on(date(2026, 11, 20)).exists()
    hours.end_rule(friday, by=manager, at=NOW, last_on=date(2026, 11, 20))
    with pytest.raises(hours.RuleEnded):
        hours.end_rule(friday, by=manager, at=NOW, last_on=date(2026, 11, 20))
    assert days.service_day_for(point, date(2026, 11, 27), at=NOW) is None


def test_a_removed_exception_gives_the_week_back(point: ServicePoint, manager: Member) -> None:
    on = WEDNESDAY + timedelta(days=7)
    exception = hours.set_exception(point, on, by=manager, at=NOW, reasons={"fi": "Koulutus", "sv": ""})
    assert exception.reasons == {"fi": "Koulutus"}
    assert days.service_day_for(point, on, at=NOW) is None
    hours.remove_exception(exception, by=manager, at=NOW)
    assert days.service_day_for(point, on, at=NOW) is not None
