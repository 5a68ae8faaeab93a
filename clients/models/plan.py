"""The person's plan: goals in own words, steps towards them, and what of it the person has approved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, told_to
from clients.models.consent import Consent, Purpose
from team.models import Membership, ServicePoint
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans behind the wall of consent."""

    def visible_to(self, member: Member) -> PlanQuerySet:
        """For those who guide: of people whose file the member's organisation keeps for the team of the point, and of
        those who let the organisation know of the plan. To be recorded is not yet to show one's plan to everybody.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.GUIDE):
            return self.none()
        keys = Consent.objects.in_force(clock.local_date(clock.now())).filter(client=OuterRef("client"))
        kept = Q(
            purpose=Purpose.RECORD,
            recipient_point_id=member.point_id,
            client__controller_id=member.organisation_id,
        )
        told = told_to(member) & Q(contents__contains=[Consent.Content.PLAN])
        return self.filter(Exists(keys.filter(kept | told)))

    def open_of(self, client_id: UUID) -> PlanQuerySet:
        """The person's plan that goes on: there is one at the most."""
        return self.filter(client_id=client_id, closed_at__isnull=True)

    def closed_of(self, client_id: UUID) -> PlanQuerySet:
        """The person's plans that have ended, the latest first."""
        return self.filter(client_id=client_id, closed_at__isnull=False).order_by("-closed_at", "pk")


class Plan(models.Model):
    """What a person is on the way to and how; it is in force once the person has approved its present version."""

    class Intensity(models.TextChoices):
        DENSE = "dense", _("Often")
        SPARSE = "sparse", _("At longer intervals")
        OCCASIONAL = "occasional", _("When needed")

    class Ending(models.TextChoices):
        REACHED = "reached", _("What was wanted has been reached")
        ELSEWHERE = "elsewhere", _("Goes on with another service")
        WISH = "wish", _("The person wanted so")
        LIFE = "life", _("Something else matters more just now")
        MOVED = "moved", _("Moved away")
        SILENT = "silent", _("There has been no contact")

    class Result(models.TextChoices):
        WORK = "work", _("At work")
        OWN_BUSINESS = "own_business", _("In a business of one's own")
        STUDY = "study", _("Studies")
        SERVICE = "service", _("In a service that goes on")
        STEADIER = "steadier", _("Everyday life is steadier")
        ON_THE_WAY = "on_the_way", _("Still on the way")
        UNKNOWN = "unknown", _("Not known")

    # How staff record that the person approves; on the tablet the person presses.
    APPROVED_BY = (Consent.How.PAPER, Consent.How.WORDS)

    retention = Retention("The person's own plan", ("summary",), days=5 * YEAR, since="closed_at", or_since="opened_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="plans")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    result = models.CharField(max_length=12, choices=Result, blank=True)
    summary = models.CharField(max_length=600, blank=True)
    intensity = models.CharField(max_length=10, choices=Intensity, default=Intensity.DENSE)
    # The model of the plan that was chosen at the opening, and its version; see clients/data/.
    template = models.CharField(max_length=20, blank=True)
    template_version = models.PositiveSmallIntegerField(null=True)
    # Where it stands among the phases of its model (clients/data/plan_phases.json), and since when.
    phase = models.CharField(max_length=20, blank=True)
    phase_since_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    approved_version = models.PositiveIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_how = models.CharField(max_length=6, choices=Consent.How, blank=True)
    approved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], name="plan_one_open", condition=Q(closed_at__isnull=True)),
            models.CheckConstraint(
                condition=Q(approved_version__isnull=True, approved_at__isnull=True, approved_by__isnull=True)
                & Q(approved_how="")
                | Q(approved_version__lte=F("version"), approved_at__isnull=False, approved_by__isnull=False)
                & ~Q(approved_how=""),
                name="plan_approved_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, ending="", result="", summary="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(ending="") & ~Q(result=""),
                name="plan_closed_whole",
            ),
        ]

    @property
    def is_in_force(self) -> bool:
        """Whether the person has approved the plan as it is now."""
        return self.approved_version == self.version


class GoalQuerySet(models.QuerySet["Goal"]):
    """Goals by state."""

    def going_on(self) -> GoalQuerySet:
        """Those neither reached nor given up."""
        return self.filter(reached_at__isnull=True, ended_at__isnull=True)

    def in_order(self) -> GoalQuerySet:
        """As the person told them."""
        return self.order_by("position", "pk")


class Goal(models.Model):
    """What the person wants, in the person's own words."""

    retention = Retention("The person's own goals; end with the plan", ("words",))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    words = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    reached_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="goal_position_once"),
            models.CheckConstraint(
                condition=Q(reached_at__isnull=True) | Q(ended_at__isnull=True), name="goal_reached_or_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_going_on(self) -> bool:
        """Neither reached nor given up."""
        return self.reached_at is None and self.ended_at is None


class PlanStepQuerySet(models.QuerySet["PlanStep"]):
    """Steps by state."""

    def to_do(self) -> PlanStepQuerySet:
        """Those neither done nor given up."""
        return self.filter(done_at__isnull=True, ended_at__isnull=True)

    def without_day(self) -> PlanStepQuerySet:
        """Those of which nobody said by when."""
        return self.filter(by_on__isnull=True, ends_on__isnull=True)

    def ending_by(self, day: date) -> PlanStepQuerySet:
        """Measures that go on and end by a day, those whose end has passed too; the first to end comes first."""
        return self.to_do().filter(ends_on__lte=day, plan__closed_at__isnull=True).order_by("ends_on", "pk")

    def unfollowed(self) -> PlanStepQuerySet:
        """Those of which nobody has said what follows, or why nothing does; a dropped step follows nothing."""
        said = Q(next_step__isnull=False, next_step__ended_at__isnull=True)
        return self.filter(no_next_reason="").exclude(said)

    def for_lists(self) -> PlanStepQuerySet:
        """With all that a row shows: what is due first comes first, what has no day in the order it was agreed."""
        rows = self.select_related("goal", "next_step", "membership__user", "membership__organisation")
        return rows.order_by(F("by_on").asc(nulls_last=True), "pk")


class PlanStep(models.Model):
    """A step of the plan: what is done, by whom, by when, and what it is good for."""

    class Who(models.TextChoices):
        CLIENT = "client", _("The person")
        STAFF = "staff", _("I")
        OTHER = "other", _("An organisation or somebody else")

    retention = Retention(
        "Steps towards the goals; end with the plan", ("what", "who_words", "benefit", "no_next_reason")
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, related_name="steps")
    what = models.CharField(max_length=200)
    who = models.CharField(max_length=6, choices=Who, default=Who.CLIENT)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    who_words = models.CharField(max_length=80, blank=True)
    by_on = models.DateField(null=True)
    benefit = models.CharField(max_length=200, blank=True)
    # A measure lasts until a day, and ends with a step that follows it or with a reason why none does.
    ends_on = models.DateField(null=True)
    next_step = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    no_next_reason = models.CharField(max_length=200, blank=True)
    followed_at = models.DateTimeField(null=True)  # when that was said: before the end, or with it
    added_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = PlanStepQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["ends_on"],
                name="plan_step_measure_ends",
                condition=Q(ends_on__isnull=False, done_at__isnull=True, ended_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(who="client", membership__isnull=True, who_words="")
                | Q(who="staff", membership__isnull=False, who_words="")
                | Q(who="other", membership__isnull=True) & ~Q(who_words=""),
                name="plan_step_one_doer",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, ended_at__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(next_step__isnull=False)
                | ~Q(no_next_reason=""),
                name="plan_step_measure_followed",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(ended_at__isnull=True), name="plan_step_done_or_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def doer(self) -> str:
        """Who does it, in words."""
        if self.membership is not None:
            return f"{self.membership.user.name}, {self.membership.organisation.short_name}"
        return self.who_words or str(self.Who.CLIENT.label)

    @property
    def is_followed(self) -> bool:
        """Whether it is said what follows a measure, or why nothing does; a step that was dropped follows nothing."""
        return bool(self.no_next_reason) or (self.next_step is not None and self.next_step.ended_at is None)

    @property
    def is_to_do(self) -> bool:
        """Neither done nor given up."""
        return self.done_at is None and self.ended_at is None


class PlanVersion(models.Model):
    """What the person approved, in the words of that day: it stays as it was when the plan goes on changing."""

    retention = Retention("Proof of what was approved; ends with the plan", ("content",))

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    # {"intensity": …, "goals": [{"words": …}], "steps": [{"what", "who", "by", "by_on", "benefit", "goal", "done"}]}
    content = models.JSONField()
    approved_at = models.DateTimeField()
    how = models.CharField(max_length=6, choices=Consent.How)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "version"], name="plan_version_once")]

    @property
    def intensity_label(self) -> str:
        """How often the person and the team were to be in touch."""
        return str(Plan.Intensity(self.content["intensity"]).label)

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps that were approved, with their days."""
        return [
            {**step, "by_on": date.fromisoformat(step["by_on"]) if step["by_on"] else None}
            for step in self.content["steps"]
        ]


class PlanReview(models.Model):
    """The plan, or the need for support, was looked at together on a day; only ever taken back."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("The plan")
        NEED = "need", _("The need for support")

    retention = Retention("When the plan and the need were last looked at; ends with the plan")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=4, choices=Kind)
    at = models.DateTimeField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
