"""What came of it, and the follow-ups: exact days, only while the person agrees to be contacted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from clients.actions import consent as consents
from clients.actions import instrument as instruments
from clients.actions import outcome as acts
from clients.actions import plan_end
from clients.actions.consent import Given
from clients.models import Client, Consent, FollowUp, Outcome, OutcomeType
from clients.models.consent import Purpose
from clients.months import months_after
from team.access import Member
from team.models import Role
from tests.clients.change.conftest import NOW
from tests.factories.clients import plan_of
from tests.factories.team import MembershipFactory, OrganisationFactory, PointFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki import clock

TODAY = clock.local_date(NOW)


@pytest.fixture
def work(db: None) -> OutcomeType:
    """Got work."""
    instruments.load_outcome_types(at=at(9))
    return OutcomeType.objects.get(code="tyo")


@pytest.fixture
def reachable(anna: Member, person: Client) -> Consent:
    """The person agrees to be contacted."""
    return consents.give_consent(person, by=anna, at=NOW, purpose=Purpose.CONTACT, given=Given())


def got(person: Client, kind: OutcomeType, by: Member, **told: Any) -> Outcome:
    return acts.record_outcome(person, kind, **{"since_on": TODAY, "known": "told", "by": by, "at": NOW, **told})


def days() -> list[tuple[int, date]]:
    rows = FollowUp.objects.waiting().order_by("due_on")
    return [(row.months, row.due_on) for row in rows]


# --- the days ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 10, 1), 1, date(2026, 11, 1)),  # the clocks change between
        (date(2026, 3, 28), 1, date(2026, 4, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, due: date) -> None:
    assert months_after(day, months) == due


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_later_never_leaves_its_month_nor_passes_the_day(day: date, months: int) -> None:
    due = months_after(day, months)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


def test_it_is_asked_after_one_three_six_and_twelve_months(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    got(person, work, anna, since_on=date(2026, 10, 31))
    assert days() == [
        (1, date(2026, 11, 30)),
        (3, date(2027, 1, 31)),
        (6, date(2027, 4, 30)),
        (12, date(2027, 10, 31)),
    ]


def test_days_that_are_past_already_and_those_after_the_consents_end_are_not_asked(
    anna: Member, person: Client, work: OutcomeType
) -> None:
    until = Given(expires_on=TODAY + timedelta(days=120))
    consents.give_consent(person, by=anna, at=NOW, purpose=Purpose.CONTACT, given=until)
    got(person, work, anna, since_on=TODAY - timedelta(days=60))
    assert [months for months, _due in days()] == [3]


def test_late_in_the_evening_the_day_is_that_of_helsinki(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    row = got(person, work, anna, at=at(23, 30))
    assert row.since_on == TODAY
    assert days()[0] == (1, date(2026, 12, 18))


def test_who_does_not_agree_to_be_contacted_is_not_asked(anna: Member, person: Client, work: OutcomeType) -> None:
    got(person, work, anna)
    assert days() == []


def test_after_a_closed_plan_the_same_days_are_asked(anna: Member, person: Client, reachable: Consent) -> None:
    plan = plan_of(person, anna)
    acts.plan_follow_ups(person, plan=plan, since_on=TODAY, by=anna, at=NOW)
    assert [months for months, _due in days()] == [1, 3, 6, 12]


@pytest.mark.parametrize("purpose", [Purpose.CONTACT, Purpose.RECORD])
@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FRONT_DESK])
def test_when_the_consent_is_withdrawn_open_follow_ups_end_at_once_whoever_withdraws_it(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent, purpose: str, role: str
) -> None:
    got(person, work, anna)
    point, organisation = anna.membership.point, anna.membership.organisation
    hand = Member(MembershipFactory(point=point, organisation=organisation, role=role))
    consents.withdraw_consent(person.consents.get(purpose=purpose), by=hand, at=NOW)
    ended = set(FollowUp.objects.values_list("end_reason", "ended_at"))
    assert ended == {("no_consent", NOW)}


@pytest.mark.parametrize("purpose", [Purpose.CONTACT, Purpose.RECORD])
def test_when_the_withdrawal_is_undone_they_wait_as_before(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent, purpose: str
) -> None:
    outcome = got(person, work, anna)
    before = days()
    first = outcome.follow_ups.earliest("due_on")
    acts.answer_follow_up(first, "same", by=anna, at=NOW)
    withdrawn = person.consents.get(purpose=purpose)
    consents.withdraw_consent(withdrawn, by=anna, at=NOW + timedelta(minutes=1))
    assert not days()
    consents.give_again(withdrawn, by=anna, at=NOW + timedelta(minutes=2))
    assert days() == before[1:]


def test_a_consent_that_has_run_out_hides_them(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    got(person, work, anna)
    assert FollowUp.objects.askable(anna.point_id, TODAY).count() == 4
    Consent.objects.filter(pk=reachable.pk).update(expires_on=TODAY - timedelta(days=1))
    assert not FollowUp.objects.askable(anna.point_id, TODAY).exists()


# --- answers -------------------------------------------------------------------------------------------------------


def test_the_same_situation_settles_one_and_the_others_wait(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    got(person, work, anna)
    first = FollowUp.objects.get(months=1)
    acts.answer_follow_up(first, "same", by=anna, at=NOW)
    assert [months for months, _due in days()] == [3, 6, 12]
    with pytest.raises(acts.FollowUpOver):
        acts.answer_follow_up(first, "unknown", by=anna, at=NOW)
    acts.reopen_follow_up(first, by=anna, at=NOW)
    assert len(days()) == 4
    with pytest.raises(acts.TooLateToUndo):
        acts.reopen_follow_up(first, by=anna, at=NOW)


def test_a_changed_situation_is_a_new_outcome_with_days_of_its_own_and_its_undo_brings_all_back(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    earlier = got(person, work, anna, since_on=TODAY - timedelta(days=20))
    asked = FollowUp.objects.get(months=1)
    later = NOW + timedelta(minutes=5)
    newer = got(person, OutcomeType.objects.get(code="opinnot"), anna, answers=asked, at=later)
    asked.refresh_from_db()
    assert (asked.answer, asked.new_outcome_id, asked.answered_by_id) == ("changed", newer.pk, anna.membership_id)
    assert set(earlier.follow_ups.exclude(pk=asked.pk).values_list("end_reason", flat=True)) == {"replaced"}
    assert newer.follow_ups.waiting().count() == 4
    acts.undo_outcome(newer, by=anna, at=later + timedelta(minutes=5))
    assert earlier.follow_ups.waiting().count() == 4
    assert not newer.follow_ups.waiting().exists()
    assert list(Outcome.objects.valid()) == [earlier]


def test_a_later_outcome_takes_the_place_of_the_earlier_ones_and_its_undo_brings_them_back(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    earlier = got(person, work, anna, since_on=TODAY - timedelta(days=20))
    newer = got(person, OutcomeType.objects.get(code="opinnot"), anna, at=NOW + timedelta(minutes=5))
    assert set(FollowUp.objects.waiting().values_list("outcome", flat=True)) == {newer.pk}
    assert set(earlier.follow_ups.values_list("end_reason", flat=True)) == {"replaced"}
    acts.undo_outcome(newer, by=anna, at=NOW + timedelta(minutes=9))
    assert set(FollowUp.objects.waiting().values_list("outcome", flat=True)) == {earlier.pk}
    assert earlier.follow_ups.waiting().count() == 4


def test_what_was_taken_back_meanwhile_is_not_asked_after_again(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    earlier = got(person, work, anna, since_on=TODAY - timedelta(days=20))
    newer = got(person, OutcomeType.objects.get(code="opinnot"), anna, at=NOW + timedelta(minutes=5))
    acts.undo_outcome(earlier, by=anna, at=NOW + timedelta(minutes=7))
    acts.undo_outcome(newer, by=anna, at=NOW + timedelta(minutes=9))
    assert not FollowUp.objects.waiting().exists()


def test_what_began_before_something_that_is_followed_is_not_asked_after(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    followed = got(person, work, anna)
    got(person, OutcomeType.objects.get(code="opinnot"), anna, since_on=TODAY - timedelta(days=5))
    assert set(FollowUp.objects.waiting().values_list("outcome", flat=True)) == {followed.pk}
    assert len(days()) == 4


def test_an_outcome_takes_the_place_of_what_is_asked_after_a_plan(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    plan = plan_of(person, anna)
    plan_end.close_plan(plan, ending="reached", result="work", summary="", by=anna, at=NOW)
    assert set(FollowUp.objects.waiting().values_list("plan", flat=True)) == {plan.pk}
    row = got(person, work, anna, at=NOW + timedelta(minutes=5))
    assert set(FollowUp.objects.waiting().values_list("plan", "outcome")) == {(None, row.pk)}
    assert len(days()) == 4


def test_what_ended_by_itself_meanwhile_is_not_brought_back(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    earlier = got(person, work, anna, since_on=TODAY - timedelta(days=20))
    newer = got(person, OutcomeType.objects.get(code="opinnot"), anna, at=NOW + timedelta(minutes=5))
    acts.end_outcome(earlier, ended_on=TODAY, by=anna, at=NOW + timedelta(minutes=6))
    acts.undo_outcome(newer, by=anna, at=NOW + timedelta(minutes=9))
    assert days() == []


def test_an_outcome_that_ended_is_not_asked_after(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    row = got(person, work, anna, since_on=TODAY - timedelta(days=3))
    for wrong in (TODAY + timedelta(days=1), TODAY - timedelta(days=4)):
        with pytest.raises(acts.EndsBeforeItBegan):
            acts.end_outcome(row, ended_on=wrong, by=anna, at=NOW)
    acts.end_outcome(row, ended_on=TODAY, by=anna, at=NOW)
    assert days() == []
    with pytest.raises(acts.AlreadyOver):
        acts.end_outcome(row, ended_on=TODAY, by=anna, at=NOW)


def test_nothing_is_recorded_for_tomorrow_and_undone_only_today(
    anna: Member, person: Client, work: OutcomeType
) -> None:
    with pytest.raises(acts.NotYet):
        got(person, work, anna, since_on=TODAY + timedelta(days=1))
    row = got(person, work, anna)
    with pytest.raises(acts.TooLateToUndo):
        acts.undo_outcome(row, by=anna, at=NOW + timedelta(days=1))
    assert not Outcome.objects.filter(undone_at__isnull=False).exists()


def test_the_database_keeps_periods_and_wholes(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    row = got(person, work, anna)
    one = FollowUp.objects.get(months=1)
    for rows, change in (
        (Outcome.objects.filter(pk=row.pk), {"ended_on": TODAY - timedelta(days=1)}),
        (FollowUp.objects.filter(pk=one.pk), {"answer": "same"}),
        (FollowUp.objects.filter(pk=one.pk), {"ended_at": NOW}),
        (FollowUp.objects.filter(pk=one.pk), {"months": 3}),
        (FollowUp.objects.filter(pk=one.pk), {"outcome": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


# --- who knows -----------------------------------------------------------------------------------------------------


def test_outcomes_are_known_to_those_who_guide_where_the_file_is_kept_and_to_whom_the_situation_is_told(
    anna: Member, person: Client, work: OutcomeType, reachable: Consent
) -> None:
    got(person, work, anna)
    friend = OrganisationFactory()
    share = {"purpose": Purpose.SHARE, "organisation": friend, "contents": ["situation"]}
    consents.give_consent(person, by=anna, at=NOW, given=Given(), **share)
    point = anna.membership.point
    counts = {
        MembershipFactory(point=point, partner=True): (0, 4),
        MembershipFactory(point=point, organisation=anna.membership.organisation): (1, 4),
        MembershipFactory(point=PointFactory(), organisation=friend): (1, 0),
        MembershipFactory(point=point, role=Role.FRONT_DESK): (0, 4),
        MembershipFactory(point=point, role=Role.MANAGER): (0, 0),
        MembershipFactory(point=PointFactory()): (0, 0),
    }
    for membership, (outcomes, follow_ups) in counts.items():
        who = Member(membership)
        assert (Outcome.objects.visible_to(who).count(), FollowUp.objects.visible_to(who).count()) == (
            outcomes,
            follow_ups,
        )
        with as_actor(who.actor):
            assert (Outcome.objects.count(), FollowUp.objects.count()) == (outcomes, follow_ups)


def test_a_plan_that_was_asked_after_and_reopened_is_closed_again(
    anna: Member, person: Client, reachable: Consent
) -> None:
    plan, words = plan_of(person, anna), {"ending": "wish", "result": "on_the_way", "summary": "Tauko", "by": anna}
    plan_end.close_plan(plan, **words, at=NOW)
    acts.answer_follow_up(FollowUp.objects.waiting().earliest("due_on"), "same", by=anna, at=NOW)
    plan_end.reopen_plan(plan, by=anna, at=NOW + timedelta(minutes=1))
    plan_end.close_plan(plan, **words, at=NOW + timedelta(minutes=2))
    assert [months for months, _due in days()] == [1, 3, 6, 12]
