"""A statutory plan as a reference: which kind, agreed with whom, until when; its content is kept where the law says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.plan import Plan
from clients.statutory import StatutoryKind, kinds
from team.models import Membership, Organisation
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention

if TYPE_CHECKING:
    from team.access import Member


class StatutoryPlanQuerySet(models.QuerySet["StatutoryPlan"]):
    """References by reader and state."""

    def visible_to(self, member: Member) -> StatutoryPlanQuerySet:
        """Those beside a plan that the member may know of.

        clients/walls/ keeps the same rule in the database.
        """
        return self.filter(plan__in=Plan.objects.visible_to(member).values("pk"))

    def running(self) -> StatutoryPlanQuerySet:
        """Those that nobody has ended."""
        return self.filter(ended_at__isnull=True)

    def for_page(self) -> StatutoryPlanQuerySet:
        """With the organisation; what goes on first, the next review before the others."""
        rows = self.select_related("organisation")
        return rows.order_by(F("ended_at").desc(nulls_first=True), F("review_on").asc(nulls_last=True), "pk")


class StatutoryPlan(models.Model):
    """That a plan which the law knows was agreed elsewhere; one of a kind goes on at a time.

    It is a draft until it is sent for confirmation, and confirmed by somebody on a day; nothing of it is decided here.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")

    MOVES: dict[str, set[str]] = {
        Status.DRAFT: {Status.SENT, Status.CONFIRMED},
        Status.SENT: {Status.CONFIRMED},
        Status.CONFIRMED: set(),
    }

    retention = Retention("That the statutory plan is known and looked at in time; ends with the plan", ("confirmer",))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="statutory_plans")
    kind = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agreed_on = models.DateField()
    valid_until = models.DateField(null=True)
    review_on = models.DateField(null=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    status_at = models.DateTimeField(null=True)
    sent_on = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
    confirmer = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = StatutoryPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind"], name="statutory_plan_one_of_a_kind", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("agreed_on")),
                name="statutory_plan_valid_after",
            ),
            models.CheckConstraint(
                condition=Q(review_on__isnull=True) | Q(review_on__gte=F("agreed_on")),
                name="statutory_plan_review_after",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", sent_on__isnull=True, confirmed_on__isnull=True, confirmer="")
                | Q(
                    status="sent",
                    sent_on__isnull=False,
                    sent_on__gte=F("agreed_on"),
                    confirmed_on__isnull=True,
                    confirmer="",
                )
                | (
                    Q(status="confirmed", confirmed_on__isnull=False, confirmed_on__gte=F("agreed_on"))
                    & ~Q(confirmer="")
                ),
                name="statutory_plan_confirmed_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("recorded_at")), name="statutory_plan_period"
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    def is_undoable_on(self, day: date) -> bool:
        """Whether the latest move, a sending or a confirmation, was of this day."""
        if self.status == self.Status.SENT:
            return self.sent_on == day
        moved_on = clock.local_date(self.status_at) if self.status_at else None
        return self.status == self.Status.CONFIRMED and moved_on == day

    @property
    def is_undoable(self) -> bool:
        """Whether it is today."""
        return self.is_undoable_on(clock.local_date(clock.now()))

    @property
    def told_kind(self) -> StatutoryKind | None:
        """The kind in words, if the product still knows it."""
        return kinds().get(self.kind)
