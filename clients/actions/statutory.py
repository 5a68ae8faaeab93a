"""References to statutory plans: recorded, sent for confirmation, confirmed, ended, and each undone on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.actions.plan import held_plan
from clients.models import Plan, Reminder, StatutoryPlan
from clients.statutory import kinds
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member
    from team.models import Organisation

How = Reminder.How


class NoSuchKind(Refused):
    """A kind of plan that the law does not know."""

    message = _("Choose one of the kinds.")
    status = 422


class DaysOutOfOrder(Refused):
    """A plan is agreed first, not in the future, and holds and is looked at after that."""

    message = _("The plan was agreed today or earlier, and the other days come after that.")
    status = 422


class ReferenceOver(Refused):
    """A colleague was quicker."""

    message = _("This plan has already been ended here.")


class TooLateToBringBack(Refused):
    """What ended on an earlier day stays so, and one of a kind goes on at a time."""

    message = _("This can no longer be undone. Record the plan that is in force now.")


class ConfirmerNeeded(Refused):
    """Somebody confirms a plan, on a day between its agreement and now."""

    message = _("Write who confirmed the plan, and the day: today or earlier, and not before it was agreed.")
    status = 422


class NotInThatState(Refused):
    """A colleague was quicker."""

    message = _("A colleague has already changed this. The page shows how it is now.")


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is known of a statutory plan: which, with whom, since when, until when, and when it is looked at."""

    kind: str
    organisation: Organisation
    agreed_on: date
    valid_until: date | None = None
    review_on: date | None = None


@transaction.atomic
def record_statutory(plan: Plan, agreed: Agreed, *, by: Member, at: datetime) -> StatutoryPlan:
    """A statutory plan was agreed elsewhere: the reference takes the place of an earlier one of its kind."""
    plan = held_plan(plan.pk)
    if agreed.kind not in kinds():
        raise NoSuchKind
    later = [day for day in (agreed.valid_until, agreed.review_on) if day]
    if agreed.agreed_on > clock.local_date(at) or any(day < agreed.agreed_on for day in later):
        raise DaysOutOfOrder
    for earlier in plan.statutory_plans.running().filter(kind=agreed.kind):
        _end(earlier, how=How.REVIEWED, by=by, at=at)
    row = StatutoryPlan.objects.create(
        plan=plan,
        kind=agreed.kind,
        organisation=agreed.organisation,
        agreed_on=agreed.agreed_on,
        valid_until=agreed.valid_until,
        review_on=agreed.review_on,
        recorded_at=at,
        recorded_by=by.membership,
    )
    fields = ["kind", "organisation", "agreed_on", "valid_until", "review_on"]
    audit.record("statutory_plan.recorded", row, by=by.actor, at=at, fields=fields, reason=row.kind)
    return row


@transaction.atomic
def send_for_confirmation(reference: StatutoryPlan, *, by: Member, at: datetime) -> StatutoryPlan:
    """The draft was sent today, in its own system, to whoever confirms it."""
    row = _to(reference, StatutoryPlan.Status.SENT)
    row.sent_on = clock.local_date(at)
    return _moved(row, by=by, at=at)


@transaction.atomic
def confirm_statutory(
    reference: StatutoryPlan, *, confirmer: str, confirmed_on: date, by: Member, at: datetime
) -> StatutoryPlan:
    """The plan was confirmed elsewhere: by which role or organisation, and on which day."""
    row = _to(reference, StatutoryPlan.Status.CONFIRMED)
    if not confirmer.strip() or not row.agreed_on <= confirmed_on <= clock.local_date(at):
        raise ConfirmerNeeded
    row.confirmer, row.confirmed_on = confirmer.strip(), confirmed_on
    return _moved(row, by=by, at=at)


@transaction.atomic
def step_back(reference: StatutoryPlan, *, by: Member, at: datetime) -> StatutoryPlan:
    """A wrong press of the same day: it is as far as it was before."""
    row = _running(reference)
    if not row.is_undoable_on(clock.local_date(at)):
        raise TooLateToBringBack
    was_sent = row.status == StatutoryPlan.Status.CONFIRMED and row.sent_on is not None
    row.status = StatutoryPlan.Status.SENT if was_sent else StatutoryPlan.Status.DRAFT
    row.confirmed_on, row.confirmer = None, ""
    row.sent_on = row.sent_on if was_sent else None
    return _moved(row, by=by, at=at)


def _running(reference: StatutoryPlan) -> StatutoryPlan:
    row = held_plan(reference.plan_id).statutory_plans.running().filter(pk=reference.pk).first()
    if row is None:
        raise ReferenceOver
    return row


def _to(reference: StatutoryPlan, status: StatutoryPlan.Status) -> StatutoryPlan:
    row = _running(reference)
    if status not in StatutoryPlan.MOVES[StatutoryPlan.Status(row.status)]:
        raise NotInThatState
    row.status = status
    return row


def _moved(row: StatutoryPlan, *, by: Member, at: datetime) -> StatutoryPlan:
    row.status_at = at
    fields = ["status", "status_at", "sent_on", "confirmed_on", "confirmer"]
    row.save(update_fields=fields)
    audit.record("statutory_plan.moved", row, by=by.actor, at=at, fields=fields, reason=row.status)
    return row


@transaction.atomic
def end_statutory(reference: StatutoryPlan, *, by: Member, at: datetime) -> StatutoryPlan:
    """The statutory plan is not in force any more."""
    return _end(_running(reference), how=How.CLOSED, by=by, at=at)


@transaction.atomic
def bring_back(reference: StatutoryPlan, *, by: Member, at: datetime) -> StatutoryPlan:
    """It goes on after all: on the same day, while no other of its kind does."""
    plan = held_plan(reference.plan_id)
    row = plan.statutory_plans.get(pk=reference.pk)
    ended = row.ended_at
    if ended is None or clock.local_date(ended) != clock.local_date(at):
        raise TooLateToBringBack
    if plan.statutory_plans.running().filter(kind=row.kind).exists():
        raise TooLateToBringBack
    row.ended_at = None
    row.save(update_fields=["ended_at"])
    settled = Reminder.objects.visible_to(by).filter(subject_id=row.pk, settled_at=ended, settled_by=by.membership)
    settled.update(settled_at=None, settled_by=None, how="")
    audit.record("statutory_plan.undone", row, by=by.actor, at=at, fields=["ended_at"])
    return row


def _end(row: StatutoryPlan, *, how: str, by: Member, at: datetime) -> StatutoryPlan:
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    waits = Reminder.objects.visible_to(by).open().filter(kind=Reminder.Kind.STATUTORY_REVIEW, subject_id=row.pk)
    waits.update(settled_at=at, settled_by=by.membership, how=how)
    audit.record("statutory_plan.ended", row, by=by.actor, at=at, fields=["ended_at"], reason=how)
    return row
