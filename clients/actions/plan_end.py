"""A plan is closed with its reason, result and a summary, opened again by one press; what was done today is undone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.actions import assessment, outcome, responsibility
from clients.actions.consent import NotRecorded
from clients.actions.plan import AlreadyOpen, GoalOver, MeasuresOpen, held_plan, note_change
from clients.models import Client, Goal, Plan, PlanStep, Reminder
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

_CLOSED = ("closed_at", "closed_by", "ending", "result", "summary")


class IsOpen(Refused):
    """A colleague was quicker."""

    message = _("The plan is open already.")


class TooLate(Refused):
    """What was done on an earlier day stays; one goes on from there."""

    message = _("This can be undone on the same day only. Go on from how it is now.")


@transaction.atomic
def close_plan(
    plan: Plan, *, ending: str, result: str, summary: str, by: Member, at: datetime, version: int | None = None
) -> Plan:
    """The plan ends with why, with what came of it, and with words for the person; who answers goes on answering."""
    plan = held_plan(plan.pk, version=version)
    if plan.steps.to_do().filter(ends_on__isnull=False).exists():
        raise MeasuresOpen
    plan.closed_at, plan.closed_by = at, by.membership
    plan.ending, plan.result, plan.summary = ending, result, summary.strip()
    plan.save(update_fields=list(_CLOSED))
    waits = Reminder.objects.visible_to(by).open().filter(plan=plan)
    waits.update(settled_at=at, settled_by=by.membership, how=Reminder.How.OVER)
    audit.record("plan.closed", plan, by=by.actor, at=at, fields=_CLOSED, reason=ending)
    outcome.ask_after_plan(plan, by=by, at=at)
    return plan


@transaction.atomic
def reopen_plan(plan: Plan, *, by: Member, at: datetime) -> Plan:
    """One may come back at any time: the plan goes on as it was, and somebody answers."""
    person = Client.objects.select_for_update(of=("self",)).filter(pk=plan.client_id).first()
    row = Plan.objects.select_for_update(of=("self",)).filter(pk=plan.pk).first()
    if person is None or row is None:
        raise NotRecorded
    if row.closed_at is None:
        raise IsOpen
    if Plan.objects.open_of(person.pk).exists():
        raise AlreadyOpen
    row.closed_at, row.closed_by, row.ending, row.result, row.summary = None, None, "", "", ""
    row.save(update_fields=list(_CLOSED))
    audit.record("plan.reopened", row, by=by.actor, at=at, fields=_CLOSED)
    outcome.end_after_plan(row, by=by, at=at)
    responsibility.somebody_answers(person, by=by, at=at)
    return row


@transaction.atomic
def undo_step(step: PlanStep, *, by: Member, at: datetime) -> PlanStep:
    """The step is to be done after all; its goal must still go on."""
    plan = held_plan(step.plan_id)
    row = PlanStep.objects.select_related("goal").get(pk=step.pk)
    _of_today(row.done_at or row.ended_at, at)
    if row.goal is not None and not row.goal.is_going_on:
        raise GoalOver
    if row.done_at is not None and row.ends_on:
        assessment.unask_after_measure(plan.client_id, row.done_at, by=by.actor, at=at)
    was_done = row.done_at is not None
    if row.followed_at == (row.done_at or row.ended_at):  # what was agreed before the end still holds
        row.next_step, row.no_next_reason, row.followed_at = None, "", None
    row.done_at, row.ended_at = None, None
    row.save(update_fields=["done_at", "ended_at", "next_step", "no_next_reason", "followed_at"])
    if not was_done:
        note_change(plan)
    audit.record("plan.step_undone", row, by=by.actor, at=at, fields=["done_at", "ended_at"])
    return row


@transaction.atomic
def undo_goal(goal: Goal, *, by: Member, at: datetime) -> Goal:
    """The goal goes on after all, with the steps that ended with it."""
    plan = held_plan(goal.plan_id)
    row = Goal.objects.get(pk=goal.pk)
    moment = row.reached_at or row.ended_at
    _of_today(moment, at)
    was_reached = row.reached_at is not None
    row.reached_at, row.ended_at = None, None
    row.save(update_fields=["reached_at", "ended_at"])
    row.steps.filter(ended_at=moment).update(ended_at=None)
    if not was_reached:
        note_change(plan)
    audit.record("plan.goal_undone", row, by=by.actor, at=at, fields=["reached_at", "ended_at"])
    return row


@transaction.atomic
def undo_approval(plan: Plan, *, by: Member, at: datetime) -> Plan:
    """The person did not approve after all: the plan waits, and what was approved before is told again."""
    plan = held_plan(plan.pk)
    versions = plan.versions.filter(undone_at__isnull=True).order_by("-version", "pk")
    latest = versions.first()
    if latest is None:
        raise TooLate
    _of_today(latest.approved_at, at)
    versions.filter(pk=latest.pk).update(undone_at=at)
    before = versions.first()
    plan.version += 1
    plan.approved_version = before.version if before else None
    plan.approved_at = before.approved_at if before else None
    plan.approved_how = before.how if before else ""
    plan.approved_by_id = before.recorded_by_id if before else None
    fields = ["version", "approved_version", "approved_at", "approved_how", "approved_by"]
    plan.save(update_fields=fields)
    audit.record("plan.approval_undone", plan, by=by.actor, at=at, fields=fields)
    return plan


def _of_today(moment: datetime | None, at: datetime) -> None:
    """Undone on the day it was done, and not twice."""
    if moment is None or clock.local_date(moment) != clock.local_date(at):
        raise TooLate
