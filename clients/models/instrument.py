"""Instruments of self-assessment: what a person is asked about their own situation, as data, in versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.consent import ConsentText
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention
from tyoparkki.texts import TextsField, pick


def words_in(texts: Mapping[str, str] | None, language: str) -> str:
    """The text in exactly this language, easy Finnish being one of its own; else as texts are picked everywhere."""
    return (texts or {}).get(language) or pick(texts, language)


@dataclass(frozen=True, slots=True)
class Area:
    """One question of a version: its key, its short name, its words, and the words of each answer if it has its own."""

    key: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    """Instruments by use."""

    def in_use(self) -> InstrumentQuerySet:
        """Those that may be filled in, in the order in which they are offered."""
        return self.filter(is_active=True).order_by("position", "pk")

    def asked_after_service(self) -> InstrumentQuerySet:
        """Those that are asked when a service ends."""
        return self.in_use().filter(is_asked_after_service=True)


class Instrument(models.Model):
    """A set of areas on one scale, with its licence; another scale makes it another instrument."""

    class Sensitivity(models.TextChoices):
        PLAIN = "plain", _("Ordinary")
        SENSITIVE = "sensitive", _("Sensitive")

    retention = Retention("What people are asked about their situation")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40)
    names = TextsField()
    purposes = TextsField(blank=True)
    licence = models.CharField(max_length=400)
    source = models.CharField(max_length=400, blank=True)
    link = models.URLField(blank=True)
    least = models.SmallIntegerField()
    most = models.SmallIntegerField()
    least_words = TextsField(blank=True)
    most_words = TextsField(blank=True)
    sensitivity = models.CharField(max_length=9, choices=Sensitivity, default=Sensitivity.PLAIN)
    is_external = models.BooleanField(default=False)
    is_asked_after_service = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="instrument_key_once"),
            models.CheckConstraint(condition=Q(most__gt=F("least"), least__gte=0), name="instrument_scale"),
        ]

    @property
    def scale(self) -> range:
        """Every value that an answer may have."""
        return range(self.least, self.most + 1)

    @property
    def is_sensitive(self) -> bool:
        """Whether the person is asked first whether these answers may be kept."""
        return self.sensitivity == self.Sensitivity.SENSITIVE


class InstrumentVersionQuerySet(models.QuerySet["InstrumentVersion"]):
    """Versions of instruments."""

    def newest(self) -> InstrumentVersionQuerySet:
        """The one of each instrument that is asked now, with the instrument."""
        latest = InstrumentVersion.objects.filter(instrument=models.OuterRef("instrument")).order_by("-number", "pk")
        return self.filter(pk=models.Subquery(latest.values("pk")[:1])).select_related("instrument")

    def on_offer(self) -> InstrumentVersionQuerySet:
        """The newest ones of the instruments in use, in the order in which they are offered."""
        rows = self.newest().filter(instrument__is_active=True)
        return rows.order_by("instrument__position", "instrument_id")


class InstrumentVersion(models.Model):
    """The words of an instrument as they were asked: never changed, for old answers show with them."""

    retention = Retention("The words that were answered")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    instructions = TextsField(blank=True)
    stems = TextsField(blank=True)
    answers = models.JSONField(default=dict, blank=True)
    areas = models.JSONField()
    approved_on = models.DateField(null=True)
    loaded_at = models.DateTimeField()

    objects = InstrumentVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="instrument_version_once"),
        ]

    @cached_property
    def items(self) -> list[Area]:
        """The areas in the order in which they are asked."""
        return [
            Area(row["key"], row.get("names") or row["texts"], row["texts"], row.get("answers") or self.answers)
            for row in self.areas
        ]

    @property
    def keys(self) -> list[str]:
        """The keys of the areas in their order."""
        return [row["key"] for row in self.areas]

    def area(self, key: str) -> Area | None:
        """One area by its key."""
        return next((one for one in self.items if one.key == key), None)

    @property
    def languages(self) -> list[str]:
        """Languages in which everything is said, in the order in which they are offered; nothing is half translated."""
        return [code for code in ConsentText.LANGUAGES if self._is_complete_in(code)]

    def _is_complete_in(self, language: str) -> bool:
        said: list[Any] = [row["texts"] for row in self.areas]
        said += [texts for row in self.areas for texts in (row.get("answers") or {}).values()]
        said += [*self.answers.values(), *filter(None, (self.instructions, self.stems))]
        return bool(said) and all(texts.get(language) for texts in said)
