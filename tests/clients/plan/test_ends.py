"""A plan is closed with what came of it, opened again by one press, and what was done today is undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients.actions import consent as consents
from clients.actions import instrument as instruments
from clients.actions import outcome as outcomes
from clients.actions import plan as plans
from clients.actions import plan_end
from clients.actions import responsibility as responsibilities
from clients.actions.consent import Given
from clients.models import Client, FollowUp, OutcomeType, Plan, Responsibility
from clients.models.consent import Purpose
from team.access import Member
from tests.clients.plan.agreed import approved, closed
from tests.factories.clients import plan_of
from tests.factories.team import MembershipFactory, at
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(person: Client, advisor: Member) -> Plan:
    """The person's plan."""
    return plan_of(person, advisor)


def holder(person: Client) -> Member | None:
    """Who answers."""
    row = Responsibility.objects.of_client(person.pk).running().select_related("membership").first()
    return Member(row.membership) if row else None


def test_who_opens_a_plan_answers_where_nobody_does_yet(person: Client, advisor: Member, plan: Plan) -> None:
    assert holder(person) == advisor


def test_opening_a_plan_moves_nobody_who_is_in_hands_already(person: Client, advisor: Member) -> None:
    bo = Member(MembershipFactory(point=advisor.membership.point))
    responsibilities.take(person, by=bo, at=at(11))
    plan_of(person, advisor)
    assert holder(person) == bo


def test_who_answers_lets_nobody_go_whose_plan_goes_on(person: Client, advisor: Member, plan: Plan) -> None:
    with pytest.raises(responsibilities.PlanGoesOn, match=r"suunnitelma|plan"):
        responsibilities.release(person, reason="Ei jatkoa", by=advisor, at=at(12))
    closed(plan, advisor)
    responsibilities.release(person, reason="Sai työpaikan", by=advisor, at=at(12))
    assert holder(person) is None


def test_who_does_not_see_the_plan_is_refused_without_a_word_of_it(person: Client, advisor: Member, plan: Plan) -> None:
    partner = Member(MembershipFactory(point=advisor.membership.point, partner=True))
    offered = responsibilities.offer(person, partner.membership, by=advisor, at=at(12))
    responsibilities.accept(offered, by=partner, at=at(12))
    with pytest.raises(responsibilities.PlanGoesOn) as refusal:
        responsibilities.release(person, reason="Ei jatkoa", by=partner, at=at(12))
    assert not {"suunnitelma", "plan"} & set(str(refusal.value).lower().split())


def test_a_plan_is_closed_with_why_what_came_of_it_and_words_for_the_person(plan: Plan, advisor: Member) -> None:
    row = closed(plan, advisor)
    assert (row.closed_at, row.closed_by, row.ending, row.result) == (at(12), advisor.membership, "reached", "work")
    assert row.summary == "Työt alkavat maanantaina"
    with pytest.raises(plans.PlanClosed):
        closed(plan, advisor)
    with pytest.raises(IntegrityError, match="plan_closed_whole"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(ending="")
    assert not any("failed" in str(one.label).lower() for one in (*Plan.Ending, *Plan.Result))


def test_a_measure_keeps_a_plan_and_a_goal_open(plan: Plan, advisor: Member) -> None:
    goal = plan.goals.get()
    step = plans.Step("Palkkatuki pajalla", ends_on=date(2026, 12, 31), goal_id=goal.pk)
    measure = plans.add_step(plan, step=step, by=advisor, at=at(12))
    with pytest.raises(plans.MeasuresOpen):
        closed(plan, advisor)
    with pytest.raises(plans.MeasuresOpen):
        plans.end_goal(goal, reached=True, by=advisor, at=at(12))
    plans.finish_step(measure, no_next_reason="Sai vakituisen työn", by=advisor, at=at(12))
    closed(plan, advisor)


def test_one_may_come_back_at_any_time_and_finds_everything(person: Client, plan: Plan, advisor: Member) -> None:
    closed(plan, advisor)
    responsibilities.release(person, reason="Sai työpaikan", by=advisor, at=at(12))
    bo = Member(MembershipFactory(point=advisor.membership.point, organisation=advisor.membership.organisation))
    again = plan_end.reopen_plan(plan, by=bo, at=at(13))
    assert (again.closed_at, again.summary) == (None, "")
    assert [step.what for step in again.steps.to_do()] == ["Soittaa oppilaitokseen"]
    assert holder(person) == bo
    with pytest.raises(plan_end.IsOpen):
        plan_end.reopen_plan(plan, by=bo, at=at(13))


def test_an_old_plan_does_not_come_back_beside_a_new_one(person: Client, plan: Plan, advisor: Member) -> None:
    closed(plan, advisor)
    plan_of(person, advisor)
    with pytest.raises(plans.AlreadyOpen):
        plan_end.reopen_plan(plan, by=advisor, at=at(13))


def test_a_step_that_was_dropped_comes_back_and_the_approval_with_it(plan: Plan, advisor: Member) -> None:
    approved(plan, advisor)
    step = plan.steps.get()
    plans.finish_step(step, done=False, by=advisor, at=at(12))
    assert not Plan.objects.get().is_in_force
    plan_end.undo_step(step, by=advisor, at=at(13))
    assert Plan.objects.get().is_in_force
    assert plan.steps.get().is_to_do
    with pytest.raises(plan_end.TooLate):
        plan_end.undo_step(step, by=advisor, at=at(13))


def test_a_goal_comes_back_with_the_steps_that_ended_with_it(plan: Plan, advisor: Member) -> None:
    goal = plan.goals.get()
    plans.add_step(plan, step=plans.Step("Hakea kurssille", goal_id=goal.pk), by=advisor, at=at(11))
    plans.end_goal(goal, reached=False, by=advisor, at=at(12))
    assert plan.steps.to_do().count() == 1
    plan_end.undo_goal(goal, by=advisor, at=at(13))
    assert plan.steps.to_do().count() == 2
    assert plan.goals.going_on().count() == 1


def test_an_approval_is_taken_back_and_the_one_before_it_is_told_again(plan: Plan, advisor: Member) -> None:
    approved(plan, advisor)
    plans.add_goal(plan, words="Haluan oppia suomea", by=advisor, at=at(12))
    approved(plan, advisor)
    now = plan_end.undo_approval(plan, by=advisor, at=at(13))
    assert (now.is_in_force, now.approved_version) == (False, 2)
    approved(plan, advisor)
    assert Plan.objects.get().is_in_force


def test_what_was_done_yesterday_stays(plan: Plan, advisor: Member) -> None:
    step = plan.steps.get()
    plans.finish_step(step, by=advisor, at=at(12))
    with pytest.raises(plan_end.TooLate):
        plan_end.undo_step(step, by=advisor, at=at(12) + timedelta(days=1))
    assert AuditEvent.objects.filter(verb="plan.step_undone").count() == 0


def test_the_rhythm_that_was_changed_and_changed_back_needs_no_new_approval(plan: Plan, advisor: Member) -> None:
    now = approved(plan, advisor)
    changed = plans.set_intensity(now, "sparse", version=now.version, by=advisor, at=at(12))
    assert not changed.is_in_force
    assert plans.set_intensity(changed, "dense", version=changed.version, by=advisor, at=at(12)).is_in_force


def test_after_a_plan_the_person_is_asked_how_it_goes_and_not_when_it_goes_on(
    person: Client, plan: Plan, advisor: Member
) -> None:
    assert not FollowUp.objects.exists()
    consents.give_consent(person, by=advisor, at=at(11), purpose=Purpose.CONTACT, given=Given())
    row = closed(plan, advisor)
    asked = FollowUp.objects.filter(plan=row)
    assert list(asked.waiting().order_by("due_on").values_list("months", flat=True)) == [1, 3, 6, 12]
    plan_end.reopen_plan(row, by=advisor, at=at(13))
    assert not asked.waiting().exists()
    assert set(asked.values_list("end_reason", flat=True)) == {"undone"}
    closed(plan, advisor)  # and again, after a while
    assert asked.waiting().count() == 4


def test_whoever_is_asked_after_an_outcome_is_not_asked_after_the_plan_too(
    person: Client, plan: Plan, advisor: Member
) -> None:
    instruments.load_outcome_types(at=at(9))
    consents.give_consent(person, by=advisor, at=at(11), purpose=Purpose.CONTACT, given=Given())
    kind = OutcomeType.objects.get(code="tyo")
    outcomes.record_outcome(person, kind, since_on=at(11).date(), known="told", by=advisor, at=at(11))
    closed(plan, advisor)
    assert not FollowUp.objects.filter(plan=plan).exists()
