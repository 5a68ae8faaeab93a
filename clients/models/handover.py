"""A tablet handed over to one person for one matter: opened by staff, taken by six digits, answered once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.assessment import AssessmentAsk, SelfAssessment
from clients.models.client import Client
from clients.models.consent import Purpose
from clients.models.instrument import Area, InstrumentVersion
from clients.models.plan import Plan
from team.models import Device, Membership, Organisation, ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import MONTH, Retention

if TYPE_CHECKING:
    from team.access import Member


class HandoverQuerySet(models.QuerySet["HandoverSession"]):
    """Sessions by who holds them."""

    def waiting_for_code(self, at: datetime) -> HandoverQuerySet:
        """Those whose six digits nobody has typed yet."""
        return self.filter(taken_at__isnull=True, ended_at__isnull=True, expires_at__gt=at)

    def on_device(self, device_id: UUID, at: datetime) -> HandoverQuerySet:
        """The one that a tablet shows now, with all that it shows."""
        rows = self.filter(device_id=device_id, taken_at__isnull=False, ended_at__isnull=True, expires_at__gt=at)
        return rows.select_related(
            "client", "organisation", "opened_by__user", "opened_by__organisation", "version__instrument"
        )

    def answered_lately(self, device_id: UUID, at: datetime) -> HandoverQuerySet:
        """The one that a tablet ended a moment ago: a second press on the same button belongs to it."""
        ended = self.filter(device_id=device_id, outcome__in=("agreed", "declined", "stopped", "filled"))
        return ended.filter(ended_at__gt=at - timedelta(minutes=1))

    def opened_by_member(self, member: Member) -> HandoverQuerySet:
        """Those that the member opened: nobody else follows them."""
        return self.filter(opened_by_id=member.membership_id)


class HandoverSession(models.Model):
    """One person's turn at a tablet: each consent, each area of one instrument, or the plan, asked by itself.

    Somebody who is not on file yet has no row: the name waits on the staff's page until the person has agreed.
    """

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("The person agreed")
        DECLINED = "declined", _("The person did not want this now")
        FILLED = "filled", _("The person filled it in")
        STOPPED = "stopped", _("The person stopped")
        REPLACED = "replaced", _("A new code was asked for")

    retention = Retention("Handing a tablet over", days=MONTH, since="created_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="handovers")
    asks = ArrayField(models.CharField(max_length=12, choices=Purpose), default=list, blank=True)
    # purpose: the language of the words agreed to, or "" for a no; of an instrument, area: whether it was answered
    answers = models.JSONField(default=dict)
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, null=True, related_name="+")
    ask = models.ForeignKey(AssessmentAsk, on_delete=models.SET_NULL, null=True, related_name="+")
    assessment = models.ForeignKey(SelfAssessment, on_delete=models.SET_NULL, null=True, related_name="+")
    # The plan that is approved, and the version that the person reads.
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, null=True, related_name="+")
    plan_version = models.PositiveIntegerField(null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    contents = ArrayField(models.CharField(max_length=12), default=list)
    consent_until = models.DateField(null=True)
    language = models.CharField(max_length=10)
    code_hash = models.CharField(max_length=64)
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code_hash"],
                name="handover_code_open_once",
                condition=Q(taken_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, device__isnull=True)
                | Q(taken_at__isnull=False, device__isnull=False),
                name="handover_taken_by_device",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="handover_ends_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(client__isnull=False) | Q(asks__0=Purpose.RECORD), name="handover_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True, plan__isnull=True, plan_version__isnull=True, asks__len__gt=0)
                | Q(version__isnull=False, plan__isnull=True, plan_version__isnull=True, asks__len=0)
                | Q(version__isnull=True, plan__isnull=False, plan_version__isnull=False, asks__len=0),
                name="handover_of_one_matter",
            ),
        ]

    @property
    def asked(self) -> list[Purpose]:
        """The consents that are asked, in words."""
        return [Purpose(purpose) for purpose in self.asks]

    @property
    def question(self) -> str:
        """The consent, or the area of the instrument, that is asked now; none when all are answered."""
        asked = self.version.keys if self.version else self.asks
        return next((one for one in asked if one not in self.answers), "")

    @property
    def area(self) -> Area | None:
        """The area that is asked now, in words."""
        return self.version.area(self.question) if self.version else None

    @property
    def area_before(self) -> str:
        """The area asked before this one, to which the person may go back; none at the first."""
        keys = self.version.keys if self.version else []
        place = keys.index(self.question) if self.question in keys else 0
        return keys[place - 1] if place else ""

    @property
    def agreed_to(self) -> list[Purpose]:
        """The consents to which the person said yes."""
        return [Purpose(purpose) for purpose in self.asks if self.answers.get(purpose)]

    @property
    def declined(self) -> list[Purpose]:
        """The consents to which the person said no."""
        return [Purpose(purpose) for purpose in self.asks if self.answers.get(purpose) == ""]

    def state_at(self, at: datetime) -> str:
        """How far it is: waiting, taken, run_out, or how it ended."""
        if self.ended_at is not None:
            return self.outcome
        if self.expires_at <= at:
            return "run_out"
        return "waiting" if self.taken_at is None else "taken"
