"""Organisations, the people who work in them, and the memberships by which they act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from tyoparkki.ids import new_id
from tyoparkki.names import first_name, initials
from tyoparkki.retention import YEAR, Retention
from tyoparkki.texts import TextsField, pick


class Organisation(models.Model):
    """A body that takes part: a city, a wellbeing services county, an educator, an association, a company."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Municipality")
        COUNTY = "county", _("Wellbeing services county")
        STATE = "state", _("State")
        EDUCATOR = "educator", _("Educator")
        ASSOCIATION = "association", _("Association")
        COMPANY = "company", _("Company")

    retention = Retention("The walls between organisations hang on it")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    names = TextsField()
    short_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind)
    business_id = models.CharField(max_length=9, blank=True)
    source = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    web_page = models.URLField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], name="organisation_source_once", condition=~Q(source_id="")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(self.names)


class Profession(models.Model):
    """What a member of staff is by trade: data, so that a site may change the list."""

    retention = Retention("Vocabulary")

    code = models.SlugField(max_length=40, unique=True)
    names = TextsField()
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return pick(self.names)


class Skill(models.Model):
    """Something a colleague can be asked about."""

    retention = Retention("Vocabulary")

    code = models.SlugField(max_length=40, unique=True)
    names = TextsField()
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return pick(self.names)


class UserManager(BaseUserManager["User"]):
    """Finds a user by the name typed at sign-in."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Letter case does not matter at sign-in."""
        return self.get(username__iexact=username)

    def of_point(self, point_id: UUID) -> QuerySet[User]:
        """Those who act, have acted or will act at a point: whom its administrator looks after."""
        return self.filter(pk__in=Membership.objects.filter(point_id=point_id).values("user_id"))


class User(AbstractBaseUser):
    """A member of staff or a partner's advisor who signs in. Clients never do."""

    retention = Retention("Sign-in and responsibility", ("username", "name", "email"), days=5 * YEAR, since="left_on")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, default="fi")
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    professions = models.ManyToManyField(Profession, blank=True, related_name="users")
    skills = models.ManyToManyField(Skill, blank=True, related_name="users")
    single_keys = models.BooleanField(_("single-letter keys"), default=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    left_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        # As the sign-in looks for it (`iexact`): letter case does not tell user names apart.
        constraints = [models.UniqueConstraint(Upper("username"), name="user_name_once_in_any_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What colleagues call the person."""
        return first_name(self.name)

    @property
    def initials(self) -> str:
        """Two letters for the round mark; decoration only."""
        return initials(self.name)


class Role(models.TextChoices):
    """What a membership lets a person do; the rights themselves stand in team/permissions.py."""

    FRONT_DESK = "front_desk", _("Front desk")
    ADVISOR = "advisor", _("Advisor")
    EXPERT_BY_EXPERIENCE = "expert", _("Expert by experience")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Administrator")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by time."""

    def valid_on(self, day: date) -> MembershipQuerySet:
        """Those in force on a day, of people who still work here."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            valid_from__lte=day,
            user__is_active=True,
            organisation__is_active=True,
        )

    def not_over_on(self, day: date) -> MembershipQuerySet:
        """Those that hold on a day or later, also of somebody who may not sign in now."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))

    def at_point(self, point_id: UUID) -> MembershipQuerySet:
        """Those of one service point."""
        return self.filter(point_id=point_id)

    def in_roles(self, roles: Iterable[str]) -> MembershipQuerySet:
        """Those in one of the roles."""
        return self.filter(role__in=list(roles))

    def of_user(self, user: User) -> MembershipQuerySet:
        """Those of one person."""
        return self.filter(user=user)

    def for_roster(self) -> MembershipQuerySet:
        """By organisation and name, with the names (by language) of trades and skills, in one query."""
        trades = User.professions.through.objects.filter(user_id=OuterRef("user_id"), profession__is_active=True)
        skills = User.skills.through.objects.filter(user_id=OuterRef("user_id"), skill__is_active=True)
        return (
            self.select_related("user", "organisation")
            .annotate(
                trade_names=ArraySubquery(
                    trades.order_by("profession__position", "profession_id").values("profession__names")
                ),
                skill_names=ArraySubquery(skills.order_by("skill__code").values("skill__names")),
            )
            .order_by("organisation__short_name", "user__name", "pk")
        )

    def with_people(self) -> MembershipQuerySet:
        """With all that a page shows of a colleague, in two queries."""
        return self.select_related("user", "organisation", "point").prefetch_related("user__professions")


class Membership(models.Model):
    """A user acting for an organisation at a service point in a role, from a day to a day."""

    retention = Retention("Every act is tied to it", days=5 * YEAR, since="valid_until")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    point = models.ForeignKey("team.ServicePoint", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    title = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="membership_period",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "point", "role"],
                name="membership_open_once",
                condition=Q(valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"

    def is_valid_on(self, day: date) -> bool:
        """Whether it is in force on a day; the user and the organisation must have been fetched with it."""
        begun = self.valid_from <= day and (self.valid_until is None or self.valid_until >= day)
        return begun and self.user.is_active and self.organisation.is_active
