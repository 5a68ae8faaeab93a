"""Responsibility: one person of the team answers for somebody on file, until another has taken over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from team.models import Membership, ServicePoint
from team.permissions import Perm
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention

if TYPE_CHECKING:
    from team.access import Member


def of_team(member: Member) -> models.QuerySet[Client]:
    """The people whom the team of the member's point may record.

    clients/walls/ keeps the same rule in the database.
    """
    if not member.may(Perm.SEE_CLIENTS):
        return Client.objects.none()
    return Client.objects.known_to_team_of(member.point_id)


class ResponsibilityQuerySet(models.QuerySet["Responsibility"]):
    """Responsibilities by reader and time."""

    def visible_to(self, member: Member) -> ResponsibilityQuerySet:
        """Those for people whom the team of the member's point may record."""
        return self.filter(client__in=of_team(member).values("pk"))

    def running(self) -> ResponsibilityQuerySet:
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)

    def ended(self) -> ResponsibilityQuerySet:
        """Those that have ended, the latest first."""
        return self.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")

    def of_client(self, client_id: UUID) -> ResponsibilityQuerySet:
        """Those for one person."""
        return self.filter(client_id=client_id)

    def held_by_any(self, memberships: Iterable[UUID]) -> ResponsibilityQuerySet:
        """Those that go on of any of these memberships."""
        return self.filter(membership_id__in=list(memberships)).running()

    def with_holder(self) -> ResponsibilityQuerySet:
        """With who answers, and for which organisation."""
        return self.select_related("membership__user", "membership__organisation")

    def for_list(self) -> ResponsibilityQuerySet:
        """With the person, in Finnish order of names."""
        return self.select_related("client", "membership__user").order_by("client__name_key", "pk")


class Responsibility(models.Model):
    """Who answers for somebody on file, since when: one at a time; a row only ever gains its end."""

    class Ending(models.TextChoices):
        BASIC = "basic", _("Goes on in basic services")
        ELSEWHERE = "elsewhere", _("Another organisation goes on with the person")
        ENOUGH = "enough", _("The support was enough")
        WISH = "wish", _("The person wanted so")
        MOVED = "moved", _("Moved away")
        OTHER = "other", _("Something else")

    retention = Retention("Nobody is left in nobody's hands", ("end_reason",))

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="responsibilities")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="responsibilities")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField()
    since_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    # How guidance ended; empty while it goes on, and when a colleague took over.
    ending = models.CharField(max_length=9, choices=Ending, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["membership"], name="responsibility_running", condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], name="responsibility_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since_at")), name="responsibility_period"
            ),
            models.CheckConstraint(
                condition=Q(end_reason="", ending="") | Q(ended_at__isnull=False), name="responsibility_reason_of_end"
            ),
        ]


class ResponsibilityOfferQuerySet(models.QuerySet["ResponsibilityOffer"]):
    """Offers by reader and state."""

    def visible_to(self, member: Member) -> ResponsibilityOfferQuerySet:
        """Those of people whom the team of the member's point may record, the receiver's own among them."""
        return self.filter(client__in=of_team(member).values("pk"))

    def waiting(self) -> ResponsibilityOfferQuerySet:
        """Those that nobody has answered or withdrawn."""
        return self.filter(accepted_at__isnull=True, declined_at__isnull=True, withdrawn_at__isnull=True)

    def of_client(self, client_id: UUID) -> ResponsibilityOfferQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def concerning(self, member: Member) -> ResponsibilityOfferQuerySet:
        """Those that the member made or is to answer."""
        return self.filter(Q(from_membership_id=member.membership_id) | Q(to_membership_id=member.membership_id))

    def with_people(self) -> ResponsibilityOfferQuerySet:
        """With the person, and with both colleagues and their organisations; the oldest first."""
        return self.select_related(
            "client",
            "from_membership__user",
            "from_membership__organisation",
            "to_membership__user",
            "to_membership__organisation",
        ).order_by("offered_at", "pk")


class ResponsibilityOffer(models.Model):
    """A warm hand-over: offered to a colleague, perhaps met together, then accepted, declined or withdrawn."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered, waits for an answer")
        MET = "met", _("Met together, waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    retention = Retention("How a person came from hand to hand", ("reason", "decline_reason"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="responsibility_offers")
    from_membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    to_membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    offered_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ResponsibilityOfferQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["to_membership"],
                name="responsibility_offer_waits",
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                name="responsibility_offer_one_open",
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(from_membership=F("to_membership")), name="responsibility_offer_to_another"
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, withdrawn_at__isnull=True)
                | Q(accepted_at__isnull=True, withdrawn_at__isnull=True)
                | Q(accepted_at__isnull=True, declined_at__isnull=True),
                name="responsibility_offer_one_end",
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, decline_reason="")
                | (Q(declined_at__isnull=False) & ~Q(decline_reason="")),
                name="responsibility_offer_declined_why",
            ),
        ]

    @property
    def state(self) -> State:
        """How far it is."""
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.declined_at is not None:
            return self.State.DECLINED
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        return self.State.OFFERED if self.met_at is None else self.State.MET

    @property
    def ended_at(self) -> datetime | None:
        """When it was answered or withdrawn."""
        return self.accepted_at or self.declined_at or self.withdrawn_at
