"""Devices of a service point: the feedback tablet, the hand-over tablet, the board."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from team.models.organisation import Membership
from team.models.point import ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import MONTH, YEAR, Retention


class DeviceKind(models.TextChoices):
    """What a device may do, and nothing besides."""

    FEEDBACK = "feedback", _("Feedback tablet")
    HANDOVER = "handover", _("Hand-over tablet")
    BOARD = "board", _("Waiting board")


class DeviceQuerySet(models.QuerySet["Device"]):
    """Devices of a point."""

    def at_point(self, point_id: UUID) -> DeviceQuerySet:
        """Those of one service point, the paired ones first, the newest first."""
        rows = self.filter(point_id=point_id)
        return rows.order_by(models.F("revoked_at").desc(nulls_first=True), "-paired_at", "pk")

    def paired(self) -> DeviceQuerySet:
        """Those that are ours today."""
        return self.filter(revoked_at__isnull=True)


class Device(models.Model):
    """A paired device; its token (128 bits and more) is stored hashed and can be revoked."""

    retention = Retention("Keeps strangers' devices out", days=YEAR, since="revoked_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="devices")
    kind = models.CharField(max_length=8, choices=DeviceKind)
    name = models.CharField(max_length=40)
    token_hash = models.CharField(max_length=64, unique=True)
    paired_at = models.DateTimeField()
    paired_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DeviceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class PairingCode(models.Model):
    """Six digits, one use, ten minutes: how a device becomes ours."""

    retention = Retention("Pairing of devices", days=MONTH, since="created_at")

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="pairing_codes")
    kind = models.CharField(max_length=8, choices=DeviceKind)
    name = models.CharField(max_length=40)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code_hash"], name="pairing_code_open_once", condition=Q(used_at__isnull=True)
            )
        ]
