"""Background: what a person tells of themselves that is sensitive, kept only while they have agreed to it."""

from __future__ import annotations

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
        """With who recorded it, as it was told."""
        return self.select_related("recorded_by__user", "recorded_by__organisation").in_order()


class Background(models.Model):
    """One thing of a person's background: a group in their own words, a need of support, or what stands in the way;
    always with what it is recorded for.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("In the person's own words")
        NEED = "need", _("What the person needs support with")
        OBSTACLE = "obstacle", _("What stands in the way")

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
        ]

    @property
    def text(self) -> str:
        """What was told: the person's own words, or the code in the reader's language."""
        return self.words or background_codes.label(self.code)

    @property
    def reason(self) -> str:
        """What it is recorded for, in the reader's language."""
        return background_codes.label(self.what_for)
