"""What a person says of their own situation: answers to an instrument, with the first ones as the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, told_to
from clients.models.consent import Consent, Purpose
from clients.models.instrument import Instrument, InstrumentVersion
from services.models import Service
from team.models import Membership, ServicePoint
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


# The instrument on digital services, its question on using them, and the answer that one does not.
DIGITAL, USES_ONLINE, NOT_ONLINE = "digi", "asiointi", 0


def _kept(member: Member) -> Q:
    """The person's file is kept by the member's organisation, for the team of the point."""
    return Q(
        purpose=Purpose.RECORD,
        recipient_point_id=member.point_id,
        client__controller_id=member.organisation_id,
    )


def _told(member: Member) -> Q:
    """The person lets the member's organisation, or the team of the point, know of their assessments."""
    return told_to(member) & Q(contents__contains=[Consent.Content.ASSESSMENTS])


class SelfAssessmentQuerySet(models.QuerySet["SelfAssessment"]):
    """Self-assessments behind the wall of consent."""

    def visible_to(self, member: Member) -> SelfAssessmentQuerySet:
        """For those who guide: of people whose file the member's organisation keeps for the team of the point, and of
        those who let the organisation know of their assessments.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.GUIDE):
            return self.none()
        keys = Consent.objects.in_force(clock.local_date(clock.now())).filter(client=OuterRef("client"))
        return self.filter(Exists(keys.filter(_kept(member) | _told(member))))

    def valid(self) -> SelfAssessmentQuerySet:
        """Those that nobody took back."""
        return self.filter(undone_at__isnull=True)

    def of_client(self, client_id: UUID) -> SelfAssessmentQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def answers_on_use(self) -> models.QuerySet[SelfAssessment, Any]:
        """The values that were answered to whether one uses services online; the latest first."""
        score = AreaScore.objects.filter(assessment=OuterRef("pk"), area=USES_ONLINE, value__isnull=False)
        rows = self.filter(version__instrument__key=DIGITAL).annotate(online=Subquery(score.values("value")[:1]))
        told = rows.filter(online__isnull=False).order_by("-filled_at", "-pk")
        return told.values_list("online", flat=True)

    def for_trends(self) -> SelfAssessmentQuerySet:
        """The oldest first, with the words they were asked in, their scores and who recorded them."""
        rows = self.select_related(
            "version__instrument", "service", "recorded_by__user", "recorded_by__organisation"
        ).prefetch_related(Prefetch("scores", AreaScore.objects.order_by("pk")))
        return rows.order_by("filled_at", "pk")


class SelfAssessment(models.Model):
    """One filling-in of an instrument by a person, in the words of one version."""

    class How(models.TextChoices):
        TABLET = "tablet", _("On the tablet")
        DESK = "desk", _("Together at the desk")
        LINK = "link", _("By link")
        ELSEWHERE = "elsewhere", _("In its own service")

    retention = Retention("The person's own view of change", days=5 * YEAR, since="filled_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="assessments")
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="assessments")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    filled_at = models.DateTimeField()
    how = models.CharField(max_length=9, choices=How)
    # By which link the person answered: one filling-in a link.
    link = models.OneToOneField("clients.Link", on_delete=models.SET_NULL, null=True, related_name="assessment")
    language = models.CharField(max_length=10)
    is_agreed = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "filled_at"], name="assessment_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(filled_at__lte=F("recorded_at")), name="assessment_filled_before_recorded"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("recorded_at")), name="assessment_undone_after"
            ),
        ]


class AreaScore(models.Model):
    """How the person sees one area: a value on the instrument's scale, or that they did not want to answer.

    A trigger of the table refuses an area that the version does not ask and a value outside the scale.
    """

    retention = Retention("Answers; end with the self-assessment")

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.CASCADE, related_name="scores")
    area = models.CharField(max_length=40)
    value = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "area"], name="area_score_once"),
        ]


class AssessmentAskQuerySet(models.QuerySet["AssessmentAsk"]):
    """Questions that wait."""

    def visible_to(self, member: Member) -> AssessmentAskQuerySet:
        """For those who guide, of people whose file the member's organisation keeps for the team of the point.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.GUIDE):
            return self.none()
        keys = Consent.objects.in_force(clock.local_date(clock.now())).filter(client=OuterRef("client"))
        return self.filter(Exists(keys.filter(_kept(member))))

    def waiting(self) -> AssessmentAskQuerySet:
        """Those that nobody has answered or left out."""
        return self.filter(ended_at__isnull=True)

    def of_client(self, client_id: UUID) -> AssessmentAskQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def for_page(self) -> AssessmentAskQuerySet:
        """With the instrument and the service, the oldest first."""
        return self.select_related("instrument", "service").order_by("planned_at", "pk")


class AssessmentAsk(models.Model):
    """A question that waits for the person: planned when a service ended, over when answered or left out."""

    retention = Retention("To ask what a service led to", days=YEAR, since="planned_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="assessment_asks")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField()
    assessment = models.ForeignKey(SelfAssessment, on_delete=models.SET_NULL, null=True, related_name="asked_by")
    ended_at = models.DateTimeField(null=True)

    objects = AssessmentAskQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client"], name="assessment_ask_waits", condition=Q(ended_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("planned_at")), name="assessment_ask_period"
            ),
        ]
