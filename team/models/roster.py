"""Who is on shift, on a break, and who asks a colleague to come."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from team.models.organisation import Membership, Profession, User
from team.models.point import Desk, ServicePoint
from team.models.service_day import ServiceDay
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Shifts of a service day."""

    def on_day(self, day: ServiceDay) -> ShiftQuerySet:
        """Those of one service day that hold."""
        return self.filter(day=day, cancelled_at__isnull=True)

    def at_work(self, at: datetime) -> ShiftQuerySet:
        """Those that run at a moment."""
        return self.filter(starts_at__lte=at, ends_at__gt=at, cancelled_at__isnull=True)

    def planned_between(self, point_id: UUID, first: date, last: date) -> ShiftQuerySet:
        """Those of a point that hold, from a date to a date."""
        return self.filter(day__point_id=point_id, day__on__range=(first, last), cancelled_at__isnull=True)

    def at_point(self, point_id: UUID) -> ShiftQuerySet:
        """Those of one service point, cancelled ones too."""
        return self.filter(day__point_id=point_id)

    def changeable_by(self, member: Member) -> ShiftQuerySet:
        """One's own, and everybody's at the point for whoever plans the roster or runs the day."""
        here = self.at_point(member.point_id)
        if member.may("edit_roster") or member.may("run_day"):
            return here
        return here.filter(membership_id=member.membership_id)

    def with_state(self) -> ShiftQuerySet:
        """With the person's trades and the break that is going on, in the same query."""
        trades = User.professions.through.objects.filter(user_id=OuterRef("membership__user_id"))
        pauses = Break.objects.filter(shift=OuterRef("pk"), ended_at__isnull=True)
        return self.annotate(
            profession_ids=ArraySubquery(trades.order_by("profession_id").values("profession_id")),
            is_on_break=Exists(pauses),
            break_until=Subquery(pauses.values("until")[:1]),
        )

    def with_people(self) -> ShiftQuerySet:
        """With all that a list of colleagues shows, in two queries."""
        return self.select_related("membership__user", "membership__organisation", "desk", "profession").order_by(
            "starts_at", "pk"
        )


class Shift(models.Model):
    """One colleague at one service day, from an hour to an hour, in a profession, perhaps at a desk."""

    retention = Retention("Roster and hours given", days=2 * YEAR, since="ends_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.ForeignKey(ServiceDay, on_delete=models.PROTECT, related_name="shifts")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="shifts")
    profession = models.ForeignKey(Profession, on_delete=models.PROTECT, null=True, blank=True, related_name="shifts")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, blank=True, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_lead = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ShiftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["day"], name="shift_day"),
            models.Index(fields=["membership", "starts_at"], name="shift_membership"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_period"),
            models.UniqueConstraint(
                fields=["day", "membership"], name="shift_once_a_day", condition=Q(cancelled_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["day"], name="shift_one_lead", condition=Q(is_lead=True, cancelled_at__isnull=True)
            ),
        ]


class Break(models.Model):
    """A colleague is away from the desk for a while, until about an hour."""

    retention = Retention("Routing of the day", days=YEAR, since="started_at")

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="breaks")
    started_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift"], name="break_one_open", condition=Q(ended_at__isnull=True)),
        ]


class HelpCallQuerySet(models.QuerySet["HelpCall"]):
    """Calls for help."""

    def open_at(self, point_id: UUID) -> HelpCallQuerySet:
        """Those at a point that nobody has answered yet, with who calls from where."""
        rows = self.filter(point_id=point_id, ended_at__isnull=True)
        return rows.select_related("called_by__user", "desk").order_by("called_at", "pk")


class HelpCall(models.Model):
    """A discreet press "help here" that every colleague sees and no visitor does."""

    retention = Retention("Safety of staff", days=YEAR, since="called_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="help_calls")
    called_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = HelpCallQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["point"], name="help_call_open", condition=Q(ended_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["called_by"], name="help_call_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False), name="help_call_ended_by_when_ended"
            ),
        ]
