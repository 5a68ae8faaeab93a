"""A coach's desk: my people with the next step, the next contact and what is due, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from clients import cases, touch
from clients.clocks import Case, next_contact_on
from clients.models import Client, Companion, Plan, PlanStep, Reminder, Responsibility
from clients.models.reminder import ReminderQuerySet
from tyoparkki.clock import local_date

if TYPE_CHECKING:
    from team.access import Member

Kind = Reminder.Kind
_BY_CONTACT = {Kind.FIRST_CONTACT, Kind.SITE_PROMISE, Kind.NEXT_CONTACT, Kind.LOST}
_OF_MEASURES = (Kind.MEASURE_ENDS, Kind.MEASURE_CONTACT)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is due, and how it stands today."""

    reminder: Reminder
    today: date

    @property
    def days_late(self) -> int:
        """How many days its day has passed; 0 on the day itself and before."""
        return max((self.today - self.reminder.due_on).days, 0)

    @property
    def is_review(self) -> bool:
        """Whether a look together settles it."""
        return self.reminder.kind in {Kind.PLAN_REVIEW, Kind.NEED_REVIEW}

    @property
    def is_error(self) -> bool:
        """A period of support has passed without anybody looking at the need again."""
        return self.reminder.kind == Kind.NEED_REVIEW and self.days_late > 0


@dataclass(frozen=True, slots=True)
class Row:
    """One of my people."""

    held: Responsibility
    today: date
    next_on: date
    contact_at: datetime | None = None
    plan: Plan | None = None
    step: PlanStep | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def client(self) -> Client:
        """The person."""
        return self.held.client

    @property
    def urgent_on(self) -> date:
        """The first day on which something is due."""
        days = [self.next_on, *(line.reminder.due_on for line in self.lines)]
        return min([*days, self.step.by_on] if self.step and self.step.by_on else days)

    @property
    def is_late(self) -> bool:
        """Whether a day has passed."""
        return self.urgent_on < self.today

    @property
    def is_today(self) -> bool:
        """Whether something is due today."""
        return self.urgent_on == self.today

    @property
    def contact_is_late(self) -> bool:
        """Whether the agreed interval has passed without a contact."""
        return self.next_on < self.today


def rows_of(member: Member, held: list[Responsibility], *, at: datetime) -> list[Row]:
    """These responsibilities as rows of the desk, in a constant number of statements."""
    keys, today = [row.client_id for row in held], local_date(at)
    plans = {
        plan.client_id: plan for plan in Plan.objects.visible_to(member).filter(client_id__in=keys, closed_at=None)
    }
    steps = _next_steps(plans)
    touched = touch.contacts(keys, since=at - cases.LOOKED_BACK)
    reminders = _reminders(member, keys)
    terms = cases.terms_of(member.point_id)
    rows = []
    for one in held:
        plan, moments = plans.get(one.client_id), touched.get(one.client_id, [])
        contact_at = moments[-1] if moments else None
        begun = min(one.since_at, plan.opened_at) if plan else one.since_at
        case = Case(one.client_id, one.point_id, begun, intensity=plan.intensity if plan else "", contact_at=contact_at)
        due = [row for row in reminders.get(one.client_id, []) if not _is_overtaken(row, contact_at)]
        rows.append(
            Row(
                one,
                today,
                next_contact_on(case, terms),
                contact_at=contact_at,
                plan=plan,
                step=steps.get(plan.pk) if plan else None,
                lines=[Line(row, today) for row in _without_doubles(due)],
            )
        )
    return sorted(rows, key=lambda row: (row.urgent_on, row.client.name_key, row.held.pk))


def beside(member: Member, held: Iterable[UUID]) -> ReminderQuerySet:
    """What begins and ends for people beside whom the member walks, whoever answers: the companion knows too."""
    rows = Reminder.objects.visible_to(member).open().filter(kind__in=_OF_MEASURES)
    walked = Companion.objects.visible_to(member).of_member(member).values("client_id")
    return rows.filter(client__in=walked).exclude(client__in=list(held)).select_related("client").for_lists()


def _next_steps(plans: dict[UUID, Plan]) -> dict[UUID, PlanStep]:
    """The first step to do of each plan."""
    found: dict[UUID, PlanStep] = {}
    for step in PlanStep.objects.to_do().filter(plan_id__in=[plan.pk for plan in plans.values()]).for_lists():
        found.setdefault(step.plan_id, step)
    return found


def _reminders(member: Member, keys: list[UUID]) -> dict[UUID, list[Reminder]]:
    found: dict[UUID, list[Reminder]] = {}
    for row in Reminder.objects.visible_to(member).open().of_people(keys).for_lists():
        if row.client_id:
            found.setdefault(row.client_id, []).append(row)
    return found


def _is_overtaken(row: Reminder, contact_at: datetime | None) -> bool:
    """A visit of today has done what it asks for; the night settles it."""
    return row.kind in _BY_CONTACT and contact_at is not None and contact_at > row.since_at


def _without_doubles(rows: list[Reminder]) -> list[Reminder]:
    """One call settles all that ask for one: the heaviest of them is shown."""
    for kind in (Kind.LOST, Kind.FIRST_CONTACT):
        if any(row.kind == kind for row in rows):
            return [row for row in rows if row.kind == kind or row.kind not in _BY_CONTACT]
    return rows
