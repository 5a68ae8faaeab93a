"""Link: a secret address that opens one referral, one person's own receipt, or questions to them, to its holder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.assessment import AssessmentAsk
from clients.models.client import Client
from clients.models.instrument import InstrumentVersion
from clients.models.referral import Referral
from team.models import Membership
from team.permissions import Perm
from tyoparkki.ids import new_id
from tyoparkki.retention import MONTH, Retention

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from team.access import Member


class LinkQuerySet(models.QuerySet["Link"]):
    """Links by reader and time."""

    def visible_to(self, member: Member) -> LinkQuerySet:
        """Those to referrals that the member sent, to receipts of people whom the member's team may know, and to
        questions that are asked where the person's file is kept.

        clients/walls/ keeps the same rule in the database.
        """
        own, known = Q(pk__in=[]), Client.objects.known_to_team_of(member.point_id)
        if member.may(Perm.GUIDE):
            own |= Q(referral__in=Referral.objects.sent_by(member).values("pk"))
            kept = known.filter(controller_id=member.organisation_id)
            own |= Q(kind=Link.Kind.ASSESSMENT, client__in=kept.values("pk"))
        if member.may(Perm.SEE_CLIENTS):
            own |= Q(kind=Link.Kind.RECEIPT, client__in=known.values("pk"))
        return self.filter(own)

    def open_at(self, at: datetime) -> LinkQuerySet:
        """Those that were not ended and have not run out."""
        return self.filter(ended_at__isnull=True, expires_at__gt=at)

    def questions_to(self, client_id: UUID) -> LinkQuerySet:
        """Those by which one person tells their own view, the newest first."""
        rows = self.filter(kind=Link.Kind.ASSESSMENT, client_id=client_id).select_related("version__instrument")
        return rows.annotate(answered=models.Count("assessment__scores")).order_by("-created_at", "pk")


class Link(models.Model):
    """An address that is told once, opens one thing until it ends, and of which only the hash is kept."""

    class Kind(models.TextChoices):
        REFERRAL = "referral", _("Answering a referral")
        RECEIPT = "receipt", _("A person's own receipt")
        ASSESSMENT = "assessment", _("Telling one's own view")

    retention = Retention("Answering without an account; one's own receipt and view", days=MONTH, since="expires_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="links")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="links")
    # Of questions: which, and what waited for them.
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, null=True, related_name="+")
    ask = models.ForeignKey(AssessmentAsk, on_delete=models.SET_NULL, null=True, related_name="+")
    # Sent by e-mail: it rests on the consent to be contacted too, and has no secret before it is sent.
    is_mailed = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    # Nobody: the clock sent it with a reminder.
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Of questions: the person has said that the answers are ready; they are not changed by this link any more.
    finished_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="referral", referral__isnull=False, client__isnull=True, version__isnull=True)
                | Q(kind="receipt", referral__isnull=True, client__isnull=False, version__isnull=True)
                | Q(kind="assessment", referral__isnull=True, client__isnull=False, version__isnull=False),
                name="link_opens_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(kind="assessment"), name="link_finished_of_questions"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="link_expires_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=Q(opened=0, opened_at__isnull=True) | Q(opened__gt=0, opened_at__isnull=False),
                name="link_opened_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
