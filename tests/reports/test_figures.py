"""The rules of counting, on plain values and on a day played through the desk's own actions."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from clients.actions import referral as referrals
from reports.actions import count_day
from reports.figures import Happening, Sitting, VisitFacts, count, percentile, waits
from reports.models import AggregatedDay, DailyFigure
from reports.recount import differences
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.feedback import Tablet
from tests.factories.team import MembershipFactory, ProfessionFactory, at
from tyoparkki import clock
from visits.actions import calling, closing, encounters, guidance, identity, situation, undo
from visits.models import Encounter, Invitation, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.factories.visits import House


def course(*told: tuple[str, int]) -> Sequence[Happening]:
    return [Happening(kind, at(11) + timedelta(minutes=minute)) for kind, minute in told]


def minutes(found: list[timedelta]) -> list[float]:
    return [wait.total_seconds() / 60 for wait in found]


def test_a_wait_ends_at_the_call_that_led_to_the_start() -> None:
    told = course(("arrived", 0), ("called", 3), ("put_back", 5), ("called", 9), ("recalled", 11), ("started", 12))
    assert minutes(waits(at(11), told)) == [9]


def test_a_pause_is_no_wait() -> None:
    told = course(("arrived", 0), ("paused", 4), ("returned", 14), ("called", 20), ("started", 21))
    assert minutes(waits(at(11), told)) == [10]


def test_a_wait_after_a_hand_over_is_another_wait() -> None:
    told = course(("called", 5), ("started", 6), ("handed_over", 30), ("called", 37), ("started", 38))
    assert minutes(waits(at(11), told)) == [5, 7]


def test_nobody_called_has_no_wait() -> None:
    assert waits(at(11), course(("arrived", 0), ("called", 3), ("put_back", 4))) == []


@pytest.mark.parametrize(("on", "called"), [(date(2026, 10, 25), "3.10"), (date(2027, 3, 28), "4.10")])
def test_a_wait_through_the_night_of_the_clocks_is_as_long_as_it_was(on: date, called: str) -> None:
    arrived = at(3, 30, on=on) if on.month == 10 else at(2, 30, on=on)
    arrived = arrived.astimezone(UTC)
    told = [Happening("called", arrived + timedelta(minutes=40)), Happening("started", arrived + timedelta(minutes=41))]
    assert clock.local(told[0].at).strftime("%-H.%M") == called
    assert minutes(waits(arrived, told)) == [40]


def facts(**told: Any) -> VisitFacts:
    return VisitFacts(
        **{"state": "done", "party": "client", "arrived_at": at(16, 5), "topic": "cv", "language": "fi"} | told
    )


def test_an_undone_visit_does_not_exist() -> None:
    assert count([facts(state="undone")]) == {}


def test_a_visit_with_three_encounters_counts_once() -> None:
    counts = count([facts(encounters=[Sitting(1, 1)] * 3, professions=frozenset({1, 2}), organisations=frozenset({1}))])
    assert counts["visits", "all"] == counts["multi_professional", "all"] == counts["encounters", "3"] == 1
    assert counts["hour", "16"] == 1


def test_a_visit_ended_at_night_is_outside_the_waits() -> None:
    told = course(("called", 5), ("started", 6))
    counts = count([facts(state="ended", course=told, arrived_at=at(11))])
    assert counts["visits", "all"] == counts["ended_at_night", "all"] == 1
    assert not [part for figure, part in counts if figure in {"wait_minutes", "left_unserved"}]


def joint(*sittings: Sitting) -> dict[str, int]:
    counts = count([facts(encounters=sittings)])
    return {part: n for (figure, part), n in counts.items() if figure == "joint"}


@pytest.mark.parametrize(
    ("sittings", "told"),
    [
        ([], {}),
        ([Sitting(1, 1), Sitting(1, 1)], {}),
        ([Sitting(2, 1)], {"visits": 1, "encounters": 1, "parts": 2}),
        ([Sitting(2, 2)], {"visits": 1, "encounters": 1, "parts": 2, "start": 1}),
        ([Sitting(1, 1), Sitting(3, 2), Sitting(2, 2)], {"visits": 1, "encounters": 2, "parts": 5}),
    ],
)
def test_a_joint_meeting_counts_once_for_the_visitor_and_once_for_each_colleague(
    sittings: list[Sitting], told: dict[str, int]
) -> None:
    assert joint(*sittings) == told


def test_a_topic_told_twice_counts_once() -> None:
    counts = count([facts(further_topics=frozenset({"cv", "raha"}))])
    assert (counts["topic", "cv"], counts["topic_any", "cv"], counts["topic_any", "raha"]) == (1, 1, 1)


def test_percentiles_are_minutes_that_so_many_reached() -> None:
    assert percentile({0: 5, 7: 4, 20: 1}, 0.5) == 0
    assert percentile({0: 5, 7: 4, 20: 1}, 0.9) == 7
    assert percentile({}, 0.5) is None


# --- a day through the actions, counted twice ------------------------------------------------------------------------


def counted(house: House) -> dict[tuple[str, str], int]:
    count_day(house.point.pk, house.day.on, at=at(18), using="default")
    assert differences(using="default") == []
    rows = DailyFigure.objects.filter(point=house.point, on=house.day.on)
    return {(row.figure, row.part): row.n for row in rows.order_by("pk")}


def served(house: House, advisor: Member, arrived: Any, called: Any, **details: Any) -> Visit:
    visit = house.arrive(arrived, **details)
    calling.call_in(visit, by=advisor, at=called)
    encounters.start(visit, by=advisor, at=called + timedelta(minutes=1))
    return visit


@pytest.mark.django_db
def test_a_day_of_the_desk_is_counted_alike_by_both_paths(house: House) -> None:
    career, health = ProfessionFactory(code="ura"), ProfessionFactory(code="terveys")
    anna, bo = house.advisor(professions=[career]), house.advisor(professions=[health], partner=True)
    first = served(house, anna, at(10), at(10, 7))
    invitation = encounters.invite(
        first, bo.membership, mode=Invitation.Mode.TOGETHER, by=anna, at=at(10, 12), client_agreed=True
    )
    encounters.come_along(invitation, by=bo, at=at(10, 13))
    identity.join_client(first, person_on_file(anna), by=anna, at=at(10, 15))
    encounter = Encounter.objects.get(visit=first)
    referral = guidance.refer(encounter, organisation=bo.membership.organisation, by=anna, at=at(10, 20))
    referrals.receive(referral, by=bo, at=at(12))
    encounters.finish(first, result=house.result("ohjattu"), by=anna, at=at(10, 40))
    second = served(house, anna, at(16, 10), at(16, 40))
    for topic in ("cv", "raha"):
        situation.speak_of(second, house.topic(topic), on=True, by=anna, at=at(16, 45))
    heard = house.point.terms.get(kind="source", code="kaveri")
    situation.describe(second, source=heard, money_advice="wanted", by=anna, at=at(16, 46))
    encounters.hand_over(second, by=anna, at=at(16, 50), profession=health)
    calling.call_in(second, by=bo, at=at(16, 58))
    encounters.start(second, by=bo, at=at(17))
    encounters.finish(second, result=house.result(), by=bo, at=at(17, 20))
    calling.leave(house.arrive(at(12)), by=house.desk, at=at(12, 30))
    gone = house.arrive(at(13))
    undo.undo(gone.events.get(), by=house.desk, at=at(13, 1))
    house.arrive(at(17, 50))
    closing.close_day(house.day, by=house.desk, at=at(18))
    closing.end_leftovers(house.day, at=at(23))
    Tablet(point=house.point).answer(at(12), faces={"saitko-apua": 5, "kohtaaminen": 4})
    figures = counted(house)
    assert figures["visits", "all"] == 4
    assert figures["hour", "16"] == figures["hour", "17"] == 1
    assert figures["wait_minutes", "7"] == figures["wait_minutes", "30"] == figures["further_wait_minutes", "8"] == 1
    assert figures["multi_professional", "all"] == 2
    assert figures["joint", "visits"] == figures["joint", "encounters"] == figures["joint", "start"] == 1
    assert figures["joint", "parts"] == 2
    assert figures["left_unserved", "all"] == figures["ended_at_night", "all"] == 1
    assert figures["topic_any", "raha"] == 1
    assert figures["referral", "sent"] == figures["referral", "answered"] == figures["referral", "received"] == 1
    assert figures["identity", "known"] == 1
    assert figures["source", "kaveri"] == figures["money_advice", "wanted"] == 1
    assert figures["face", "saitko-apua:fi:tablet:5"] == figures["response", "fi:tablet"] == 1
    assert ("party", "undone") not in figures


@pytest.mark.django_db
def test_an_undone_start_and_a_pause_are_counted_alike(house: House) -> None:
    anna, bo = house.advisor(), house.advisor(partner=True)
    visit = served(house, anna, at(11), at(11, 5))
    undo.undo(undo.latest(visit), by=anna, at=at(11, 7))  # type: ignore[arg-type]  # there is one
    calling.pause(visit, by=anna, at=at(11, 8))
    calling.bring_back(visit, by=house.desk, at=at(11, 28))
    calling.call_in(visit, by=anna, at=at(11, 31))
    encounters.start(visit, by=anna, at=at(11, 32))
    mistaken = encounters.invite(visit, bo.membership, mode="together", by=anna, at=at(11, 33), client_agreed=True)
    encounters.come_along(mistaken, by=bo, at=at(11, 34))
    undo.undo(undo.latest(visit), by=bo, at=at(11, 35))  # type: ignore[arg-type]  # there is one
    calling.pause(visit, by=anna, at=at(11, 40))
    calling.bring_back(visit, by=house.desk, at=at(12))
    calling.call_in(visit, by=anna, at=at(12, 4))
    encounters.start(visit, by=anna, at=at(12, 5))
    figures = counted(house)
    assert figures["wait_minutes", "11"] == figures["further_wait_minutes", "4"] == 1
    assert figures["encounters", "2"] == 1
    assert ("multi_professional", "all") not in figures
    assert ("joint", "visits") not in figures


@pytest.mark.django_db
def test_days_that_were_counted_before_learn_of_their_joint_meetings(house: House) -> None:
    anna = house.advisor(professions=[ProfessionFactory(code="ura")])
    bo = house.advisor(professions=[ProfessionFactory(code="terveys")])
    for hour in (10, 12):
        visit = served(house, anna, at(hour), at(hour, 7))
        asked = encounters.invite(visit, bo.membership, mode="together", by=anna, at=at(hour, 12), client_agreed=True)
        encounters.come_along(asked, by=bo, at=at(hour, 13))
        encounters.finish(visit, result=house.result(), by=anna, at=at(hour, 40))
    figures = counted(house)
    assert [figures["joint", part] for part in ("visits", "encounters", "parts", "start")] == [2, 2, 4, 2]
    DailyFigure.objects.filter(figure="joint").delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("reports.migrations.0006_joint_and_kept").COUNT)
    assert differences(using="default") == []


@pytest.mark.django_db
def test_counting_again_replaces(house: House) -> None:
    visit = house.arrive()
    assert counted(house)["visits", "all"] == 1
    undo.undo(visit.events.get(), by=house.desk, at=at(11, 1))
    assert counted(house) == {}
    assert AggregatedDay.objects.get(point=house.point).counted_at == at(18)


@pytest.mark.django_db
def test_a_recount_names_each_difference(house: House) -> None:
    house.arrive()
    counted(house)
    DailyFigure.objects.filter(figure="visits").update(n=7)
    DailyFigure.objects.create(point=house.point, on=house.day.on, figure="topic", part="keksitty", n=1)
    found = {(row.figure, row.part): (row.counted, row.kept) for row in differences(using="default")}
    assert found == {("visits", "all"): (1, 7), ("topic", "keksitty"): (0, 1)}


@pytest.mark.django_db
def test_a_manager_of_another_point_changes_nothing_here(house: House) -> None:
    other = MembershipFactory()
    house.arrive()
    count_day(other.point_id, house.day.on, at=at(18), using="default")
    assert not DailyFigure.objects.exists()
