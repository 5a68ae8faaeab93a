"""The other customers: employers, who spoke with them last, and what work they have to offer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from team.models import Membership, Organisation, ServicePoint
from team.permissions import Perm
from tyoparkki.ids import new_id
from tyoparkki.models import Municipality
from tyoparkki.names import name_key, name_matches
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


# So long after a contact a colleague is told of it before a new one.
RECENT = timedelta(days=14)


class EmployerQuerySet(models.QuerySet["Employer"]):
    """Employers of a point's register; every organisation there sees them all."""

    def visible_to(self, member: Member) -> EmployerQuerySet:
        """Those on the register of the member's service point."""
        return self.filter(point_id=member.point_id) if member.may(Perm.SEE_EMPLOYERS) else self.none()

    def found_by(self, typed: str) -> EmployerQuerySet:
        """Those whose name or business id matches what was typed."""
        return self.filter(name_matches(typed) | Q(business_id__startswith=typed.strip())) if typed.strip() else self

    def same_as(self, *, name: str, business_id: str) -> EmployerQuerySet:
        """The one that this would stand beside twice: of the same business id or, without one, of the same name."""
        same = Q(business_id=business_id) if business_id else Q(business_id="", name_key=name_key(name))
        return self.filter(same)

    def for_list(self) -> EmployerQuerySet:
        """With the last contact and the number of open places, by name."""
        last = ContactEvent.objects.standing().filter(employer=OuterRef("pk")).order_by("-at", "pk")
        places = (
            Position.objects.open()
            .filter(employer=OuterRef("pk"))
            .order_by()
            .values("employer")
            .annotate(total=Sum("places"))
            .values("total")
        )
        return (
            self.select_related("municipality")
            .annotate(
                last_at=Subquery(last.values("at")[:1]),
                last_by=Subquery(last.values("by__user__name")[:1]),
                last_for=Subquery(last.values("organisation__short_name")[:1]),
                last_about=Subquery(last.values("about")[:1]),
                open_places=Subquery(places),
            )
            .order_by("name_key", "pk")
        )


class Employer(models.Model):
    """A company, association or public unit that needs or might need people; seen by all organisations."""

    class Size(models.TextChoices):
        MICRO = "micro", _("1–9 employees")
        SMALL = "small", _("10–49 employees")
        MEDIUM = "medium", _("50–249 employees")
        LARGE = "large", _("250 employees or more")
        UNKNOWN = "unknown", _("Not known")

    retention = Retention("Cooperation with employers")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="employers")
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120)
    name_parts = ArrayField(models.CharField(max_length=40), default=list)
    business_id = models.CharField(max_length=9, blank=True)
    size = models.CharField(max_length=8, choices=Size, default=Size.UNKNOWN)
    industry = models.CharField(max_length=2, blank=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="employers"
    )
    web_page = models.URLField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["point", "name_key"], name="employer_name", opclasses=["", "varchar_pattern_ops"]),
            GinIndex(fields=["name_parts"], name="employer_name_parts"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "business_id"], name="employer_business_id_once", condition=~Q(business_id="")
            ),
            models.UniqueConstraint(
                fields=["point", "name_key"], name="employer_name_once", condition=Q(business_id="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContactPersonQuerySet(models.QuerySet["ContactPerson"]):
    """People to ask for."""

    def visible_to(self, member: Member) -> ContactPersonQuerySet:
        """Those of the employers that the member sees."""
        return self.filter(employer__in=Employer.objects.visible_to(member))

    def in_use(self) -> ContactPersonQuerySet:
        """Those still to be asked for, the first written first."""
        return self.filter(ended_at__isnull=True).order_by("created_at", "pk")


class ContactPerson(models.Model):
    """Whom to ask for at an employer."""

    retention = Retention("To reach the employer", ("name", "phone", "email"), days=YEAR, since="ended_at")

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="contact_people")
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ContactPersonQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ContactEventQuerySet(models.QuerySet["ContactEvent"]):
    """Contacts with employers."""

    def standing(self) -> ContactEventQuerySet:
        """Those that were not undone."""
        return self.filter(undone_at__isnull=True)

    def since(self, at: datetime) -> ContactEventQuerySet:
        """Those from a moment on."""
        return self.filter(at__gte=at)

    def for_log(self) -> ContactEventQuerySet:
        """With who spoke and for which organisation, the newest first."""
        return self.select_related("by__user", "organisation").order_by("-at", "pk")


class ContactEvent(models.Model):
    """One contact with an employer: who called, about what, what was agreed; all organisations see it."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone call")
        VISIT = "visit", _("Visit to the workplace")
        DESK = "desk", _("At the service point")
        MESSAGE = "message", _("Message")
        EVENT = "event", _("Event")

    retention = Retention("So that nobody calls twice", days=3 * YEAR, since="at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="contact_events")
    kind = models.CharField(max_length=8, choices=Kind)
    about = models.CharField(max_length=300)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = ContactEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["employer", "-at"], name="contact_event_employer")]


class PositionQuerySet(models.QuerySet["Position"]):
    """Places by state."""

    def open(self) -> PositionQuerySet:
        """Those not filled and not withdrawn."""
        return self.filter(status="open")

    def visible_to(self, member: Member) -> PositionQuerySet:
        """Those of the employers that the member sees."""
        return self.filter(employer__in=Employer.objects.visible_to(member))

    def of_kind(self, kind: str) -> PositionQuerySet:
        """Those of one kind."""
        return self.filter(kind=kind)

    def in_field(self, code: str) -> PositionQuerySet:
        """Those of an occupational field: the beginning of the code."""
        return self.filter(occupation_code__startswith=code)

    def count_by_kind(self) -> dict[str, int]:
        """How many there are of each kind."""
        return dict(self.order_by().values_list("kind").annotate(count=Count("pk")))

    def fields_in_use(self, length: int) -> set[str]:
        """The beginnings of their occupational codes."""
        fields = self.exclude(occupation_code="").annotate(field=Left("occupation_code", length))
        return set(fields.order_by().values_list("field", flat=True).distinct())

    def newest_first(self) -> PositionQuerySet:
        """With the employer, the newest on top."""
        return self.select_related("employer").order_by("-created_at", "pk")


class Position(models.Model):
    """A job, trial, subsidised or rehabilitative place that is open until it is filled."""

    class Kind(models.TextChoices):
        JOB = "job", _("Job")
        SUBSIDISED = "subsidised", _("Subsidised work")
        TRIAL = "trial", _("Work trial")
        APPRENTICESHIP = "apprenticeship", _("Apprenticeship")
        REHABILITATIVE = "rehabilitative", _("Rehabilitative work")
        GIG = "gig", _("Short job")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        FILLED = "filled", _("Filled")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.OPEN: {Status.FILLED, Status.WITHDRAWN},
        Status.FILLED: {Status.OPEN},
        Status.WITHDRAWN: {Status.OPEN},
    }

    retention = Retention("Open places for clients", days=3 * YEAR, since="created_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="positions")
    kind = models.CharField(max_length=14, choices=Kind)
    title = models.CharField(max_length=120)
    occupation_code = models.CharField(max_length=8, blank=True)
    details = models.CharField(max_length=500, blank=True)
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    places = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField(null=True, blank=True)
    open_until = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = PositionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "kind"], name="position_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True) | Q(~Q(status="open"), closed_at__isnull=False),
                name="position_closed_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.title
