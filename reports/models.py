"""Daily figures: one narrow table, replaced per service point and day, always equal to a recount."""

from __future__ import annotations

from django.db import models

from team.models import ServicePoint
from tyoparkki.retention import Retention


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
