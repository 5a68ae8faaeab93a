"""Who else is beside a person, and who acts for a colleague on leave."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from clients.models.client import Client
from clients.models.responsibility import of_team
from team.models import Membership, ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


class CompanionQuerySet(models.QuerySet["Companion"]):
    """Companions by reader and time."""

    def visible_to(self, member: Member) -> CompanionQuerySet:
        """Those of people whom the team of the member's point may record."""
        return self.filter(client__in=of_team(member).values("pk"))

    def running(self) -> CompanionQuerySet:
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)

    def of_member(self, member: Member) -> CompanionQuerySet:
        """Those in which the member walks beside somebody."""
        return self.filter(membership_id=member.membership_id).running()

    def of_client(self, client_id: UUID) -> CompanionQuerySet:
        """Those of one person, the longest first."""
        rows = self.filter(client_id=client_id).select_related("membership__user", "membership__organisation")
        return rows.order_by("since_at", "pk")


class Companion(models.Model):
    """A colleague who walks beside a person for long, whoever answers for the person; a row only ever gains its end."""

    retention = Retention("That a familiar face stays beside the person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="companions")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField()
    since_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = CompanionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "membership"], name="companion_once", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since_at")), name="companion_period"
            ),
        ]


class StandInQuerySet(models.QuerySet["StandIn"]):
    """Substitutes by day."""

    def of_member(self, member: Member) -> StandInQuerySet:
        """Those of the member's own leaves, and those in which the member acts for a colleague."""
        return self.filter(Q(absent_id=member.membership_id) | Q(membership_id=member.membership_id))

    def to_come(self, day: date) -> StandInQuerySet:
        """Those who act on a day or later."""
        return self.filter(until_on__gte=day, ended_at__isnull=True)

    def with_people(self) -> StandInQuerySet:
        """With both colleagues, the earliest leave first."""
        return self.select_related("absent__user", "membership__user").order_by("from_on", "pk")


class StandIn(models.Model):
    """A colleague acts for another during a leave: sees the other's people and is in touch with them."""

    retention = Retention("Who acted for whom", days=YEAR, since="until_on")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    absent = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = StandInQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["membership", "until_on"], name="stand_in_acts")]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="stand_in_period"),
            models.CheckConstraint(condition=~Q(absent=F("membership")), name="stand_in_is_another"),
        ]
