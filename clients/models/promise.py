"""Promises that a service point adds to the product's own: to be in touch within so many working days of something."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from team.models import ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention
from tyoparkki.texts import TextsField, pick

if TYPE_CHECKING:
    from team.access import Member


class PointPromiseQuerySet(models.QuerySet["PointPromise"]):
    """Promises by point and state."""

    def visible_to(self, member: Member) -> PointPromiseQuerySet:
        """Those of the member's own point: a setting, and nobody's."""
        return self.at_point(member.point_id)

    def at_point(self, point_id: UUID) -> PointPromiseQuerySet:
        """Those of one point, the oldest first."""
        return self.filter(point_id=point_id).order_by("made_at", "pk")

    def running(self) -> PointPromiseQuerySet:
        """Those that are made to people now."""
        return self.filter(ended_at__isnull=True)


class PointPromise(models.Model):
    """A promise of one service point, in its own words: never changed, so that figures speak of one thing."""

    class CountedFrom(models.TextChoices):
        PLAN = "plan", _("from the day the plan opened")
        TAKEN_OVER = "taken", _("from the day a hand-over was accepted")
        REFERRAL = "referral", _("from the day a referral was received here")

    retention = Retention("Settings of a service point")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="+")
    names = TextsField()
    days = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(60)])  # working days
    counted_from = models.CharField(max_length=8, choices=CountedFrom)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = PointPromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=60), name="promise_days"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("made_at")), name="promise_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The promise in the reader's language."""
        return pick(self.names)
