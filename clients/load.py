"""How much each colleague of a point has taken on: weighed by how often people are to be met, not counted by head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from clients import cases
from clients.clocks import Terms
from clients.models import Plan
from team.models import Membership

if TYPE_CHECKING:
    from team.access import Member

MONTH_DAYS = 30
# So many days ahead it is told that a colleague's membership ends: time to meet each person once more.
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Load:
    """One colleague: how many people in which rhythm (none: without a plan), and how many contacts a month it asks."""

    who: Membership
    people: dict[str, int] = field(default_factory=dict)
    contacts: float = 0.0

    @property
    def everybody(self) -> int:
        """For how many people the colleague answers."""
        return sum(self.people.values())

    @property
    def answers_until(self) -> date | None:
        """The last day on which the colleague can answer, if there is one: of the work here or of the membership."""
        last = [day for day in (self.who.valid_until, self.who.user.left_on) if day]
        return min(last) if last else None

    @property
    def is_shut_out(self) -> bool:
        """The colleague cannot sign in, whatever the days say."""
        return not (self.who.user.is_active and self.who.organisation.is_active)

    def is_over_by(self, day: date) -> bool:
        """Whether nobody answers any more after a day."""
        return self.is_shut_out or (self.answers_until is not None and self.answers_until < day)

    @property
    def rhythms(self) -> list[tuple[str, int]]:
        """The rhythms in words with how many people, the most frequent first."""
        named = [(str(one.label), self.people.get(one.value, 0)) for one in Plan.Intensity]
        return [(label, n) for label, n in named if n]

    @property
    def without_plan(self) -> int:
        """How many people have no plan."""
        return self.people.get("", 0)


def in_nobodys_hands(told: Iterable[Load], *, today: date) -> list[tuple[Load, bool]]:
    """Whose people are in nobody's hands, or soon will be, and whether they are already; those first."""
    found = [(one, one.is_over_by(today)) for one in told if one.is_over_by(today + SOON)]
    return sorted(found, key=lambda pair: (not pair[1], pair[0].answers_until or today, pair[0].who.user.name))


def contacts_a_month(people: dict[str, int], terms: Terms) -> float:
    """How many contacts a month these people ask for, each in the rhythm of the plan; without a plan the longer one."""
    return sum(n * MONTH_DAYS / terms.rhythm(intensity) for intensity, n in people.items())


def loads(member: Member) -> list[Load]:
    """Of whoever answers for somebody at the member's point, the heaviest load first; nothing without the right."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute("SELECT membership, intensity, n FROM clients_load()")
        for membership, intensity, n in cursor.fetchall():
            found[membership][intensity] = n
    if not found:
        return []
    terms = cases.terms_of(member.point_id)
    rows = Membership.objects.filter(pk__in=found).select_related("user", "organisation")
    told = [Load(row, found[row.pk], contacts_a_month(found[row.pk], terms)) for row in rows.order_by("pk")]
    return sorted(told, key=lambda one: (-one.contacts, one.who.user.name))
