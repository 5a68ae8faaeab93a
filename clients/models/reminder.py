"""Reminders by the clock: what is due, whose it is, how it was settled; and each point's own terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.plan import Plan, PlanStep
from clients.models.promise import PointPromise
from clients.models.referral import Referral
from clients.models.responsibility import Responsibility, of_team
from team.models import Membership, Organisation, ServicePoint
from team.permissions import Perm
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from team.access import Member


def _days(default: int, most: int = 400) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(default=default, validators=[MinValueValidator(1), MaxValueValidator(most)])


class PointTerms(models.Model):
    """The terms of a service point: after how long what is due; a point without a row has these defaults."""

    retention = Retention("Settings of a service point")

    point = models.OneToOneField(ServicePoint, on_delete=models.CASCADE, primary_key=True, related_name="+")
    plan_review_months = _days(3, most=24)
    need_review_months = _days(6, most=24)
    first_contact_days = _days(5, most=60)  # working days
    dense_days = _days(14)
    sparse_days = _days(42)
    occasional_days = _days(91)
    lost_days = _days(30)
    long_lost_days = _days(60)
    gap_days = _days(14)
    need_days = _days(14)
    referral_remind_days = _days(3)
    referral_late_days = _days(7)
    referral_stuck_days = _days(14)
    referral_lapse_days = _days(30)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(long_lost_days__gt=models.F("lost_days")), name="terms_lost_in_order"),
            models.CheckConstraint(
                condition=Q(
                    referral_late_days__gt=models.F("referral_remind_days"),
                    referral_stuck_days__gt=models.F("referral_late_days"),
                    referral_lapse_days__gt=models.F("referral_stuck_days"),
                ),
                name="terms_referral_in_order",
            ),
        ]


class _NeedSeen(models.Func):
    """Whether the actor may see the need that a reminder is about: asked of the wall, and of such reminders only."""

    function = "clients_background_seen"
    output_field = models.BooleanField()


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders by reader and state."""

    def visible_to(self, member: Member) -> ReminderQuerySet:
        """Those of the audience that the member belongs to; that a need waits is told only to whoever may see the need.

        clients/walls/ keeps the same rule in the database.
        """
        return self.of_audience(member).filter(~Q(kind=Reminder.Kind.NEED_WAITS) | Q(_NeedSeen(F("subject_id"))))

    def of_audience(self, member: Member) -> ReminderQuerySet:
        """Those of people whom the member's team may record (of a plan: whose plan the member sees), those of the
        member's own and of the organisation, and for who leads the point those that name nobody.
        """
        audience = Reminder.Audience
        seen = Q(audience=audience.RESPONSIBLE, plan__isnull=True, client__in=of_team(member).values("pk"))
        seen |= Q(audience=audience.RESPONSIBLE, plan__in=Plan.objects.visible_to(member).values("pk"))
        seen |= Q(audience=audience.MEMBER, membership_id=member.membership_id)
        if member.may(Perm.GUIDE):
            seen |= Q(audience=audience.ORGANISATION, organisation_id=member.organisation_id)
        if member.may(Perm.EDIT_ROSTER):
            seen |= Q(audience=audience.MANAGER, point_id=member.point_id)
        return self.filter(seen)

    def open(self) -> ReminderQuerySet:
        """Those that nobody has settled."""
        return self.filter(settled_at__isnull=True)

    def of_people(self, clients: Iterable[UUID]) -> ReminderQuerySet:
        """Those for whoever answers for one of these people."""
        return self.filter(audience=Reminder.Audience.RESPONSIBLE, client_id__in=list(clients))

    def for_manager(self) -> ReminderQuerySet:
        """Those for who leads the point, the oldest first."""
        rows = self.filter(audience=Reminder.Audience.MANAGER).select_related("membership__user")
        return rows.order_by("due_on", "pk")

    def of_kind(self, kind: str) -> ReminderQuerySet:
        """Those of one kind."""
        return self.filter(kind=kind)

    def for_lists(self) -> ReminderQuerySet:
        """What is due first comes first."""
        return self.select_related("step", "promise").order_by("due_on", "pk")


class Reminder(models.Model):
    """Something that is due by the clock: raised once for a kind, a subject and a day, and settled by an act."""

    class Kind(models.TextChoices):
        PLAN_REVIEW = "plan_review", _("Look at the plan together again")
        NEED_REVIEW = "need_review", _("Look at the need for support again")
        FIRST_CONTACT = "first_contact", _("Promised: get in touch")
        SITE_PROMISE = "site_promise", _("Promised at this service point: get in touch")
        NEXT_CONTACT = "next_contact", _("Get in touch")
        LOST = "lost", _("No contact for a long time")
        LONG_LOST = "long_lost", _("Contact has been lost")
        MEASURE_ENDS = "measure_ends", _("Ends soon: agree on what comes next")
        MEASURE_CONTACT = "measure_contact", _("A service has begun: ask how it goes")
        STATUTORY_REVIEW = "statutory_review", _("Look at the statutory plan with whoever keeps it")
        NEED_WAITS = "need_waits", _("Something has been told that nothing has been done about")
        REFERRAL_WAITS = "referral_waits", _("A referral waits for your answer")
        REFERRAL_LATE = "referral_late", _("A referral has not been answered")
        REFERRAL_STUCK = "referral_stuck", _("A referral has waited for long without an answer")
        REFERRAL_STANDS = "referral_stands", _("A referral does not move on")

    class Audience(models.TextChoices):
        RESPONSIBLE = "responsible", _("Whoever answers for the person")
        MEMBER = "member", _("One colleague")
        ORGANISATION = "organisation", _("An organisation")
        MANAGER = "manager", _("Who leads the service point")

    class How(models.TextChoices):
        CONTACT = "contact", _("There was a contact")
        REVIEWED = "reviewed", _("Looked at together")
        CLOSED = "closed", _("It was ended with a next step or a reason")
        OVER = "over", _("It no longer mattered")
        ANSWERED = "answered", _("It was answered")

    retention = Retention("That nothing promised is forgotten; figures of kept promises", days=2 * YEAR, since="due_on")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    audience = models.CharField(max_length=12, choices=Audience)
    # What it is about, as a plain key; the keys below say of which table. For who leads a point it names nobody.
    subject_id = models.UUIDField()
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="reminders")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, null=True, related_name="reminders")
    step = models.ForeignKey(PlanStep, on_delete=models.CASCADE, null=True, related_name="reminders")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="reminders")
    # Which of the point's own promises; of a lost contact that who leads the point hears of, whose turn it is, by a key
    # that opens nothing to them.
    promise = models.ForeignKey(PointPromise, on_delete=models.PROTECT, null=True, related_name="+")
    responsibility = models.ForeignKey(Responsibility, on_delete=models.SET_NULL, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    since_at = models.DateTimeField()  # from when the term is counted
    due_on = models.DateField()
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=8, choices=How, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["client"], name="reminder_open_of_client", condition=Q(settled_at__isnull=True)),
            models.Index(fields=["point", "kind", "due_on"], name="reminder_of_point"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "due_on"], name="reminder_once"),
            models.CheckConstraint(
                condition=Q(audience="responsible", client__isnull=False)
                | Q(audience="member", membership__isnull=False, client__isnull=True)
                | Q(audience="organisation", organisation__isnull=False, client__isnull=True)
                | Q(audience="manager", client__isnull=True, plan__isnull=True, step__isnull=True),
                name="reminder_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, how="", settled_by__isnull=True)
                | (Q(settled_at__isnull=False) & ~Q(how="")),
                name="reminder_settled_whole",
            ),
        ]

    @property
    def words(self) -> str:
        """What is due, in words; a promise of the point in its own."""
        return self.promise.name if self.promise else str(self.get_kind_display())
