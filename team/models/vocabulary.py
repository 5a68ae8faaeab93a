"""Words that a service point may change: topics, situations, age bands, results."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from team.models.organisation import Profession
from team.models.point import ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention
from tyoparkki.texts import TextsField, pick


def _client_only() -> list[str]:
    return ["client"]


class TopicQuerySet(models.QuerySet["Topic"]):
    """Topics of a point."""

    def at(self, point_id: UUID) -> TopicQuerySet:
        """Those in use at a point, in the order of the screen."""
        return self.filter(point_id=point_id, is_active=True).order_by("position", "pk")

    def with_professions(self) -> TopicQuerySet:
        """With the keys of the trades that may take it, in the same query."""
        trades = Topic.professions.through.objects.filter(topic_id=OuterRef("pk")).order_by("profession_id")
        return self.annotate(profession_ids=ArraySubquery(trades.values("profession_id")))

    def for_party(self, party: str) -> TopicQuerySet:
        """Those that this kind of visitor comes for."""
        return self.filter(parties__contains=[party])


class Topic(models.Model):
    """Why a visitor comes: one press at the door, and what routes the visit to a profession."""

    class Icon(models.TextChoices):
        """The drawings that a topic's key may carry, by what they show."""

        MAGNIFIER = "search", _("Magnifying glass")
        PAPER = "file-earmark-text", _("Paper")
        SCHOOL = "mortarboard", _("Graduation cap")
        ARROWS = "arrow-left-right", _("Arrows")
        HEART = "heart-pulse", _("Heart")
        LANGUAGE = "translate", _("Characters")
        WALLET = "wallet2", _("Wallet")
        LAPTOP = "laptop", _("Laptop")
        WALKER = "person-walking", _("Walking person")
        PEOPLE = "people", _("Two people")
        COIN = "cash-coin", _("Coin")
        DOTS = "three-dots", _("Three dots")
        BRIEFCASE = "briefcase", _("Briefcase")
        BUILDING = "building", _("Building")
        HOME = "house", _("House")
        TOOLS = "tools", _("Tools")
        SHOP = "shop", _("Shop")
        TRUCK = "truck", _("Truck")
        CALENDAR = "calendar-event", _("Calendar")
        TELEPHONE = "telephone", _("Receiver")
        COMPASS = "compass", _("Compass")
        LAMP = "lightbulb", _("Light bulb")
        GLOBE = "globe", _("Globe")
        BUBBLE = "chat-dots", _("Speech bubble")

    retention = Retention("Vocabulary")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="topics")
    code = models.SlugField(max_length=40)
    names = TextsField()
    icon = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=1, blank=True)
    parties = ArrayField(models.CharField(max_length=8), default=_client_only)
    professions = models.ManyToManyField(Profession, blank=True, related_name="topics")
    service_classes = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    guidance_minutes = models.PositiveSmallIntegerField(default=20)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "code"], name="topic_code_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(self.names)


class TermQuerySet(models.QuerySet["Term"]):
    """Words of a point."""

    def at(self, point_id: UUID, kind: str) -> TermQuerySet:
        """Those of one kind in use at a point, in the order of the screen."""
        return self.filter(point_id=point_id, kind=kind, is_active=True).order_by("position", "pk")


class Term(models.Model):
    """A coded word: a visitor's situation, age band and source, a visit's result, a referral's result or refusal."""

    class Kind(models.TextChoices):
        SITUATION = "situation", _("Situation")
        AGE_BAND = "age_band", _("Age")
        RESULT = "result", _("Result")
        ENDING = "ending", _("How a service ended")
        REFUSAL = "refusal", _("Why a referral cannot be taken")
        ASIDE = "aside", _("Why a suggested service is put aside")
        SOURCE = "source", _("How the visitor heard of us")

    NOT_ASKED = "ei_kysytty"

    retention = Retention("Vocabulary")

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="terms")
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.SlugField(max_length=40)
    names = TextsField()
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "kind", "code"], name="term_code_once")]

    def __str__(self) -> str:
        return pick(self.names)
