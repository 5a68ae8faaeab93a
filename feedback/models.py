"""The tablet by the door: questions as data, answers without a person or a time."""

from __future__ import annotations

import uuid
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from team.models import Device, Membership, ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention
from tyoparkki.texts import TextsField


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    """Questionnaires of a service point."""

    def at(self, point_id: UUID) -> QuestionnaireQuerySet:
        """Those of one point."""
        return self.filter(point_id=point_id)

    def in_use(self) -> QuestionnaireQuerySet:
        """Those that the tablets ask now."""
        return self.filter(status=Questionnaire.Status.IN_USE)

    def answerable(self) -> QuestionnaireQuerySet:
        """Those whose answers are taken: an ended one too, for a tablet without a network may still hold some."""
        return self.exclude(status=Questionnaire.Status.DRAFT)

    def with_questions(self) -> QuestionnaireQuerySet:
        """With their questions in the order of the screens, in two queries."""
        return self.prefetch_related(Prefetch("questions", Question.objects.order_by("position")))


class Questionnaire(models.Model):
    """A set of questions in one frozen version."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_USE = "in_use", _("In use")
        ENDED = "ended", _("Ended")

    retention = Retention("What was asked")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="questionnaires")
    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    names = TextsField()
    languages = models.JSONField(default=list)
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "code", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(
                fields=["point", "code"], name="questionnaire_one_in_use", condition=Q(status="in_use")
            ),
        ]


class Question(models.Model):
    """One question a screen: five faces with words, or words of one's own."""

    class Kind(models.TextChoices):
        FACES = "faces", _("Five faces")
        WORDS = "words", _("Own words")

    retention = Retention("What was asked")

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=5, choices=Kind)
    position = models.PositiveSmallIntegerField()
    texts = TextsField()
    labels = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_once"),
            models.UniqueConstraint(fields=["questionnaire", "position"], name="question_position_once"),
        ]


class ResponseQuerySet(models.QuerySet["Response"]):
    """Answers of a service point, as far as they may be shown."""

    def at(self, point_id: UUID) -> ResponseQuerySet:
        """Those given at one point."""
        return self.filter(point_id=point_id)

    def on_days(self, days: list[date]) -> ResponseQuerySet:
        """Those of some days."""
        return self.filter(on__in=days)

    def between(self, first: date, end: date) -> ResponseQuerySet:
        """Those from a day on and before another."""
        return self.filter(on__gte=first, on__lt=end)

    def with_words(self) -> ResponseQuerySet:
        """Those with words of one's own: by day and hour, and within the hour in no order that tells anything."""
        return self.exclude(words="").order_by("-on", "-hour", "key")

    def counted(self, *, days: int | None = None) -> QuerySet[Response, tuple[date, str, int, int]]:
        """How many were given on each day in each language in each hour; of the latest days with answers, or of all."""
        rows = self
        if days is not None:
            rows = self.filter(on__in=self.order_by("-on").values("on").distinct()[:days])
        return (
            rows.order_by("on", "language", "hour").values_list("on", "language", "hour").annotate(given=Count("key"))
        )


class Response(models.Model):
    """One visitor's answers: service point, day and hour only; nothing from which the rest could be matched.

    The key is a random UUID made on the tablet (version 4), so that sending again adds nothing.
    """

    class Mode(models.TextChoices):
        TABLET = "tablet", _("Tablet")
        PAPER = "paper", _("Paper")
        LINK = "link", _("Link")

    retention = Retention("How visitors are met", ("words",), days=5 * YEAR, since="on")

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="responses")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="responses")
    on = models.DateField()
    hour = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    mode = models.CharField(max_length=6, choices=Mode, default=Mode.TABLET)
    faces = models.JSONField(default=dict)
    words = models.CharField(max_length=500, blank=True)
    body_hash = models.CharField(max_length=64)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["point", "on"], name="response_point_day")]
        constraints = [
            models.CheckConstraint(condition=Q(hour__gte=0, hour__lte=23), name="response_hour"),
        ]


class DeviceDay(models.Model):
    """How many answers a device brought on a day: the only trace that an answer leaves."""

    retention = Retention("Is the tablet working", days=YEAR, since="on")

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    answers = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "on"], name="device_day_once")]


class SaidAndDoneQuerySet(models.QuerySet["SaidAndDone"]):
    """What feedback led to, by point."""

    def at(self, point_id: UUID) -> SaidAndDoneQuerySet:
        """Those of one point, newest first."""
        return self.filter(point_id=point_id).order_by("-on", "-pk")

    def public(self) -> SaidAndDoneQuerySet:
        """Those that visitors are told: something has been done."""
        return self.filter(is_public=True).exclude(done={}).exclude(done__fi="")


class SaidAndDone(models.Model):
    """ "Te sanoitte – me teimme – tästä seurasi": what feedback led to."""

    retention = Retention("Answering the visitors")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="said_and_done")
    said = TextsField()
    done = TextsField(blank=True)
    followed = TextsField(blank=True)
    on = models.DateField()
    is_public = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = SaidAndDoneQuerySet.as_manager()
