"""Visits as the actions make them: never by hand, so that every row has its course."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from team.access import Member
from team.models import Desk, Membership, ServiceDay, Shift, Term, Topic
from tests.factories.team import MembershipFactory, ServiceDayFactory, ShiftFactory, at
from visits.actions import arrival, calling, encounters
from visits.models import Encounter, Visit


class House:
    """A service day with a front desk and advisors on shift: what most tests of the desk start from."""

    def __init__(self, **day: Any) -> None:
        self.day: ServiceDay = ServiceDayFactory(**day)
        self.point = self.day.point
        self.desk = Member(MembershipFactory(point=self.point, front_desk=True))
        self.now = at(11, on=self.day.on)
        self._desks = iter(Desk.objects.filter(point=self.point).order_by("number"))

    def advisor(self, *, professions: Any = (), languages: Any = ("fi",), partner: bool = False) -> Member:
        """An advisor on shift at a desk of their own."""
        membership: Membership = MembershipFactory(point=self.point, partner=partner, user__languages=list(languages))
        membership.user.professions.set(professions)
        shift: Shift = ShiftFactory(day=self.day, membership=membership, desk=next(self._desks, None))
        shift.profession = next(iter(professions), None)
        shift.save()
        return Member(membership)

    def topic(self, code: str = "tyonhaku") -> Topic:
        """A topic of the point."""
        return Topic.objects.get(point=self.point, code=code)

    def result(self, code: str = "riitti") -> Term:
        """A result of the point."""
        return Term.objects.get(point=self.point, kind=Term.Kind.RESULT, code=code)

    def arrive(self, moment: datetime | None = None, **details: Any) -> Visit:
        """Somebody comes in."""
        details.setdefault("topic", self.topic())
        return arrival.arrive(point=self.point, by=self.desk, at=moment or self.now, **details)

    def in_service(self, advisor: Member, visit: Visit | None = None, moment: datetime | None = None) -> Encounter:
        """Somebody sits with an advisor."""
        when = moment or self.now
        called = calling.call_in(visit or self.arrive(when), by=advisor, at=when)
        return encounters.start(called, by=advisor, at=when)
