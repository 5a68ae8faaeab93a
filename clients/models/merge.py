"""Two files turn out to be of one person: what was merged, kept so that it can be put back row for row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from clients.models.client import Client
from team.models import Membership
from team.permissions import Perm
from tyoparkki.ids import new_id
from tyoparkki.retention import MONTH, Retention

if TYPE_CHECKING:
    from team.access import Member

UNDO_DAYS = MONTH


class MergeRecordQuerySet(models.QuerySet["MergeRecord"]):
    """Merges by reader and time."""

    def visible_to(self, member: Member) -> MergeRecordQuerySet:
        """Those of people whom the team of the member's point may record, for those who edit files.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.EDIT_CLIENTS):
            return self.none()
        known = Client.objects.visible_to(member).known_to_team_of(member.point_id)
        return self.filter(kept__in=known.values("pk"))

    def standing(self) -> MergeRecordQuerySet:
        """Those that nobody has undone."""
        return self.filter(undone_at__isnull=True)

    def undoable_of(self, client: Client, at: datetime) -> MergeRecordQuerySet:
        """Those into one person's file that may still be undone, the newest first."""
        fresh = self.standing().filter(kept=client, merged_at__gt=at - timedelta(days=UNDO_DAYS))
        return fresh.select_related("merged_by__user").order_by("-merged_at", "-pk").defer("rows")

    def away(self, gone_id: UUID) -> MergeRecordQuerySet:
        """The one by which a file went into another."""
        return self.standing().filter(gone_id=gone_id).defer("rows")


class MergeRecord(models.Model):
    """One merge: which file went into which, and every row that it touched, as it was before."""

    retention = Retention("To undo a merge row for row", ("gone_id", "rows"), days=UNDO_DAYS, since="merged_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="merges")
    gone_id = models.UUIDField(db_index=True)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    rows = models.JSONField(default=dict)  # gone, kept before and after, moved and set aside by table
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = MergeRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__gte=F("merged_at"), undone_by__isnull=False),
                name="merge_undone_by_whom",
            ),
        ]

    @property
    def undo_until(self) -> datetime:
        """Until when it may be undone."""
        return self.merged_at + timedelta(days=UNDO_DAYS)
