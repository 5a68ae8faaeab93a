"""Consent: purpose × recipient × content × until; the key that makes data visible to another organisation."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, told_to
from team.models import Membership, Organisation, ServicePoint
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


class Purpose(models.TextChoices):
    """What the person agrees to."""

    RECORD = "record", _("To be recorded for the team of the service point")
    CONTACT = "contact", _("To be contacted")
    BACKGROUND = "background", _("Background to be recorded")
    SHARE = "share", _("Information to another organisation")


# The words of a consent to be recorded for a short time only: a kind of text, not a purpose of its own.
PROSPECT = "prospect"


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    """Texts of consents."""

    def current(self) -> ConsentTextQuerySet:
        """The newest version of each purpose, in every language it has, Finnish first."""
        newest = ConsentText.objects.filter(purpose=models.OuterRef("purpose")).order_by("-version", "pk")
        order = models.Case(
            *(models.When(language=code, then=models.Value(place)) for place, code in enumerate(ConsentText.LANGUAGES)),
            default=models.Value(len(ConsentText.LANGUAGES)),
        )
        return self.filter(version=models.Subquery(newest.values("version")[:1])).order_by("purpose", order, "pk")


class ConsentText(models.Model):
    """The words that were agreed to, in one version and language, with who approved the translation."""

    # By their own names, in the order in which they are offered.
    LANGUAGES = {"fi": "suomi", "fi-selko": "selkosuomi", "sv": "svenska", "en": "English"}

    retention = Retention("Proof of what was agreed")

    purpose = models.CharField(max_length=12, choices=[*Purpose.choices, (PROSPECT, _("To be recorded for a month"))])
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    body = models.TextField()
    approved_on = models.DateField(null=True)

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="consent_text_once"),
        ]

    @property
    def paragraphs(self) -> list[str]:
        """The words, one matter a paragraph."""
        return self.body.splitlines()

    @property
    def language_name(self) -> str:
        """The language in its own words: what its readers look for."""
        return self.LANGUAGES.get(self.language, self.language)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents by time and reader."""

    def of_client(self, client_id: UUID) -> ConsentQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def with_words(self) -> ConsentQuerySet:
        """With recipient and text."""
        return self.select_related("recipient_organisation", "recipient_point", "text")

    def not_withdrawn(self) -> ConsentQuerySet:
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def in_force(self, on: date) -> ConsentQuerySet:
        """Those that hold on a day: not withdrawn, not run out."""
        return self.not_withdrawn().filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on))

    def visible_to(self, member: Member) -> ConsentQuerySet:
        """Those of the team's own people, those given to the member's organisation while it may know of the person, and
        those in force by which the team of the member's point is told something.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.SEE_CLIENTS):
            return self.none()
        keys = Consent.objects.in_force(clock.local_date(clock.now())).filter(client=OuterRef("client"))
        of_team = keys.filter(purpose=Purpose.RECORD, recipient_point_id=member.point_id)
        told = keys.filter(told_to(member))
        own = Consent.objects.in_force(clock.local_date(clock.now())).filter(told_to(member))
        to_us = Q(Exists(told), recipient_organisation_id=member.organisation_id)
        return self.filter(Exists(of_team) | to_us | Q(pk__in=own.values("pk")))

    def withdrawn_by_member(self, member: Member, since: datetime) -> ConsentQuerySet:
        """Those that the member withdrew since a moment: what the undo of a withdrawal may give again."""
        return self.filter(withdrawn_by_id=member.membership_id, withdrawn_at__gte=since)

    def for_page(self) -> ConsentQuerySet:
        """With recipient, text and recorder; the open ones first, the newest first."""
        return self.select_related(
            "recipient_organisation",
            "recipient_point",
            "text",
            "recorded_by__organisation",
            "recorded_by__user",
            "withdrawn_by__organisation",
        ).order_by(models.F("withdrawn_at").desc(nulls_first=True), "-given_at", "pk")


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
        BACKGROUND = "background", _("Background")

    retention = Retention("Proof of consent while the person is on file", days=5 * YEAR, since="withdrawn_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose)
    recipient_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recipient_point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contents = ArrayField(models.CharField(max_length=12), default=list)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=6, choices=How)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True, blank=True)
    # A month's consent to be recorded: who is not asked again in time is erased (clients/actions/erasure.py).
    is_short = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["client", "purpose"], name="consent_client"),
            models.Index(
                fields=["recipient_point", "purpose", "client", "expires_on"],
                name="consent_open_point",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.Index(
                fields=["recipient_organisation", "purpose", "client", "expires_on"],
                name="consent_open_organisation",
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
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
            models.CheckConstraint(
                condition=Q(is_short=False) | Q(purpose=Purpose.RECORD, expires_on__isnull=False),
                name="consent_short_ends",
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

    def days_left(self, on: date) -> int | None:
        """How many days it still holds, today among them; None when it has no end."""
        return None if self.expires_on is None else max(0, (self.expires_on - on).days + 1)

    def holds_on(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.withdrawn_at is None and (self.expires_on is None or self.expires_on >= on)

    @property
    def recipient(self) -> str:
        """To whom it was given."""
        return str(self.recipient_organisation or self.recipient_point)

    @property
    def content_labels(self) -> list[str]:
        """What may be told, in words."""
        return [str(self.Content(content).label) for content in self.contents]
