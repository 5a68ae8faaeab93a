"""Referral: from the desk or the plan to a partner's service, closed by a result; its whole life comes to rest here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from clients import multi_sectoral
from clients.models.client import Client
from clients.models.recusal import Recusal
from services.models import Service
from team.models import Membership, Organisation, ServicePoint, Term
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals by reader and state."""

    def visible_to(self, member: Member) -> ReferralQuerySet:
        """Those sent to the member's organisation, and the member's own; guidance is for those who guide.

        Of somebody near to the member only what would be nobody's otherwise; clients/walls/ keeps the same rule.
        """
        if not member.may(Perm.GUIDE):
            return self.none()
        came = Q(organisation_id=member.organisation_id) & ~Q(status=Referral.Status.DRAFT)
        return self.filter(came | Q(sender_id=member.membership_id)).not_barred(member)

    def received_by(self, member: Member) -> ReferralQuerySet:
        """Those that the member's organisation is asked to answer."""
        came = self.filter(organisation_id=member.organisation_id).exclude(status=Referral.Status.DRAFT)
        return came.not_barred(member)

    def sent_by(self, member: Member) -> ReferralQuerySet:
        """Those that the member sent."""
        return self.filter(sender_id=member.membership_id).not_barred(member)

    def not_barred(self, member: Member, *, on: date | None = None) -> ReferralQuerySet:
        """Without those of people near to the member, unless nobody else could act.

        Only the sender moves what was sent, until the day on which it was closed is over; what came stays with the last
        one of the organisation who may answer it. Such a row names nobody and says no reason.
        """
        user, today = member.membership.user_id, on or clock.local_date(clock.now())
        near = Recusal.objects.standing().filter(user_id=user).values("client_id")
        free = Q(client__isnull=True) | ~Q(client_id__in=near)
        closed = Q(_holds("clients_was_closed", F("pk"), today))
        own = Q(sender_id=member.membership_id) & (~Q(next_actor=Referral.NextActor.NOBODY) | ~closed)
        others = Q(_holds("clients_others_answer", F("client_id"), member.organisation_id, user, today))
        last = Q(organisation_id=member.organisation_id) & ~Q(status=Referral.Status.DRAFT) & ~others
        return self.filter(free | own | last)

    def sent(self) -> ReferralQuerySet:
        """Those that have left the sender's hands."""
        return self.exclude(status=Referral.Status.DRAFT)

    def waiting(self) -> ReferralQuerySet:
        """Those without an answer."""
        return self.filter(status__in=Referral.WAITING)

    def going_on(self) -> ReferralQuerySet:
        """Those received and not yet closed: the recipient acts next."""
        return self.filter(status__in=Referral.GOING_ON)

    def closed(self) -> ReferralQuerySet:
        """Those that have come to their end, whatever it was."""
        return self.filter(status__in=Referral.CLOSED)

    def of_client(self, client_id: UUID) -> ReferralQuerySet:
        """Those of one person: what goes on first, the newest first."""
        ends = models.Case(models.When(status__in=Referral.CLOSED, then=True), default=False)
        return self.filter(client_id=client_id).for_lists().order_by(ends, "-sent_at", "pk")

    def overdue(self, on: date) -> ReferralQuerySet:
        """Those whose next step should have been taken before a day."""
        return self.filter(next_on__lt=on).exclude(next_actor=Referral.NextActor.NOBODY)

    def for_lists(self) -> ReferralQuerySet:
        """With all that a row shows, the newest first."""
        rows = self.select_related(
            "service",
            "organisation",
            "sender__user",
            "sender_organisation",
            "return_organisation",
            "point",
            "result",
            "refusal",
        )
        return rows.order_by("-sent_at", "pk")


def _holds(function: str, *told: F | UUID | date) -> models.Func:
    """What a function of the wall (clients/walls/) says: colleagues do not see whom another is barred from."""
    kinds: dict[type, models.Field[Any, Any]] = {UUID: models.UUIDField(), date: models.DateField()}
    values = [one if isinstance(one, F) else Value(one, kinds[type(one)]) for one in told]
    return models.Func(*values, function=function, output_field=models.BooleanField())


class Referral(models.Model):
    """A visitor is guided to a service or an organisation; without a name the visitor carries a code."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Not sent yet")
        SENT = "sent", _("Sent")
        SELF = "self", _("The visitor gets in touch")
        RECEIVED = "received", _("Received, contact follows")
        CONTACTED = "contacted", _("Contacted")
        STARTED = "started", _("Started")
        ENDED = "ended", _("Ended with a result")
        DECLINED = "declined", _("Cannot be taken")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CLIENT_WITHDREW = "client_withdrew", _("The client did not want it any more")
        LAPSED = "lapsed", _("Nobody answered in time")

    MOVES = {
        Status.DRAFT: {Status.SENT, Status.SELF, Status.WITHDRAWN},
        Status.SENT: {
            Status.RECEIVED,
            Status.DECLINED,
            Status.WITHDRAWN,
            Status.CLIENT_WITHDREW,
            Status.LAPSED,
        },
        Status.SELF: {
            Status.RECEIVED,
            Status.DECLINED,
            Status.WITHDRAWN,
            Status.CLIENT_WITHDREW,
            Status.LAPSED,
        },
        Status.RECEIVED: {Status.CONTACTED, Status.STARTED, Status.DECLINED, Status.CLIENT_WITHDREW},
        Status.CONTACTED: {Status.STARTED, Status.ENDED, Status.DECLINED, Status.CLIENT_WITHDREW},
        Status.STARTED: {Status.ENDED, Status.CLIENT_WITHDREW},
        Status.ENDED: set(),
        Status.DECLINED: set(),
        Status.WITHDRAWN: set(),
        Status.CLIENT_WITHDREW: set(),
        Status.LAPSED: set(),
    }
    WAITING = (Status.SENT, Status.SELF)
    GOING_ON = (Status.RECEIVED, Status.CONTACTED, Status.STARTED)
    CLOSED = (Status.ENDED, Status.DECLINED, Status.WITHDRAWN, Status.CLIENT_WITHDREW, Status.LAPSED)

    class NextActor(models.TextChoices):
        CLIENT = "client", _("The visitor")
        RECIPIENT = "recipient", _("The receiving organisation")
        SENDER = "sender", _("The sender")
        NOBODY = "nobody", _("Nobody: closed")

    class Kind(models.TextChoices):
        SERVICE = "service", _("Guidance to a service")
        MULTI_SECTORAL = "multi", _("Multi-sectoral support")

    retention = Retention(
        "Guidance into services and its result",
        ("client", "reason", "meeting_place", "criteria", "return_note"),
        days=5 * YEAR,
        since="sent_at",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="referrals")
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals")
    carrier_code = models.CharField(max_length=9)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals_in")
    sender = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="referrals_out")
    sender_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals_sent")
    reason = models.CharField(max_length=300, blank=True)
    # Where the link and the reminders go, when the recipient has no account: an organisation's address or number.
    recipient_email = models.EmailField(blank=True)
    recipient_phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, default="fi")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.SERVICE)
    # Of multi-sectoral support: which criteria are met, and who takes the person back at its end, when, agreed how.
    criteria = ArrayField(models.CharField(max_length=24, choices=multi_sectoral.choices), default=list, blank=True)
    return_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    return_on = models.DateField(null=True, blank=True)
    return_note = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16, choices=Status)
    refusal = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # A meeting at which the person is introduced, when one was agreed.
    meeting_at = models.DateTimeField(null=True, blank=True)
    meeting_place = models.CharField(max_length=120, blank=True)
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
                condition=Q(status__in=["draft", "sent", "self", "withdrawn", "lapsed"], answered_at__isnull=True)
                | Q(status__in=["received", "contacted", "started", "ended", "declined"], answered_at__isnull=False)
                | Q(status="client_withdrew"),
                name="referral_answered_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="ended", result__isnull=False) | (~Q(status="ended") & Q(result__isnull=True)),
                name="referral_ends_with_result",
            ),
            models.CheckConstraint(
                condition=Q(status="declined") | Q(refusal__isnull=True), name="referral_declined_why"
            ),
            models.CheckConstraint(
                condition=Q(meeting_at__isnull=False) | Q(meeting_place=""), name="referral_meeting_has_time"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="service",
                    criteria=[],
                    return_organisation__isnull=True,
                    return_on__isnull=True,
                    return_note="",
                )
                | Q(kind="multi", return_organisation__isnull=False, return_on__isnull=False),
                name="referral_multi_has_return",
            ),
        ]

    def __str__(self) -> str:
        return self.carrier_code

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered yet."""
        return self.status in self.WAITING

    @property
    def is_closed(self) -> bool:
        """Whether it has come to its end."""
        return self.status in self.CLOSED

    def asks_sender(self, on: date) -> bool:
        """Whether the sender should do something about it: it is theirs to move, or the answer is late."""
        late = self.is_waiting and self.next_on is not None and self.next_on < on
        return self.next_actor == self.NextActor.SENDER or late

    def allows(self, status: str) -> bool:
        """Whether the referral may move there from where it is."""
        return self.Status(status) in self.MOVES[self.Status(self.status)]

    @property
    def is_multi_sectoral(self) -> bool:
        """Whether several authorities are asked to support the person together."""
        return self.kind == self.Kind.MULTI_SECTORAL

    @property
    def criteria_met(self) -> list[multi_sectoral.Criterion]:
        """By which criteria the person is referred to multi-sectoral support."""
        return multi_sectoral.met(self.criteria)

    @property
    def to(self) -> str:
        """The service, or the organisation where no service was named."""
        return self.service.name if self.service else self.organisation.name


class ReferralEvent(models.Model):
    """One move of a referral, kept for ever beside it."""

    retention = Retention("History of a referral")

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    status = models.CharField(max_length=16, choices=Referral.Status)
    at = models.DateTimeField()
    # Somebody with an account, or whoever held a link.
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey("clients.Link", on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
