"""What came of it: the outcomes of a person, and the questions afterwards whether it has lasted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, told_to
from clients.models.consent import Consent, Purpose
from clients.models.plan import Plan
from team.models import Membership, ServicePoint
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention
from tyoparkki.texts import TextsField

if TYPE_CHECKING:
    from team.access import Member


class OutcomeTypeQuerySet(models.QuerySet["OutcomeType"]):
    """Kinds of outcome."""

    def in_use(self) -> OutcomeTypeQuerySet:
        """Those that may be chosen, in their order."""
        return self.filter(is_active=True).order_by("position", "pk")


class OutcomeType(models.Model):
    """A kind of outcome in the house's own words; its group tells figures what it counts as."""

    class Group(models.TextChoices):
        WORK = "work", _("Work")
        STUDIES = "studies", _("Studies")
        MEASURE = "measure", _("A measure that supports work")
        SERVICE = "service", _("A service goes on")
        OTHER = "other", _("Something else")
        UNKNOWN = "unknown", _("Not known")

    retention = Retention("Words for outcomes")

    code = models.SlugField(max_length=40)
    group = models.CharField(max_length=8, choices=Group)
    names = TextsField()
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = OutcomeTypeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="outcome_type_code_once")]


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Outcomes by reader and state."""

    def visible_to(self, member: Member) -> OutcomeQuerySet:
        """For those who guide: of people whose file the member's organisation keeps for the team of the point, and of
        those who let the organisation know of their situation.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.GUIDE):
            return self.none()
        keys = Consent.objects.in_force(clock.local_date(clock.now())).filter(client=OuterRef("client"))
        kept = Q(
            purpose=Purpose.RECORD,
            recipient_point_id=member.point_id,
            client__controller_id=member.organisation_id,
        )
        told = told_to(member) & Q(contents__contains=[Consent.Content.SITUATION])
        return self.filter(Exists(keys.filter(kept | told)))

    def valid(self) -> OutcomeQuerySet:
        """Those that nobody took back."""
        return self.filter(undone_at__isnull=True)

    def of_client(self, client_id: UUID) -> OutcomeQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def for_page(self) -> OutcomeQuerySet:
        """With kind and recorder, the newest first."""
        rows = self.select_related("type", "recorded_by__user", "recorded_by__organisation")
        return rows.order_by("-since_on", "-recorded_at", "pk")


class Outcome(models.Model):
    """What happened to a person's working life, since when, and how it is known."""

    class Known(models.TextChoices):
        TOLD = "told", _("The person told")
        VERIFIED = "verified", _("Seen on paper or in a register")
        UNKNOWN = "unknown", _("Not known for certain")

    retention = Retention("What the service led to", days=5 * YEAR, since="recorded_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="outcomes")
    type = models.ForeignKey(OutcomeType, on_delete=models.PROTECT, related_name="outcomes")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    since_on = models.DateField()
    known = models.CharField(max_length=8, choices=Known)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "since_on"], name="outcome_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since_on")), name="outcome_period"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("recorded_at")), name="outcome_undone_after"
            ),
        ]


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Follow-ups by reader and time."""

    def visible_to(self, member: Member) -> FollowUpQuerySet:
        """Those of people whom the team of the member's point may record.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.SEE_CLIENTS):
            return self.none()
        return self.filter(client__in=Client.objects.known_to_team_of(member.point_id).values("pk"))

    def kept_by(self, member: Member) -> FollowUpQuerySet:
        """Those of people whose file the member's organisation keeps: theirs to ask."""
        return self.visible_to(member).filter(client__controller_id=member.organisation_id)

    def waiting(self) -> FollowUpQuerySet:
        """Those neither answered nor ended."""
        return self.filter(answered_at__isnull=True, ended_at__isnull=True)

    def of_client(self, client_id: UUID) -> FollowUpQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def beside(self, other: FollowUp) -> FollowUpQuerySet:
        """Those that ask after the same outcome or the end of the same plan."""
        return self.filter(outcome=other.outcome, plan=other.plan)

    def askable(self, point_id: UUID, on: date) -> FollowUpQuerySet:
        """Those of people who agree, on that day, to be contacted by the point's team."""
        agreed = Consent.objects.in_force(on).filter(purpose=Purpose.CONTACT, recipient_point_id=point_id)
        return self.filter(Exists(agreed.filter(client=OuterRef("client"))))

    def due(self, on: date) -> FollowUpQuerySet:
        """Those whose day has come."""
        return self.filter(due_on__lte=on)

    def for_list(self) -> FollowUpQuerySet:
        """With the person and what is asked after, the oldest first."""
        return self.select_related("client", "outcome__type").order_by("due_on", "pk")


class FollowUp(models.Model):
    """A question on its day: does it still hold? One, three, six and twelve months after an outcome or a plan's end."""

    class Answer(models.TextChoices):
        SAME = "same", _("The same situation")
        CHANGED = "changed", _("The situation has changed")
        UNKNOWN = "unknown", _("Not known")

    class End(models.TextChoices):
        NO_CONSENT = "no_consent", _("The person no longer agrees to be contacted")
        UNDONE = "undone", _("What it asked after was taken back")
        REPLACED = "replaced", _("A newer outcome is followed")

    MONTHS = (1, 3, 6, 12)

    retention = Retention("To know whether an outcome lasts", days=5 * YEAR, since="due_on")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="follow_ups")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, null=True, related_name="follow_ups")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, null=True, related_name="follow_ups")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    planned_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    new_outcome = models.ForeignKey(Outcome, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=End, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["point", "due_on"],
                name="follow_up_waits",
                condition=Q(answered_at__isnull=True, ended_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__isnull=False, plan__isnull=True) | Q(outcome__isnull=True, plan__isnull=False),
                name="follow_up_of_one",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="follow_up_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                name="follow_up_ended_why",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(answered_at__isnull=True), name="follow_up_one_end"
            ),
            models.UniqueConstraint(
                fields=["outcome", "plan", "months"],
                name="follow_up_once",
                nulls_distinct=False,
                condition=Q(ended_at__isnull=True, answered_at__isnull=True),
            ),
        ]
