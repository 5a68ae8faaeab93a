"""A plan moves to another of its phases; the person's approval is not touched by it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.actions.plan import held_plan
from clients.models import Plan
from clients.plan_phases import phases_of, way_of
from tyoparkki import audit
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member


class NoSuchPhase(Refused):
    """A plan has the phases of its own model."""

    message = _("Choose one of the phases of this plan.")
    status = 422


@transaction.atomic
def set_phase(plan: Plan, phase: str, *, by: Member, at: datetime) -> Plan:
    """The plan stands in this phase from now on; back and forth as life goes."""
    plan = held_plan(plan.pk)
    if phase not in {one.key for one in phases_of(plan)}:
        raise NoSuchPhase
    if way_of(plan).now.key == phase:
        return plan
    plan.phase, plan.phase_since_at = phase, at
    plan.save(update_fields=["phase", "phase_since_at"])
    audit.record("plan.phase_set", plan, by=by.actor, at=at, fields=["phase"], reason=phase)
    return plan
