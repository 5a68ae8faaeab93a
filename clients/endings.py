"""What ends soon and what comes after: the team's own people by name, and for who leads the point by colleague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from clients.clocks import BEFORE_END
from clients.models import Plan, PlanStep, Responsibility
from team.models import Membership

if TYPE_CHECKING:
    from team.access import Member

AHEAD = timedelta(days=max(BEFORE_END))
MOST = 200


@dataclass(frozen=True, slots=True)
class Ending:
    """One measure that ends soon, or whose end has passed, and who answers for the person."""

    step: PlanStep
    today: date
    responsible: Responsibility | None = None
    is_mine: bool = False

    @property
    def is_past(self) -> bool:
        """Whether its last day has passed."""
        return self.step.ends_on is not None and self.step.ends_on < self.today


def endings(member: Member, *, today: date) -> list[Ending]:
    """The measures that end by the alarm's first day, of people whose file the member's organisation keeps."""
    plans = Plan.objects.visible_to(member).filter(client__controller_id=member.organisation_id)
    steps = PlanStep.objects.ending_by(today + AHEAD).filter(plan__in=plans.values("pk"))
    steps = steps.select_related("plan__client", "next_step")
    open_ended = list(steps.unfollowed()[:MOST])  # first of all: nothing that is explained takes their place
    rows = open_ended + list(steps.exclude(pk__in=[row.pk for row in open_ended])[:MOST])
    people = {row.plan.client_id for row in rows}
    held = (
        Responsibility.objects.visible_to(member).running().filter(client__in=people).select_related("membership__user")
    )
    answers = {one.client_id: one for one in held}
    return [
        Ending(row, today, one, is_mine=one is not None and one.membership_id == member.membership_id)
        for row in rows
        for one in (answers.get(row.plan.client_id),)
    ]


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many measures of one colleague's people end soon: without a word of what follows, and with one."""

    who: Membership | None
    without: int
    explained: int
    first_on: date | None

    @property
    def name(self) -> str:
        """Who answers; empty when nobody does."""
        return self.who.user.name if self.who else ""


def by_colleague(member: Member, *, today: date) -> list[Ahead]:
    """Of everybody of the member's point, for who leads it: who has something without a next step comes first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT membership, without, explained, first_on FROM clients_ending_soon(%s)", [today + AHEAD])
        found: list[tuple[UUID | None, int, int, date | None]] = cursor.fetchall()
    keys = [row[0] for row in found if row[0]]
    known = Membership.objects.select_related("user", "organisation").in_bulk(keys)
    rows = [
        Ahead(known.get(key) if key else None, without, explained, first) for key, without, explained, first in found
    ]
    return sorted(rows, key=lambda one: (not one.without, one.first_on or today + AHEAD, one.name))
