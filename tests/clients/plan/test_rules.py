"""What the actions keep: goals in own words, approval of the present version, a trace without words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clients.actions import plan as plans
from clients.actions.plan import Step
from clients.models import Client, Goal, Plan, PlanStep, PlanVersion
from team.access import Member
from tests.clients.plan.agreed import approved, closed
from tests.factories.clients import person_on_file, plan_of
from tests.factories.team import at
from tyoparkki import audit
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db


class Broken(Exception):
    """The trace cannot be written."""


def test_a_plan_begins_with_the_persons_own_goal(person: Client, advisor: Member) -> None:
    plan = plans.open_plan(person, goal="Haluan töihin", by=advisor, at=at(11), intensity="sparse")
    assert (plan.client, plan.point_id, plan.opened_by) == (person, advisor.point_id, advisor.membership)
    assert [goal.words for goal in plan.goals.all()] == ["Haluan töihin"]
    assert (plan.intensity, plan.is_in_force, plan.approved_version) == ("sparse", False, None)


def test_a_person_has_one_open_plan(person: Client, plan: Plan, advisor: Member) -> None:
    with pytest.raises(plans.AlreadyOpen):
        plans.open_plan(person, goal="Toinen", by=advisor, at=at(12))
    second = {"client": person, "point": plan.point, "opened_at": at(12), "opened_by": advisor.membership}
    with pytest.raises(IntegrityError, match="plan_one_open"), transaction.atomic():
        Plan.objects.create(**second)
    closed(plan, advisor)
    assert plans.open_plan(person, goal="Uusi alku", by=advisor, at=at(12)).pk != plan.pk


def test_a_closed_plan_is_not_changed(plan: Plan, advisor: Member) -> None:
    closed(plan, advisor)
    with pytest.raises(plans.PlanClosed):
        plans.add_goal(plan, words="Vielä yksi", by=advisor, at=at(12))
    with pytest.raises(plans.PlanClosed):
        plans.finish_step(plan.steps.get(), by=advisor, at=at(12))


def test_a_plan_is_in_force_only_once_its_present_version_is_approved(plan: Plan, advisor: Member) -> None:
    assert not plan.is_in_force
    now = approved(plan, advisor)
    assert now.is_in_force
    assert (now.approved_how, now.approved_at, now.approved_by) == ("words", at(12), advisor.membership)
    with pytest.raises(plans.AlreadyApproved):
        approved(plan, advisor)


CHANGES: dict[str, Callable[[Plan, Member], object]] = {
    "a goal": lambda plan, by: plans.add_goal(plan, words="Lisäksi", by=by, at=at(12)),
    "a step": lambda plan, by: plans.add_step(plan, step=Step("Soittaa"), by=by, at=at(12)),
    "a goal given up": lambda plan, by: plans.end_goal(plan.goals.get(), by=by, at=at(12), reached=False),
    "a step not needed": lambda plan, by: plans.finish_step(plan.steps.get(), by=by, at=at(12), done=False),
    "the rhythm": lambda plan, by: plans.set_intensity(plan, "sparse", by=by, at=at(12), version=plan.version),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_what_was_agreed_waits_for_a_new_approval(plan: Plan, advisor: Member, change: str) -> None:
    before = approved(plan, advisor).version
    plan.refresh_from_db()
    CHANGES[change](plan, advisor)
    plan.refresh_from_db()
    assert (plan.version, plan.approved_version, plan.is_in_force) == (before + 1, before, False)


def test_what_goes_as_agreed_needs_no_new_approval(plan: Plan, advisor: Member) -> None:
    approved(plan, advisor)
    plans.finish_step(plan.steps.get(), by=advisor, at=at(12))
    plans.end_goal(plan.goals.get(), by=advisor, at=at(12), reached=True)
    plan.refresh_from_db()
    assert plan.is_in_force


def test_the_same_rhythm_is_no_change(plan: Plan, advisor: Member) -> None:
    plans.set_intensity(plan, plan.intensity, by=advisor, at=at(12), version=plan.version)
    assert Plan.objects.get().version == plan.version


def test_an_approval_of_what_a_colleague_has_changed_is_refused(plan: Plan, advisor: Member) -> None:
    plans.add_goal(plan, words="Kollegan kirjaama", by=advisor, at=at(12))
    with pytest.raises(plans.ChangedMeanwhile):
        plans.approve_plan(plan, how="words", by=advisor, at=at(12), version=plan.version)
    with pytest.raises(plans.ChangedMeanwhile):
        plans.set_intensity(plan, "sparse", by=advisor, at=at(12), version=plan.version)
    assert not PlanVersion.objects.exists()
    assert Plan.objects.get().intensity == "dense"


def test_a_plan_without_a_goal_is_not_approved(plan: Plan, advisor: Member) -> None:
    plans.end_goal(plan.goals.get(), by=advisor, at=at(12), reached=False)
    with pytest.raises(plans.NothingToApprove):
        approved(plan, advisor)


def test_what_was_approved_is_read_later_as_it_was(plan: Plan, advisor: Member) -> None:
    goal = plan.goals.get()
    step = Step("Hakea kurssille", "staff", by_on=date(2026, 12, 2), benefit="Opin suomea", goal_id=goal.pk)
    plans.add_step(plan, step=step, by=advisor, at=at(11))
    first = approved(plan, advisor).version
    plans.add_goal(plan, words="Uusi tavoite", by=advisor, at=at(12))
    plans.finish_step(plan.steps.get(who="client"), by=advisor, at=at(12), done=False)
    approved(plan, advisor)
    earlier = PlanVersion.objects.get(version=first)
    assert [goal["words"] for goal in earlier.content["goals"]] == [goal.words]
    assert {(one["what"], one["goal"], one["by_on"]) for one in earlier.steps} == {
        ("Hakea kurssille", goal.words, date(2026, 12, 2)),
        ("Soittaa oppilaitokseen", "", date(2026, 12, 2)),
    }
    doers = {one["what"]: one["by"] for one in earlier.steps}
    assert doers["Soittaa oppilaitokseen"] == ""
    assert advisor.user.name in doers["Hakea kurssille"]
    latest = PlanVersion.objects.exclude(pk=earlier.pk).get()
    assert [goal["words"] for goal in latest.content["goals"]] == [goal.words, "Uusi tavoite"]
    assert [one["what"] for one in latest.steps] == ["Hakea kurssille"]


def test_a_goal_that_ends_takes_its_open_steps_along_and_nothing_is_deleted(plan: Plan, advisor: Member) -> None:
    goal, other = plan.goals.get(), plan.steps.get()
    done = plans.add_step(plan, step=Step("Eka", goal_id=goal.pk), by=advisor, at=at(11))
    left = plans.add_step(plan, step=Step("Toka", goal_id=goal.pk), by=advisor, at=at(11))
    plans.finish_step(done, by=advisor, at=at(11))
    plans.end_goal(goal, by=advisor, at=at(12), reached=True)
    for row in (goal, other, done, left):
        row.refresh_from_db()
    assert (goal.reached_at, goal.ended_at) == (at(12), None)
    assert (done.done_at, done.ended_at) == (at(11), None)
    assert (left.done_at, left.ended_at) == (None, at(12))
    assert other.is_to_do


def test_what_is_over_is_not_ended_twice(plan: Plan, advisor: Member) -> None:
    step, goal = plan.steps.get(), plan.goals.get()
    plans.finish_step(step, by=advisor, at=at(11))
    with pytest.raises(plans.StepOver):
        plans.finish_step(step, by=advisor, at=at(12), done=False)
    plans.end_goal(goal, by=advisor, at=at(11), reached=False)
    with pytest.raises(plans.GoalOver):
        plans.end_goal(goal, by=advisor, at=at(12), reached=True)
    with pytest.raises(plans.GoalOver):
        plans.add_step(plan, step=Step("Myöhässä", goal_id=goal.pk), by=advisor, at=at(12))


def test_a_step_does_not_hang_on_somebody_elses_goal(plan: Plan, advisor: Member) -> None:
    other = plan_of(person_on_file(advisor, name="Toinen Esimerkki"), advisor)
    with pytest.raises(plans.GoalOver):
        plans.add_step(plan, step=Step("Väärin", goal_id=other.goals.get().pk), by=advisor, at=at(12))


@pytest.mark.parametrize(
    "row",
    [
        {"who": "client", "who_words": "Joku"},
        {"who": "staff"},
        {"who": "other"},
        {"done_at": at(11), "ended_at": at(11)},
    ],
)
def test_the_database_keeps_a_step_whole(plan: Plan, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="plan_step"), transaction.atomic():
        PlanStep.objects.create(plan=plan, what="Jotain", **row)


def test_the_database_keeps_an_approval_whole(plan: Plan) -> None:
    for half in ({"approved_version": 1}, {"approved_how": "words"}, {"approved_at": at(11)}):
        with pytest.raises(IntegrityError, match="plan_approved_whole"), transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(**half)


def test_the_trace_tells_what_was_done_and_not_a_word_of_it(plan: Plan, advisor: Member) -> None:
    step = plans.add_step(plan, step=Step("Salaisuus", "other", who_words="Toimisto"), by=advisor, at=at(11))
    plans.finish_step(step, by=advisor, at=at(11))
    approved(plan, advisor)
    events = AuditEvent.objects.filter(verb__startswith="plan.")
    assert set(events.values_list("verb", flat=True)) == {
        "plan.opened", "plan.goal_added", "plan.step_added", "plan.step_done", "plan.approved",
    }  # fmt: skip
    assert events.get(object_id=str(step.pk), verb="plan.step_added").fields == ["what", "who", "who_words"]
    for event in events:
        assert not {"Salaisuus", "Toimisto", "Haluan"} & set(" ".join([*event.fields, event.reason]).split())


@pytest.mark.parametrize("change", [*CHANGES, "approval"])
def test_without_its_trace_nothing_happens(
    plan: Plan, advisor: Member, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise Broken

    monkeypatch.setattr(audit, "record", broken)
    before = list(Plan.objects.values()), list(Goal.objects.order_by("pk").values()), PlanStep.objects.count()
    with pytest.raises(Broken), transaction.atomic():
        CHANGES.get(change, approved)(plan, advisor)
    after = list(Plan.objects.values()), list(Goal.objects.order_by("pk").values()), PlanStep.objects.count()
    assert after == before
    assert not PlanVersion.objects.exists()
