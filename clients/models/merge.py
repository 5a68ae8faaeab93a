"""Two files turn out to be of one person, or of two: what was merged, so that it can be put back, and what was told."""

from __future__ import annotations

from collections.abc import Iterable
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


class NotSameQuerySet(models.QuerySet["NotSame"]):
    """What was told of pairs by reader, person and time."""

    def visible_to(self, member: Member) -> NotSameQuerySet:
        """Those at the files of people whom the team of the member's point may record, for those who edit files.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.EDIT_CLIENTS):
            return self.none()
        known = Client.objects.visible_to(member).known_to_team_of(member.point_id)
        return self.filter(client__in=known.values("pk"))

    def standing(self) -> NotSameQuerySet:
        """Those that hold."""
        return self.filter(ended_at__isnull=True)

    def between(self, one: UUID, other: UUID) -> NotSameQuerySet:
        """Those of one pair, told at either file."""
        return self.filter(Q(client=one, other_id=other) | Q(client=other, other_id=one))

    def about(self, client: UUID) -> NotSameQuerySet:
        """Those of every pair that this file is one of."""
        return self.filter(Q(client=client) | Q(other_id=client))

    def apart(self, clients: Iterable[UUID]) -> set[frozenset[UUID]]:
        """The pairs among these files of which it holds that they are two people.

        A mark that has ended at either file since then ends the pair: who corrected one file need not see the other.
        """
        keys = list(clients)
        rows = self.filter(Q(client__in=keys) | Q(other_id__in=keys))
        told: dict[frozenset[UUID], datetime] = {}
        over: dict[frozenset[UUID], datetime] = {}
        for client, other, marked_at, ended_at in rows.values_list("client", "other_id", "marked_at", "ended_at"):
            pair = frozenset({client, other})
            last, moment = (over, ended_at) if ended_at else (told, marked_at)
            last[pair] = max(last.get(pair, moment), moment)
        return {pair for pair, moment in told.items() if pair not in over or over[pair] <= moment}

    def for_list(self) -> NotSameQuerySet:
        """With the person and who said it, the newest first."""
        return self.select_related("client", "marked_by__user").order_by("-marked_at", "pk")


class NotSame(models.Model):
    """A colleague has compared two files and says that they are of two people.

    It is told at each of the two files, so that it goes where the file goes: into a merge and out of it again. The
    other file is named by its key alone.
    """

    retention = Retention("Nobody compares the same two files again and again", ("client", "other_id"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="not_same")
    other_id = models.UUIDField(db_index=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = NotSameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "other_id"], name="not_same_once", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(condition=~Q(client=F("other_id")), name="not_same_of_two"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_at__gte=F("marked_at"), ended_by__isnull=False),
                name="not_same_ended_by_whom",
            ),
        ]
