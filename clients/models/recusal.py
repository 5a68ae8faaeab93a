"""Conflict of interest: a member of staff has nothing to do with the file of somebody of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections, models
from django.db.models import F, Q

from clients.models.client import Client
from team.models import Membership, ServicePoint, User
from team.permissions import Perm
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention

if TYPE_CHECKING:
    from team.access import Member


class RecusalQuerySet(models.QuerySet["Recusal"]):
    """Marks by reader and time."""

    def visible_to(self, member: Member) -> RecusalQuerySet:
        """One's own, and for whoever plans the shifts those of the point: who is barred, never from whom.

        clients/walls/ keeps the same rule in the database.
        """
        own = Q(user_id=member.membership.user_id)
        return self.filter(own | Q(point_id=member.point_id) if member.may(Perm.EDIT_ROSTER) else own)

    def standing(self) -> RecusalQuerySet:
        """Those that hold."""
        return self.filter(ended_at__isnull=True)

    def bars(self, client_id: UUID, membership_id: UUID) -> bool:
        """Whether this colleague has marked this person, whose file the actor's team keeps; past the wall, and no more
        is told than that."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT clients_is_barred(%s, %s)", [client_id, membership_id])
            return bool(cursor.fetchone()[0])

    def of_point(self, member: Member) -> RecusalQuerySet:
        """Those of the member's point."""
        return self.filter(point_id=member.point_id)

    def for_list(self) -> RecusalQuerySet:
        """With the people of the staff: those that hold first, the newest first."""
        return self.select_related("user", "ended_by__user").order_by(
            F("ended_at").desc(nulls_first=True), "-marked_at", "pk"
        )


class Recusal(models.Model):
    """This user is barred from this person's file, in every membership, since when and until when."""

    retention = Retention("Nobody handles the file of somebody of their own", ("client", "end_reason"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="recusals")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "client"], name="recusal_standing", condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "user"], name="recusal_one_standing", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(ended_at__gte=F("marked_at"), ended_by__isnull=False),
                name="recusal_ended_by_whom",
            ),
        ]
