"""The roster: one person and one desk in one place at a time, and who stands in the way is said."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connections

from team import coverage
from team.access import Member
from team.actions import help as helping
from team.actions import shift as shifts
from team.coverage import Hours, Need, Stint
from team.models import HelpCall, ServiceDay, Shift
from tests.factories.team import WEDNESDAY, MembershipFactory, PointFactory, ServiceDayFactory, at
from tyoparkki.models import AuditEvent

NOW = at(9)


@pytest.fixture
def day(db: None) -> ServiceDay:
    """The test Wednesday, not opened yet."""
    return ServiceDayFactory(planned=True)


@pytest.fixture
def manager(day: ServiceDay) -> Member:
    """Who plans."""
    return Member(MembershipFactory(point=day.point, manager=True))


def plan(day: ServiceDay, by: Member, starts: int = 10, ends: int = 18, **details: object) -> Shift:
    """Somebody new on shift."""
    membership = details.pop("membership", None) or MembershipFactory(point=day.point)
    return shifts.add_shift(
        day,
        membership,  # type: ignore[arg-type]  # a membership
        by=by,
        at=NOW,
        starts_at=at(starts, on=day.on),
        ends_at=at(ends, on=day.on),
        **details,  # type: ignore[arg-type]  # as the test wishes
    )


def test_a_person_is_on_shift_once_a_day(day: ServiceDay, manager: Member) -> None:
    first = plan(day, manager, 10, 12)
    with pytest.raises(shifts.AlreadyOnShift) as refusal:
        plan(day, manager, 14, 16, membership=first.membership)
    assert first.membership.user.name in str(refusal.value)
    assert "10.00" in str(refusal.value)


def test_a_person_of_two_organisations_is_in_one_place_at_a_time(day: ServiceDay, manager: Member) -> None:
    first = plan(day, manager, 10, 14)
    other = MembershipFactory(user=first.membership.user, point=day.point, partner=True)
    with pytest.raises(shifts.AlreadyOnShift):
        plan(day, manager, 12, 16, membership=other)
    assert plan(day, manager, 14, 18, membership=other).pk


def test_a_desk_holds_one_colleague_at_a_time(day: ServiceDay, manager: Member) -> None:
    desk = day.point.desks.get(number=3)
    first = plan(day, manager, 10, 14, desk=desk)
    with pytest.raises(shifts.DeskTaken) as refusal:
        plan(day, manager, 13, 18, desk=desk)
    assert first.membership.user.name in str(refusal.value)
    assert plan(day, manager, 14, 18, desk=desk).desk == desk


def test_one_leads(day: ServiceDay, manager: Member) -> None:
    plan(day, manager, is_lead=True)
    with pytest.raises(shifts.LeadTaken):
        plan(day, manager, is_lead=True)


@pytest.mark.parametrize(("starts", "ends"), [(18, 10), (10, 10)])
def test_hours_make_sense(day: ServiceDay, manager: Member, starts: int, ends: int) -> None:
    with pytest.raises(shifts.WrongHours):
        plan(day, manager, starts, ends)


def test_a_shift_keeps_to_its_day(day: ServiceDay, manager: Member) -> None:
    with pytest.raises(shifts.WrongHours):
        shifts.add_shift(
            day,
            MembershipFactory(point=day.point),
            by=manager,
            at=NOW,
            starts_at=at(20),
            ends_at=at(2, on=day.on + timedelta(days=1)),
        )


def test_planning_makes_the_day_and_closed_doors_are_said(day: ServiceDay, manager: Member) -> None:
    membership, point = MembershipFactory(point=day.point), day.point
    when = {"by": manager, "at": NOW, "starts": time(10), "ends": time(18)}
    made = shifts.plan_shift(point, date(2026, 11, 25), membership, **when)
    assert made.day.on == date(2026, 11, 25)
    with pytest.raises(shifts.Closed):
        shifts.plan_shift(point, date(2026, 11, 26), membership, **when)


def test_a_change_and_a_cancelling_leave_their_trace_and_can_be_undone(day: ServiceDay, manager: Member) -> None:
    shift = plan(day, manager)
    changed = shifts.change_shift(shift, by=manager, at=NOW, starts_at=at(12), ends_at=at(16))
    assert changed.starts_at == at(12)
    shifts.cancel_shift(shift, by=manager, at=NOW)
    with pytest.raises(shifts.ShiftCancelled):
        shifts.change_shift(shift, by=manager, at=NOW, starts_at=at(12), ends_at=at(16))
    assert shifts.restore_shift(shift, by=manager, at=NOW).cancelled_at is None
    verbs = AuditEvent.objects.filter(object_kind="team.shift").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["shift.added", "shift.changed", "shift.cancelled", "shift.restored"]


def test_a_cancelled_place_may_be_taken_and_is_not_taken_back(day: ServiceDay, manager: Member) -> None:
    desk = day.point.desks.get(number=1)
    shift = plan(day, manager, desk=desk)
    shifts.cancel_shift(shift, by=manager, at=NOW)
    plan(day, manager, desk=desk)
    with pytest.raises(shifts.DeskTaken):
        shifts.restore_shift(shift, by=manager, at=NOW)


def test_a_running_shift_is_ended_not_cancelled(manager: Member) -> None:
    day = ServiceDayFactory(point=manager.membership.point, on=WEDNESDAY + timedelta(days=7))
    shift = plan(day, manager)
    with pytest.raises(shifts.StillOnShift):
        shifts.cancel_shift(shift, by=manager, at=at(12, on=day.on))
    shifts.start_break(shift, by=manager, at=at(12, on=day.on))
    ended = shifts.end_early(shift, by=manager, at=at(13, on=day.on))
    assert ended.ends_at == at(13, on=day.on)
    assert not shift.breaks.filter(ended_at__isnull=True).exists()
    with pytest.raises(shifts.NotOver):
        shifts.end_early(shift, by=manager, at=at(14, on=day.on))


def test_a_break_starts_once_and_ends_once(day: ServiceDay, manager: Member) -> None:
    shift = plan(day, manager)
    pause = shifts.start_break(shift, by=manager, at=at(11), until=at(11, 15))
    assert pause.until == at(11, 15)
    with pytest.raises(shifts.AlreadyOnBreak):
        shifts.start_break(shift, by=manager, at=at(11))
    shifts.end_break(shift, by=manager, at=at(11, 10))
    with pytest.raises(shifts.NotOnBreak):
        shifts.end_break(shift, by=manager, at=at(11, 11))


def test_help_is_called_once_until_somebody_comes(day: ServiceDay, manager: Member) -> None:
    call = helping.call_help(by=manager, at=NOW)
    assert helping.call_help(by=manager, at=NOW) == call
    assert list(HelpCall.objects.open_at(day.point_id)) == [call]
    helping.end_help(call, by=manager, at=NOW)
    with pytest.raises(helping.AlreadyEnded):
        helping.end_help(call, by=manager, at=NOW)
    assert helping.call_help(by=manager, at=NOW) != call


@pytest.mark.django_db(transaction=True)
def test_two_planners_adding_the_same_shift_make_one() -> None:
    point = PointFactory()
    planners = [Member(MembershipFactory(point=point, manager=True)) for _ in range(2)]
    memberships = [MembershipFactory(point=point) for _ in range(10)]
    barrier = threading.Barrier(2, timeout=20)

    def planner(who: Member) -> list[bool]:
        done = []
        try:
            for membership in memberships:
                barrier.wait()
                try:
                    shifts.plan_shift(point, WEDNESDAY, membership, by=who, at=NOW, starts=time(10), ends=time(18))
                    done.append(True)
                except shifts.AlreadyOnShift:
                    done.append(False)
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(planner, planners)
    assert all(mine != theirs for mine, theirs in zip(one, other, strict=True))
    assert Shift.objects.count() == 10
    assert ServiceDay.objects.count() == 1


HOURS = Hours(WEDNESDAY, time(10), time(18))


def stint(starts: int, ends: int, *, trades: tuple[int, ...] = (), languages: tuple[str, ...] = ("fi",)) -> Stint:
    """Somebody at work."""
    return Stint(at(starts), at(ends), frozenset(trades), frozenset(languages))


def test_a_block_has_the_cover_of_its_thinnest_hour() -> None:
    cv = Need("CV", professions=frozenset({1}))
    day = [stint(10, 18, trades=(1,)), stint(11, 15, trades=(1, 2)), stint(10, 18, trades=(3,))]
    assert [block.cover for block in coverage.blocks(cv, HOURS, day)] == [1, 2, 1, 1]
    assert [block.starts.hour for block in coverage.blocks(cv, HOURS, day)] == [10, 12, 14, 16]


def test_the_last_block_may_be_shorter() -> None:
    short = Hours(WEDNESDAY, time(10), time(13))
    need = Need("Arabia", language="ar")
    assert [block.ends.hour for block in coverage.blocks(need, short, [stint(10, 13, languages=("ar",))])] == [12, 13]


def test_gaps_that_touch_are_one_and_a_whole_day_is_said_so() -> None:
    cv, arabic = Need("CV", professions=frozenset({1})), Need("Arabia", language="ar")
    found = coverage.gaps([cv, arabic], HOURS, [stint(10, 16, trades=(1,))])
    assert [(gap.label, gap.starts.hour, gap.ends.hour, gap.is_whole_day) for gap in found] == [
        ("CV", 16, 18, False),
        ("Arabia", 10, 18, True),
    ]


def test_a_day_without_shifts_is_one_gap() -> None:
    assert [gap.label for gap in coverage.gaps([Need("CV"), Need("x")], HOURS, [])] == [""]


def test_hours_are_stepped_by_the_clock_on_the_wall() -> None:
    assert len(HOURS.steps(coverage.HOUR)) == 8
    assert HOURS.steps(coverage.HOUR)[0] == (at(10), datetime.combine(WEDNESDAY, time(11), tzinfo=at(10).tzinfo))


def test_a_long_day_has_six_blocks() -> None:
    long_day = Hours(WEDNESDAY, time(0), time(23, 59))
    assert len(coverage.blocks(Need("x"), long_day, [])) == 6


def test_what_is_missing_every_day_is_said_once() -> None:
    week = [
        coverage.Gap(WEDNESDAY + timedelta(days=7 * n), time(10), time(18), "Arabia", is_whole_day=True)
        for n in range(3)
    ]
    assert [lack.is_every_day for lack in coverage.lacks(week, 3)] == [True]
    assert [lack.is_every_day for lack in coverage.lacks(week[:2], 3)] == [False, False]
    alone = coverage.lacks([coverage.Gap(WEDNESDAY, time(10), time(18), is_whole_day=True)], 1)
    assert [(lack.label, lack.is_every_day) for lack in alone] == [("", False)]
