"""A person known by name or alias, with one way to reach them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connections, models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from clients.keys import SHORTEST, Sought, phone_parts, year_in
from clients.sounds import sound_words
from team.models import Membership, Organisation, ServicePoint, Shift
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.models import Municipality
from tyoparkki.names import name_matches
from tyoparkki.retention import MONTH, YEAR, Retention

if TYPE_CHECKING:
    from clients.models.consent import Consent
    from clients.models.recusal import Recusal
    from team.access import Member


class ClientQuerySet(models.QuerySet["Client"]):
    """People on file, behind the wall of consent, which is asked anew by every query."""

    def visible_to(self, member: Member) -> ClientQuerySet:
        """Those who let the team of the member's point record them, or the member's organisation know of them.

        But nobody whom the member has marked as own or near.

        Each row tells by which of the two it is seen: `team_consent`, and `shared_contents` with the organisation.
        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.SEE_CLIENTS):
            return self.none()
        today = clock.local_date(clock.now())
        rows = self.open_to(member.point_id, member.organisation_id, on=today, membership_id=member.membership_id)
        return rows.filter(~Exists(_marks_of(member).filter(client=OuterRef("pk"))))

    def open_to(self, point_id: UUID, organisation_id: UUID, *, on: date, membership_id: UUID) -> ClientQuerySet:
        """The same by keys and day, for statements that are prepared; who asks must be one who may see people."""
        consents = _open_consents(on).filter(client=OuterRef("pk"))
        to_team = consents.filter(_to_team_of(point_id))
        to_organisation = consents.filter(_to(organisation_id))
        to_here = consents.filter(_to_point(point_id, membership_id, on))
        told = _to(organisation_id) | _to_point(point_id, membership_id, on)
        opening = _open_consents(on).filter(_to_team_of(point_id) | told)
        return self.filter(pk__in=opening.values("client_id")).annotate(
            team_consent=Subquery(to_team.values("pk")[:1]),
            shared_contents=Subquery(to_organisation.values("contents")[:1]),
            shared_here=Subquery(to_here.values("contents")[:1]),
        )

    def known_to_team_of(self, point_id: UUID) -> ClientQuerySet:
        """Those who let the team of a point record them."""
        return self.filter(pk__in=_open_consents().filter(_to_team_of(point_id)).values("client_id"))

    def found_by(self, sought: Sought, member: Member, *, most: int | None = None) -> ClientQuerySet:
        """Those in whom every typed part is found: words of the name, the year of birth, a part of the number.

        By name only the first `most`, for a few letters fit thousands: those written so in order, and where they are
        fewer, those that sound so. A number or a year is searched only
        where the member may see it. To be used after `visible_to`.
        """
        if not sought.is_enough:
            return self.none()
        if sought.names:
            texts = (sought.words, sought.parts, list(sought.numbers), sought.voices, sought.bones, sought.heads)
            typed = (Value(given, _TEXTS) for given in texts)
            limit = Value(most, models.IntegerField())
            rows = self.filter(pk__in=_Found(*typed, limit, function="clients_named"))
        else:
            rows = self.filter(*(Q(pk__in=_by_number(number)) for number in sought.numbers))
        return rows.filter(*(_may_be_told(number, member) for number in sought.numbers))

    def perhaps_same(self, name: str, reached: str, born: int | None, *, most: int = 1000) -> ClientQuerySet:
        """Those worth comparing with a name, the key of a number or an address, and a year: found through the indexes.

        To be used after `visible_to`; each row comes with its open contact as `contact_key`, where that may be known.
        """
        words = Value(sound_words(name), _TEXTS)
        asked = (words, Value(reached), Value(born, models.IntegerField()), Value(most, models.IntegerField()))
        return self.filter(pk__in=_Found(*asked, function="clients_alike")).with_contact_key()

    def with_contact_key(self) -> ClientQuerySet:
        """With the key of the open number or address as `contact_key`, but of whom it is hidden everywhere."""
        way = ContactPoint.objects.filter(client=OuterRef("pk"), ended_at__isnull=True)
        return self.annotate(
            contact_key=Case(When(is_non_disclosure=False, then=Subquery(way.values("value_key")[:1])))
        )

    def near_to(self, ids: list[UUID]) -> dict[UUID, list[UUID]]:
        """For each of these people, whom the actor may see, the others worth comparing with."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT one, other FROM clients_near(%s::uuid[])", [ids])
            near: dict[UUID, list[UUID]] = {}
            for one, other in cursor.fetchall():
                near.setdefault(one, []).append(other)
        return near

    def with_openness(self) -> ClientQuerySet:
        """With what `openness` marks besides: at which points background may be recorded, where that may be known."""
        marks = Func(F("pk"), function="clients_background_marks", output_field=models.TextField())
        return self.annotate(background_marks=marks)

    def for_lists(self) -> ClientQuerySet:
        """In Finnish order of names, with what a row shows."""
        return self.select_related("municipality").order_by("name_key", "pk")

    def best_first(self, sought: Sought) -> ClientQuerySet:
        """Those whose names are written as typed before those that only sound so; each row tells by `is_as_typed`."""
        rows = self.select_related("municipality").annotate(
            is_as_typed=Case(When(name_matches(" ".join(sought.names)), then=True), default=False)
            if sought.words
            else Value(value=True)
        )
        return rows.order_by("-is_as_typed", "name_key", "pk")


def _marks_of(member: Member) -> QuerySet[Recusal]:
    from clients.models.recusal import Recusal

    return Recusal.objects.standing().filter(user_id=member.membership.user_id)


def _open_consents(on: date | None = None) -> QuerySet[Consent]:
    from clients.models.consent import Consent

    return Consent.objects.in_force(on or clock.local_date(clock.now()))


def _to_team_of(point_id: UUID) -> Q:
    return Q(purpose="record", recipient_point_id=point_id)


def _to(organisation_id: UUID) -> Q:
    return Q(purpose="share", recipient_organisation_id=organisation_id)


def _to_point(point_id: UUID, membership_id: UUID, on: date) -> Q:
    """Told to the team of a point, for one of it: who works there that day, or answers for somebody recorded there."""
    from clients.models.responsibility import Responsibility

    works = Shift.objects.filter(
        membership_id=membership_id, day__point_id=point_id, day__on=on, cancelled_at__isnull=True
    )
    recorded = _open_consents(on).filter(_to_team_of(point_id)).values("client_id")
    answers = Responsibility.objects.running().filter(
        membership_id=membership_id, point_id=point_id, client__in=recorded
    )
    return Q(Exists(works) | Exists(answers), purpose="share", recipient_point_id=point_id)


def told_to(member: Member) -> Q:
    """Consents by which the member is told something: as one of an organisation, or of the team of a point.

    clients/walls/ keeps the same rule in the database.
    """
    on = clock.local_date(clock.now())
    return _to(member.organisation_id) | _to_point(member.point_id, member.membership_id, on)


_TEXTS = ArrayField(models.CharField())


class _Found(models.Func):
    """Keys found by a function of the wall (clients/walls/), which may use indexes that are closed behind it."""

    template = "(SELECT %(function)s(%(expressions)s))"
    output_field = models.UUIDField()


def _by_number(number: str) -> _Found:
    """People born in a year, and people with a number that holds the digits."""
    born = Value(year_in(number), models.IntegerField())
    return _Found(Value(number), Value(phone_parts(number), _TEXTS), born, function="clients_of_number")


def _may_be_told(number: str, member: Member) -> Q:
    """Born in that year, or with such a number: each where the member may see it."""
    year = year_in(number)
    found = Q(_tells("situation", member), year_of_birth=year) if year is not None else Q(pk__in=[])
    if len(number) >= SHORTEST:
        way = ContactPoint.objects.filter(client=OuterRef("pk"), ended_at__isnull=True, value_key__contains=number)
        found |= Q(_tells("contact", member), Exists(way), is_non_disclosure=False)
    return found


def _tells(content: str, member: Member) -> Exists:
    """The person lets the member's team record them, or tells the member's organisation of this."""
    telling = _to_team_of(member.point_id) | told_to(member) & Q(contents__contains=[content])
    return Exists(_open_consents().filter(telling, client=OuterRef("pk")))


class Client(models.Model):
    """A person whom an organisation keeps on file by consent; the file belongs to its controller."""

    retention = Retention(
        "To call back and to continue where we left",
        ("name", "name_key", "name_parts", "sound_parts", "year_of_birth", "language", "municipality"),
        days=YEAR,
        since="last_visit_on",
        or_since="created_at",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="clients")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=80)
    is_alias = models.BooleanField(default=False)
    name_key = models.CharField(max_length=80)
    name_parts = ArrayField(models.CharField(max_length=40), default=list)
    sound_parts = ArrayField(models.CharField(max_length=40), default=list)
    year_of_birth = models.PositiveSmallIntegerField(null=True, blank=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="clients"
    )
    language = models.CharField(max_length=3, blank=True)
    is_non_disclosure = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    last_visit_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["point", "name_key"], name="client_point_name", opclasses=["", "varchar_pattern_ops"]),
            GinIndex(fields=["name_parts"], name="client_name_parts"),
            GinIndex(fields=["sound_parts"], name="client_sound_parts"),
            models.Index(fields=["point", "year_of_birth"], name="client_point_year"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_of_birth__isnull=True) | Q(year_of_birth__gte=1900, year_of_birth__lte=2100),
                name="client_year_of_birth",
            )
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name(self) -> str:
        """First name and the initial of the last: all that the queue shows."""
        parts = self.name.split()
        if self.is_alias or len(parts) < 2:
            return self.name
        return f"{parts[0]} {parts[-1][0]}."

    def shows(self, content: str) -> bool:
        """Whether the member for whom the row was fetched may see a kind of content: the team all, others as agreed."""
        return self.is_team or content in self.told_contents

    @property
    def told_contents(self) -> set[str]:
        """What the member for whom the row was fetched is told: as one of an organisation, and of a point's team."""
        told = (getattr(self, name, None) or () for name in ("shared_contents", "shared_here"))
        return {content for contents in told for content in contents}

    @property
    def openness(self) -> str:
        """A mark of what the member for whom the row was fetched (`with_openness`) may see: another one when that has
        changed."""
        told = ["team"] if self.is_team else sorted(self.told_contents)
        told.append(getattr(self, "background_marks", ""))
        return salted_hmac("clients.openness", f"{self.pk} {' '.join(told)}").hexdigest()[:16]

    def is_kept_by(self, member: Member) -> bool:
        """Whether the file is that of the member's organisation, and the member is one of the team it was made for."""
        return self.is_team and self.controller_id == member.organisation_id

    def shows_plan(self, member: Member) -> bool:
        """Whether the member may know of the plan: those who guide, where the file is kept or where it may be told."""
        return member.may(Perm.GUIDE) and (self.is_kept_by(member) or "plan" in self.told_contents)

    @property
    def shows_situation(self) -> bool:
        """Whether the member for whom the row was fetched may see year of birth, language and municipality."""
        return self.shows("situation")

    @property
    def is_team(self) -> bool:
        """Whether the member for whom the row was fetched sees it as one of the point's team."""
        return getattr(self, "team_consent", None) is not None


class ContactPoint(models.Model):
    """How the person wants to be reached: one is enough."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        OTHER = "other", _("Some other way")

    retention = Retention(
        "To reach the person as agreed", ("value", "value_key", "value_parts"), days=MONTH, since="ended_at"
    )

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=120)
    value_key = models.CharField(max_length=120, blank=True)
    value_parts = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["value_key"], name="contact_value", opclasses=["varchar_pattern_ops"]),
            GinIndex(fields=["value_parts"], name="contact_value_parts"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], name="contact_point_one_open", condition=Q(ended_at__isnull=True)
            )
        ]
