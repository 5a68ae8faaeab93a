"""Devices of a service point: the feedback tablet, the hand-over tablet, the board."""

from __future__ import annotations

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
