"""The personal identity code (henkilötunnus): only where the site has turned it on, sealed, and found by its like."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.consent import Consent, Purpose
from team.models import Membership
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import DAY_END, Retention

if TYPE_CHECKING:
    from team.access import Member


class IdentityCodeQuerySet(models.QuerySet["IdentityCode"]):
    """Identity codes by reader and state."""

    def visible_to(self, member: Member) -> IdentityCodeQuerySet:
        """Those of people whose file the member's organisation keeps for the team of the point; never anybody else's.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.EDIT_CLIENTS):
            return self.none()
        kept = Consent.objects.in_force(clock.local_date(clock.now())).filter(
            client=OuterRef("client"),
            purpose=Purpose.RECORD,
            recipient_point_id=member.point_id,
            client__controller_id=member.organisation_id,
        )
        return self.filter(Exists(kept))

    def standing(self) -> IdentityCodeQuerySet:
        """Those that hold."""
        return self.filter(ended_at__isnull=True)

    def of_client(self, client_id: UUID) -> IdentityCodeQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def removed_by_member(self, member: Member, since: datetime) -> IdentityCodeQuerySet:
        """Those that the member took away since a moment, the latest first."""
        return self.filter(ended_by_id=member.membership_id, ended_at__gte=since).order_by("-ended_at", "-pk")


class IdentityCode(models.Model):
    """One person's identity code, sealed; equal ones are found by a keyed hash."""

    class Reason(models.TextChoices):
        """Why it is looked at."""

        IDENTIFY = "identify", _("To make sure who the person is")
        FORM = "form", _("A form or an authority asks for it")
        CHECK = "check", _("To check that it is written right")

    retention = Retention(
        "To tell people apart without doubt, where the site has turned it on",
        ("sealed_code", "code_hash"),
        days=DAY_END,
        since="ended_at",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="identity_codes")
    sealed_code = models.TextField()
    code_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = IdentityCodeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["code_hash"], name="identity_code_like")]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], name="identity_code_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("recorded_at"), ended_by__isnull=False),
                name="identity_code_ended_by_whom",
            ),
        ]
