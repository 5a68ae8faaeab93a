"""The plan: opened with a first goal, changed together, approved by the person; every change waits for a new approval.

What was agreed raises the plan's version when it changes, and the person approves the new one. That a step is done or a
goal reached changes nothing of what was agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from clients.actions import assessment, responsibility
from clients.actions.consent import NotRecorded
from clients.models import Client, Goal, Plan, PlanStep, PlanVersion, Reminder
from clients.plan_templates import Template
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from team.access import Member


class AlreadyOpen(Refused):
    """A person has one plan at a time."""

    message = _("The person has a plan already. Your goal was not added: look at the plan first.")


class PlanClosed(Refused):
    """A closed plan is read only."""

    message = _("This plan has been closed. It can be read but not changed.")


class ChangedMeanwhile(Refused):
    """A colleague changed the plan while this page was open."""

    message = _("A colleague changed the plan meanwhile. Look at it together once more.")


class GoalOver(Refused):
    """The goal has been reached or given up."""

    message = _("This goal has already been reached or given up.")


class StepOver(Refused):
    """The step has been done or given up."""

    message = _("This step has already been done or is no longer needed.")


class NothingNext(Refused):
    """A measure does not end in nothing."""

    message = _("Choose the step that comes next, or write why nothing follows.")
    status = 422


class MeasuresOpen(Refused):
    """What lasts until a day is ended by itself, with what follows it."""

    message = _("A measure is still going on here. End it first, with a next step or a reason.")


class NothingToApprove(Refused):
    """A plan without a goal of the person's own is no plan."""

    message = _("The plan has no goal yet. Write first what the person wants.")


class StepWithoutDay(Refused):
    """What is agreed has a day; who does it, each step says already."""

    message = _("A step has no day yet. Agree on a day for every step, then approve the plan.")


class AlreadyApproved(Refused):
    """The present version has been approved."""

    message = _("The person has already approved the plan as it is.")


@dataclass(frozen=True, slots=True)
class Step:
    """What is agreed: what is done, who does it, by when, what it is good for, towards which goal.

    A measure has a day on which it ends."""

    what: str
    who: str = PlanStep.Who.CLIENT
    who_words: str = ""
    by_on: date | None = None
    benefit: str = ""
    goal_id: UUID | None = None
    ends_on: date | None = None

    @property
    def told(self) -> Iterable[str]:
        """Which fields say something."""
        return [name for name in self.__slots__ if getattr(self, name)]


@transaction.atomic
def open_plan(
    client: Client,
    *,
    goal: str,
    by: Member,
    at: datetime,
    intensity: str = Plan.Intensity.DENSE,
    template: Template | None = None,
) -> Plan:
    """A person's plan begins with a goal in the person's own words; who opens it answers, where nobody does yet.

    A template brings first steps, in the person's language.
    """
    known = Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first()
    if known is None:
        raise NotRecorded
    if Plan.objects.open_of(known.pk).exists():
        raise AlreadyOpen
    plan = Plan.objects.create(
        client=known,
        point_id=by.point_id,
        opened_at=at,
        opened_by=by.membership,
        intensity=intensity,
        template=template.code if template else "",
        template_version=template.version if template else None,
    )
    audit.record("plan.opened", plan, by=by.actor, at=at, fields=["intensity"])
    responsibility.somebody_answers(known, by=by, at=at)
    first = _goal(plan, goal, by=by, at=at)
    for one in template.steps(known.language, today=clock.local_date(at)) if template else []:
        proposed = Step(one.what, one.who, by_on=one.by_on, ends_on=one.ends_on, goal_id=first.pk)
        add_step(plan, step=proposed, by=by, at=at)
    return plan


@transaction.atomic
def add_goal(plan: Plan, *, words: str, by: Member, at: datetime) -> Goal:
    """The person has one more goal."""
    plan = held_plan(plan.pk)
    goal = _goal(plan, words, by=by, at=at)
    note_change(plan)
    return goal


def _goal(plan: Plan, words: str, *, by: Member, at: datetime) -> Goal:
    last = plan.goals.aggregate(last=Max("position"))["last"] or 0
    goal = Goal.objects.create(plan=plan, words=words, position=last + 1)
    audit.record("plan.goal_added", goal, by=by.actor, at=at, fields=["words"])
    return goal


@transaction.atomic
def add_step(plan: Plan, *, step: Step, by: Member, at: datetime) -> PlanStep:
    """Something concrete is agreed; a goal that is over takes no more steps."""
    plan = held_plan(plan.pk)
    if step.goal_id and not plan.goals.going_on().filter(pk=step.goal_id).exists():
        raise GoalOver
    row = PlanStep.objects.create(
        plan=plan,
        goal_id=step.goal_id,
        what=step.what,
        who=step.who,
        membership=by.membership if step.who == PlanStep.Who.STAFF else None,
        who_words=step.who_words if step.who == PlanStep.Who.OTHER else "",
        by_on=step.by_on,
        benefit=step.benefit,
        ends_on=step.ends_on,
        added_at=at,
    )
    note_change(plan)
    audit.record("plan.step_added", row, by=by.actor, at=at, fields=step.told)
    return row


@transaction.atomic
def set_day(step: PlanStep, by_on: date, *, by: Member, at: datetime) -> PlanStep:
    """Another day is agreed for a step."""
    plan = held_plan(step.plan_id)
    step = PlanStep.objects.get(pk=step.pk)
    if not step.is_to_do:
        raise StepOver
    if step.by_on == by_on:
        return step
    step.by_on = by_on
    step.save(update_fields=["by_on"])
    note_change(plan)
    audit.record("plan.step_day_set", step, by=by.actor, at=at, fields=["by_on"])
    return step


@transaction.atomic
def reword_goal(goal: Goal, words: str, *, by: Member, at: datetime) -> Goal:
    """The person says it in other words now."""
    plan = held_plan(goal.plan_id)
    goal = Goal.objects.get(pk=goal.pk)
    if not goal.is_going_on:
        raise GoalOver
    if goal.words == words:
        return goal
    goal.words = words
    goal.save(update_fields=["words"])
    note_change(plan)
    audit.record("plan.goal_reworded", goal, by=by.actor, at=at, fields=["words"])
    return goal


@transaction.atomic
def finish_step(
    step: PlanStep,
    *,
    by: Member,
    at: datetime,
    done: bool = True,
    next_step: PlanStep | None = None,
    no_next_reason: str = "",
) -> PlanStep:
    """A step is done, or no longer needed; the latter changes what was agreed.

    A measure ends with an open step that follows it, or with a reason why nothing does.
    """
    plan = held_plan(step.plan_id)
    step = PlanStep.objects.get(pk=step.pk)
    if not step.is_to_do:
        raise StepOver
    fields = ["done_at" if done else "ended_at"]
    setattr(step, fields[0], at)
    if step.ends_on:
        follows, why = followed_by(plan, step, next_step), no_next_reason.strip()
        if follows or why or not step.is_followed:  # what was agreed before its end holds, unless one says otherwise
            step.next_step, step.no_next_reason, step.followed_at = follows, why, at
        if not step.is_followed:
            raise NothingNext
        fields += ["next_step", "no_next_reason", "followed_at"]
        waits = Reminder.objects.visible_to(by).open().filter(step=step)
        waits.update(settled_at=at, settled_by=by.membership, how=Reminder.How.CLOSED)
    step.save(update_fields=fields)
    if not done:
        note_change(plan)
    elif step.ends_on:
        assessment.ask_after_service(plan.client_id, None, at, by=by.actor)
    audit.record("plan.step_done" if done else "plan.step_ended", step, by=by.actor, at=at, fields=fields)
    return step


def followed_by(plan: Plan, step: PlanStep, next_step: PlanStep | None) -> PlanStep | None:
    """The step that follows, if it is still to be done in the same plan."""
    if next_step is None:
        return None
    return plan.steps.to_do().exclude(pk=step.pk).filter(pk=next_step.pk).first()


@transaction.atomic
def end_goal(goal: Goal, *, by: Member, at: datetime, reached: bool) -> Goal:
    """A goal is reached, or given up, which changes what was agreed; the steps that it still had end with it."""
    plan = held_plan(goal.plan_id)
    goal = Goal.objects.get(pk=goal.pk)
    if not goal.is_going_on:
        raise GoalOver
    if goal.steps.to_do().filter(ends_on__isnull=False).exists():
        raise MeasuresOpen
    field = "reached_at" if reached else "ended_at"
    setattr(goal, field, at)
    goal.save(update_fields=[field])
    goal.steps.to_do().update(ended_at=at)
    if not reached:
        note_change(plan)
    audit.record("plan.goal_reached" if reached else "plan.goal_ended", goal, by=by.actor, at=at, fields=[field])
    return goal


@transaction.atomic
def set_intensity(plan: Plan, intensity: str, *, by: Member, at: datetime, version: int) -> Plan:
    """How often the person and the team are in touch."""
    plan = held_plan(plan.pk, version=version)
    if plan.intensity == intensity:
        return plan
    plan.intensity = intensity
    plan.save(update_fields=["intensity"])
    note_change(plan)
    audit.record("plan.intensity_set", plan, by=by.actor, at=at, fields=["intensity"])
    return plan


@transaction.atomic
def approve_plan(plan: Plan, *, how: str, by: Member, at: datetime, version: int) -> Plan:
    """The person approves the plan as it was shown; what was approved is kept word for word."""
    plan = approvable(plan.pk, version=version)
    content = content_of(plan)
    PlanVersion.objects.create(
        plan=plan, version=plan.version, content=content, approved_at=at, how=how, recorded_by=by.membership
    )
    plan.approved_version, plan.approved_at, plan.approved_how, plan.approved_by = plan.version, at, how, by.membership
    fields = ["approved_version", "approved_at", "approved_how", "approved_by"]
    plan.save(update_fields=fields)
    audit.record("plan.approved", plan, by=by.actor, at=at, fields=fields, reason=how)
    return plan


def approvable(key: UUID, *, version: int | None) -> Plan:
    """The plan, held, if the person could approve it as it was shown: with a goal, and with a day for every step."""
    plan = held_plan(key, version=version)
    if plan.is_in_force:
        raise AlreadyApproved
    if not plan.goals.going_on().exists():
        raise NothingToApprove
    if plan.steps.to_do().without_day().exists():
        raise StepWithoutDay
    return plan


def held_plan(key: UUID, *, version: int | None = None) -> Plan:
    """The plan as it is now, if the person still lets the member know of it; what hangs on it changes one at a time."""
    plan = Plan.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if plan is None:
        raise NotRecorded
    if plan.closed_at is not None:
        raise PlanClosed
    if version is not None and plan.version != version:
        raise ChangedMeanwhile
    return plan


def note_change(plan: Plan) -> None:
    """What was agreed is no longer what the person approved, unless it has come back to that."""
    plan.version += 1
    approved = plan.versions.filter(undone_at__isnull=True).order_by("-version").first()
    if approved is not None and _agreed(approved.content) == _agreed(content_of(plan)):
        plan.approved_version, plan.approved_at, plan.approved_how = plan.version, approved.approved_at, approved.how
        plan.approved_by_id = approved.recorded_by_id
    plan.save(update_fields=["version", "approved_version", "approved_at", "approved_how", "approved_by"])


def content_of(plan: Plan) -> dict[str, Any]:
    """What the person approves: the goals that go on and the steps towards them, in words."""
    steps = plan.steps.filter(ended_at__isnull=True).for_lists()
    return {
        "intensity": plan.intensity,
        "goals": [{"words": goal.words} for goal in plan.goals.going_on().in_order()],
        "steps": [
            {
                "what": step.what,
                "who": step.who,
                "by": "" if step.who == PlanStep.Who.CLIENT else step.doer,
                "by_on": step.by_on.isoformat() if step.by_on else "",
                "benefit": step.benefit,
                "goal": step.goal.words if step.goal else "",
                "done": step.done_at is not None,
                **({"ends_on": step.ends_on.isoformat()} if step.ends_on else {}),
            }
            for step in steps
        ],
    }


def _agreed(content: dict[str, Any]) -> dict[str, Any]:
    """What was agreed; that a step has been done meanwhile changes nothing of it."""
    return {**content, "steps": [{**step, "done": False} for step in content["steps"]]}
