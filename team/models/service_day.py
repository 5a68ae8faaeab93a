"""When a service point is open: weekly rules, exceptions, and the service day that is made from them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from team.models.organisation import Membership
from team.models.point import ServicePoint
from tyoparkki.clock import HELSINKI
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention
from tyoparkki.texts import TextsField


class OpeningRuleQuerySet(models.QuerySet["OpeningRule"]):
    """Weekly hours."""

    def in_force_from(self, day: date) -> OpeningRuleQuerySet:
        """Those that hold on a day or later, in the order of the week."""
        rows = self.filter(models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day))
        return rows.order_by("weekday", "opens_at", "pk")


class OpeningExceptionQuerySet(models.QuerySet["OpeningException"]):
    """Dates that differ."""

    def from_day(self, day: date) -> OpeningExceptionQuerySet:
        """Those of a day and later, in order."""
        return self.filter(on__gte=day).order_by("on", "pk")


class OpeningRule(models.Model):
    """Open on one weekday from an hour to an hour; nothing says "Wednesday" in code."""

    retention = Retention("Opening hours")

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="opening_rules")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = OpeningRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="opening_rule_hours"),
        ]


class OpeningException(models.Model):
    """One day that differs from the rule: closed, shorter, longer, or an extra opening."""

    retention = Retention("Opening hours")

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="opening_exceptions")
    on = models.DateField()
    is_closed = models.BooleanField(default=False)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    reasons = TextsField(blank=True)

    objects = OpeningExceptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "on"], name="opening_exception_once"),
            models.CheckConstraint(
                condition=Q(is_closed=True, opens_at__isnull=True, closes_at__isnull=True)
                | Q(is_closed=False, opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="opening_exception_hours",
            ),
        ]


class ServiceDayQuerySet(models.QuerySet["ServiceDay"]):
    """Service days of a point."""

    def at(self, point_id: UUID) -> ServiceDayQuerySet:
        """Those of one point."""
        return self.filter(point_id=point_id)

    def held(self) -> ServiceDayQuerySet:
        """Those that have not been called off."""
        return self.exclude(state=ServiceDay.State.CALLED_OFF)

    def on(self, day: date) -> ServiceDayQuerySet:
        """Those of one date; a day that was called off is no service day."""
        return self.held().filter(on=day)

    def before(self, day: date) -> ServiceDayQuerySet:
        """Those that are over on a date."""
        return self.filter(on__lt=day)

    def running(self) -> ServiceDayQuerySet:
        """Those whose doors are open or paused."""
        return self.filter(state__in=(ServiceDay.State.OPEN, ServiceDay.State.PAUSED))

    def unopened(self) -> ServiceDayQuerySet:
        """Those whose doors have not been opened; somebody may have been let in before the hour all the same."""
        return self.filter(state=ServiceDay.State.PLANNED)


class ServiceDay(models.Model):
    """One date on which one service point serves people."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Not opened yet")
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")
        CALLED_OFF = "off", _("Called off")

    MOVES = {
        State.PLANNED: {State.OPEN, State.CLOSED, State.CALLED_OFF},
        State.OPEN: {State.PAUSED, State.CLOSED},
        State.PAUSED: {State.OPEN, State.CLOSED},
        State.CLOSED: {State.OPEN},
        State.CALLED_OFF: {State.PLANNED},
    }

    retention = Retention("Frame of all figures")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="days")
    on = models.DateField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ServiceDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "on"], name="service_day_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="service_day_hours"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="service_day_closed_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.on.isoformat()

    @property
    def starts(self) -> datetime:
        """The moment the doors open by the plan."""
        return datetime.combine(self.on, self.opens_at, tzinfo=HELSINKI)

    @property
    def ends(self) -> datetime:
        """The moment the doors close by the plan."""
        return datetime.combine(self.on, self.closes_at, tzinfo=HELSINKI)
