"""What follows a measure is agreed on while it still goes on, so that nobody is left without a next step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from clients.actions.plan import NothingNext, StepOver, followed_by, held_plan
from clients.models import PlanStep, Reminder
from tyoparkki import audit

if TYPE_CHECKING:
    from team.access import Member


@transaction.atomic
def agree_next(
    step: PlanStep, *, next_step: PlanStep | None = None, no_next_reason: str = "", by: Member, at: datetime
) -> PlanStep:
    """A step of the plan follows the measure, or nothing does and why; saying neither takes back what was said."""
    plan = held_plan(step.plan_id)
    row = PlanStep.objects.select_related("next_step").get(pk=step.pk)
    if not row.is_to_do or row.ends_on is None:
        raise StepOver
    had = row.next_step_id is not None or bool(row.no_next_reason)
    row.next_step, row.no_next_reason = followed_by(plan, row, next_step), no_next_reason.strip()
    row.followed_at = at if row.is_followed else None
    if not row.is_followed and not had:
        raise NothingNext
    fields = ["next_step", "no_next_reason", "followed_at"]
    row.save(update_fields=fields)
    if row.is_followed:
        waits = Reminder.objects.visible_to(by).open().of_kind(Reminder.Kind.MEASURE_ENDS).filter(step=row)
        waits.update(settled_at=at, settled_by=by.membership, how=Reminder.How.CLOSED)
    audit.record("plan.next_agreed", row, by=by.actor, at=at, fields=fields)
    return row
