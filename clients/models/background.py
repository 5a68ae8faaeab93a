"""Background: what a person tells of themselves that is sensitive, kept only while they have agreed to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients import background_codes
from clients.models.client import Client, told_to
from clients.models.consent import Consent, Purpose
from team.models import Membership, ServicePoint
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import DAY_END, Retention

if TYPE_CHECKING:
    from team.access import Member


class _Agreed(models.Func):
    """Whether the person lets the team of the row's point record background: asked of the wall, for an organisation
    that is told of it does not see that consent itself.
    """

    function = "clients_background_agreed"
    output_field = models.BooleanField()


class BackgroundQuerySet(models.QuerySet["Background"]):
    """Background by reader and state."""

    def visible_to(self, member: Member) -> BackgroundQuerySet:
        """For those who guide, while the person agrees that the team of the point records it: where the member's
        organisation keeps the file for that team, and where the person lets the member know of it.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.GUIDE):
            return self.none()
        keys = Consent.objects.in_force(clock.local_date(clock.now())).filter(client=OuterRef("client"))
        kept = keys.filter(
            purpose=Purpose.RECORD, recipient_point_id=member.point_id, client__controller_id=member.organisation_id
        )
        told = keys.filter(told_to(member), contents__contains=[Consent.Content.BACKGROUND])
        ours = Q(Exists(kept), point_id=member.point_id)
        return self.filter(ours | Q(Exists(told)), _Agreed(F("client_id"), F("point_id")))

    def standing(self) -> BackgroundQuerySet:
        """What nobody has taken away."""
        return self.filter(ended_at__isnull=True)

    def unsolved(self) -> BackgroundQuerySet:
        """Needs and obstacles that stand open: nothing has eased them yet."""
        return self.standing().filter(kind__in=Background.CODED, status=Background.Status.OPEN)

    def agreed_on(self, day: date) -> BackgroundQuerySet:
        """Those that the person lets the team of their point record on a day."""
        agreed = Consent.objects.in_force(day).filter(client=OuterRef("client"), recipient_point=OuterRef("point"))
        return self.filter(Exists(agreed.filter(purpose=Purpose.BACKGROUND)))

    def of_people(self, clients: Iterable[UUID]) -> BackgroundQuerySet:
        """Those of several people."""
        return self.filter(client_id__in=list(clients))

    def of_client(self, client_id: UUID) -> BackgroundQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def recorded_with(self, other: Background) -> BackgroundQuerySet:
        """Those that were recorded by the same press."""
        return self.filter(
            client_id=other.client_id, recorded_by_id=other.recorded_by_id, recorded_at=other.recorded_at
        )

    def in_order(self) -> BackgroundQuerySet:
        """As they were told."""
        return self.order_by("recorded_at", "pk")

    def for_page(self) -> BackgroundQuerySet:
        """With who recorded it and who said last how it stands, as it was told."""
        rows = self.select_related("recorded_by__user", "recorded_by__organisation", "status_by__user")
        return rows.in_order()


class BackgroundCountQuerySet(models.QuerySet["BackgroundCount"]):
    """Counts of needs and obstacles by point and period."""

    def at(self, point_id: UUID) -> BackgroundCountQuerySet:
        """Those of one service point."""
        return self.filter(point_id=point_id)

    def between(self, first: date, last: date) -> BackgroundCountQuerySet:
        """Those told in the months of a period."""
        return self.filter(month__range=(first, last))


class Background(models.Model):
    """One thing of a person's background: a group in their own words, a need of support, or what stands in the way;
    always with what it is recorded for.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("In the person's own words")
        NEED = "need", _("What the person needs support with")
        OBSTACLE = "obstacle", _("What stands in the way")

    class Status(models.TextChoices):
        OPEN = "open", _("Stands open")
        HELPED = "helped", _("Eased")
        REMOVED = "removed", _("Gone")

    CODED = (Kind.NEED, Kind.OBSTACLE)
    # It may come back, and a press is taken back by another: every move is one more line of the trace.
    MOVES = {
        Status.OPEN: {Status.HELPED, Status.REMOVED},
        Status.HELPED: {Status.OPEN, Status.REMOVED},
        Status.REMOVED: {Status.OPEN, Status.HELPED},
    }

    retention = Retention("To guide the person in a way that fits", ("words", "code"), days=DAY_END, since="ended_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="background")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    code = models.CharField(max_length=24, blank=True)
    words = models.CharField(max_length=120, blank=True)
    what_for = models.CharField(max_length=24)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    # How a need or an obstacle stands; the person's own words stand open always.
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    status_at = models.DateTimeField(null=True)
    status_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    # When the person was referred to the service that the need suggests.
    referred_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = BackgroundQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "point"], name="background_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="group", code="") & ~Q(words="") | ~Q(kind="group") & Q(words="") & ~Q(code=""),
                name="background_words_or_code",
            ),
            models.CheckConstraint(condition=~Q(what_for=""), name="background_for_something"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("recorded_at"), ended_by__isnull=False),
                name="background_ended_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | (~Q(kind="group") & Q(status_at__isnull=False)),
                name="background_status_of_codes",
            ),
            models.CheckConstraint(
                condition=Q(status_at__isnull=True, status_by__isnull=True)
                | Q(status_at__isnull=False, status_by__isnull=False),
                name="background_status_by_whom",
            ),
        ]

    @property
    def text(self) -> str:
        """What was told: the person's own words, or the code in the reader's language."""
        return self.words or background_codes.label(self.code)

    @property
    def is_coded(self) -> bool:
        """Whether it is a need or an obstacle, of which is said how it stands."""
        return self.kind in self.CODED

    @property
    def moves(self) -> list[Status]:
        """How it may stand next, in order."""
        to = self.MOVES[self.Status(self.status)] if self.is_coded else set()
        return [one for one in self.Status if one in to]

    @property
    def month(self) -> date:
        """The month in which it was told: all that figures know of the day."""
        return clock.local_date(self.recorded_at).replace(day=1)

    @property
    def reason(self) -> str:
        """What it is recorded for, in the reader's language."""
        return background_codes.label(self.what_for)


class BackgroundCount(models.Model):
    """How many needs or obstacles of one code were told at a point in one month, by how they stand now.

    Counted and never by person: who takes a consent back, is erased or leaves the file takes nothing out of it.
    """

    retention = Retention("Figures of the service, no personal data")

    id = models.BigAutoField(primary_key=True)
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    kind = models.CharField(max_length=8, choices=Background.Kind)
    code = models.CharField(max_length=24)
    status = models.CharField(max_length=8, choices=Background.Status)
    is_referred = models.BooleanField()
    n = models.PositiveIntegerField(default=0)

    objects = BackgroundCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["point", "month", "kind", "code", "status", "is_referred"], name="background_count_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="background_count_of_month"),
        ]
