"""Daily figures, replaced per service point and day and always equal to a recount; and what is kept beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Count, Q, Sum, Value
from django.utils.translation import gettext_lazy as _

from team.models import Membership, ServicePoint
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from reports.period import Period


class DailyFigureQuerySet(models.QuerySet["DailyFigure"]):
    """Daily figures by point, figure and period."""

    def at(self, point_id: UUID) -> DailyFigureQuerySet:
        """Those of one service point."""
        return self.filter(point_id=point_id)

    def of(self, figures: Sequence[str]) -> DailyFigureQuerySet:
        """Those of some figures."""
        return self.filter(figure__in=figures)

    def between(self, period: Period) -> DailyFigureQuerySet:
        """Those of a period's days."""
        return self.filter(on__range=(period.first, period.last))

    def summed(self, period: Period, other: Period | None) -> Iterator[tuple[str, str, int | None, int | None, int]]:
        """By figure and part: the sum of a period, of another one, and on how many days of the other.

        A day has one row of each part, so days need not be told apart; and one stretch of the index holds both periods.
        """
        here = Q(on__range=(period.first, period.last))
        if other is None:
            rows = self.filter(here).values_list("figure", "part").order_by()
            yield from rows.annotate(here=Sum("n"), there=Value(0), days=Value(0))
            return
        there = Q(on__range=(other.first, other.last))
        stretch = Q(on__range=(min(period.first, other.first), max(period.last, other.last)))
        rows = self.filter(stretch, here | there).values_list("figure", "part").order_by()
        yield from rows.annotate(
            here=Sum("n", filter=here), there=Sum("n", filter=there), days=Count("n", filter=there)
        )


class DailyFigure(models.Model):
    """How many of one part of one figure on one day: ("topic", "tyonhaku", 12), ("wait_minutes", "7", 3).

    Everything is a count, so that days add up to any period and medians come from the histogram of minutes.
    """

    retention = Retention("Figures of the service, no personal data")

    id = models.BigAutoField(primary_key=True)
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="daily_figures")
    on = models.DateField()
    figure = models.CharField(max_length=30)
    part = models.CharField(max_length=60)
    n = models.PositiveIntegerField()

    objects = DailyFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "on", "figure", "part"], name="daily_figure_once"),
        ]
        indexes = [models.Index(fields=["point", "figure", "on"], name="daily_figure_period", include=["part", "n"])]


class AggregatedDay(models.Model):
    """When a day's figures were last counted: the stamp of freshness on the dashboard."""

    retention = Retention("Freshness of figures")

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="aggregated_days")
    on = models.DateField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "on"], name="aggregated_day_once")]


class KeptMonth(models.Model):
    """What the rows of erased people counted for: how many of one part of one figure in one month, and nobody's.

    An erasure adds its numbers here, all people in one row, so that the figures of months past stay as they were.
    """

    retention = Retention("Figures of the service, no personal data")

    id = models.BigAutoField(primary_key=True)
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    figure = models.CharField(max_length=30)
    part = models.CharField(max_length=60)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "month", "figure", "part"], name="kept_month_once"),
        ]


class BreachCauseQuerySet(models.QuerySet["BreachCause"]):
    """Causes of broken promises."""

    def at(self, point_id: UUID) -> BreachCauseQuerySet:
        """Those of one service point."""
        return self.filter(point_id=point_id)

    def between(self, first: date, last: date) -> BreachCauseQuerySet:
        """Those of promises that were due on these days."""
        return self.filter(due_on__range=(first, last))


class BreachCause(models.Model):
    """Why a promise was not kept, as a code; the key names nobody and outlives the reminder it was made from."""

    class Cause(models.TextChoices):
        NOBODY = "nobody", _("Nobody was responsible")
        ABSENCE = "absence", _("A colleague was away")
        UNREACHED = "unreached", _("The client was not reached")
        UNRECORDED = "unrecorded", _("It was done but not recorded")
        OTHER = "other", _("Something else")

    retention = Retention("Why promises are not kept", days=2 * YEAR, since="due_on")

    key = models.UUIDField(primary_key=True, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    cause = models.CharField(max_length=10, choices=Cause)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = BreachCauseQuerySet.as_manager()
