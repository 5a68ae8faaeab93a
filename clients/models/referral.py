"""Referral: from the desk to a partner's service, closed by an answer; its whole life comes to rest here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from services.models import Service
from team.models import Membership, Organisation, ServicePoint
from team.permissions import Perm
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals by reader and state."""

    def visible_to(self, member: Member) -> ReferralQuerySet:
        """Those to the member's organisation, and those that the member sent; guidance is for those who guide."""
        if not member.may(Perm.GUIDE):
            return self.none()
        return self.filter(Q(organisation_id=member.organisation_id) | Q(sender_id=member.membership_id))

    def received_by(self, member: Member) -> ReferralQuerySet:
        """Those that the member's organisation is asked to answer."""
        return self.filter(organisation_id=member.organisation_id)

    def sent_by(self, member: Member) -> ReferralQuerySet:
        """Those that the member sent."""
        return self.filter(sender_id=member.membership_id)

    def waiting(self) -> ReferralQuerySet:
        """Those without an answer."""
        return self.filter(status__in=(Referral.Status.SENT, Referral.Status.SELF))

    def settled(self) -> ReferralQuerySet:
        """Those answered or withdrawn."""
        return self.exclude(status__in=(Referral.Status.SENT, Referral.Status.SELF))

    def for_lists(self) -> ReferralQuerySet:
        """With all that a row shows, the newest first."""
        return self.select_related("service", "organisation", "sender__user", "sender_organisation", "point").order_by(
            "-sent_at", "pk"
        )


class Referral(models.Model):
    """A visitor is guided to a service or an organisation; without a name the visitor carries a code."""

    class Status(models.TextChoices):
        SENT = "sent", _("Sent")
        SELF = "self", _("The visitor gets in touch")
        ACCEPTED = "accepted", _("Received, contact follows")
        DECLINED = "declined", _("Cannot be taken")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.SENT: {Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN},
        Status.SELF: {Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN},
        Status.ACCEPTED: {Status.DECLINED},
        Status.DECLINED: {Status.ACCEPTED},
        Status.WITHDRAWN: set(),
    }

    class NextActor(models.TextChoices):
        CLIENT = "client", _("The visitor")
        RECIPIENT = "recipient", _("The receiving organisation")
        SENDER = "sender", _("The sender")
        NOBODY = "nobody", _("Nobody: closed")

    retention = Retention("Guidance into services and its result", ("client", "reason"), days=5 * YEAR, since="sent_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="referrals")
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals")
    carrier_code = models.CharField(max_length=9)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals_in")
    sender = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="referrals_out")
    sender_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals_sent")
    reason = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    next_actor = models.CharField(max_length=10, choices=NextActor)
    next_on = models.DateField(null=True)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "status"], name="referral_inbox"),
            models.Index(fields=["point", "sent_at"], name="referral_point_sent"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["point", "carrier_code"], name="referral_carrier_code_once"),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "self", "withdrawn"], answered_at__isnull=True)
                | Q(status__in=["accepted", "declined"], answered_at__isnull=False),
                name="referral_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.carrier_code

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered yet."""
        return self.status in {self.Status.SENT, self.Status.SELF}


class ReferralEvent(models.Model):
    """One move of a referral, kept for ever beside it."""

    retention = Retention("History of a referral")

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    status = models.CharField(max_length=10, choices=Referral.Status)
    at = models.DateTimeField()
    # Somebody with an account, or whoever held a link.
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey("clients.Link", on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
