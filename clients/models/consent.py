"""Consent: purpose × recipient × content × until; the key that makes data visible to another organisation."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from team.models import Membership, Organisation, ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention


class Purpose(models.TextChoices):
    """What the person agrees to."""

    RECORD = "record", _("To be recorded for the team of the service point")
    CONTACT = "contact", _("To be contacted")
    SHARE = "share", _("Information to another organisation")


class ConsentText(models.Model):
    """The words that were agreed to, in one version and language, with who approved the translation."""

    retention = Retention("Proof of what was agreed")

    purpose = models.CharField(max_length=8, choices=Purpose)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    body = models.TextField()
    approved_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="consent_text_once"),
        ]


class Consent(models.Model):
    """One yes, by whom recorded and how, until when; withdrawn in one press."""

    class How(models.TextChoices):
        TABLET = "tablet", _("On the tablet")
        PAPER = "paper", _("On paper")
        WORDS = "words", _("In words")

    class Content(models.TextChoices):
        CONTACT = "contact", _("Contact details")
        SITUATION = "situation", _("Situation")
        GUIDANCE = "guidance", _("Guidance")
        PLAN = "plan", _("Plan")
        ASSESSMENTS = "assessments", _("Assessments")

    retention = Retention("Proof of consent and of its end", days=5 * YEAR, since="withdrawn_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose)
    recipient_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recipient_point = models.ForeignKey(
        ServicePoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    contents = ArrayField(models.CharField(max_length=12), default=list)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=6, choices=How)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["client", "purpose"], name="consent_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient_organisation__isnull=False, recipient_point__isnull=True)
                | Q(recipient_organisation__isnull=True, recipient_point__isnull=False),
                name="consent_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_after_given",
            ),
            models.UniqueConstraint(
                fields=["client", "purpose", "recipient_organisation", "recipient_point"],
                name="consent_open_once",
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
