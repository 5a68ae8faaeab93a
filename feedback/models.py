"""The tablet by the door: questions as data, answers without a person or a time."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from team.models import Device, Membership, ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention
from tyoparkki.texts import TextsField


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
