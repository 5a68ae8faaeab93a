"""A service point, its furniture, and who comes through its door."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from team.models.organisation import Organisation
from tyoparkki.ids import new_id
from tyoparkki.models import Municipality
from tyoparkki.retention import Retention
from tyoparkki.texts import TextsField, pick

# The languages in which a board can call; visits/data/board_words.json holds its words.
BOARD_LANGUAGES = ("fi", "sv", "en", "ar", "uk", "ru", "et")


def _board_languages() -> list[str]:
    return ["fi", "sv", "en"]


def _letters() -> dict[str, str]:
    return dict(FIRST_LETTERS)


class Party(models.TextChoices):
    """Who comes through the door; each kind has a series of numbers of its own."""

    CLIENT = "client", _("Client")
    EMPLOYER = "employer", _("Employer")
    GROUP = "group", _("Group")
    OTHER = "other", _("Other")


# The letter before the number, until a point chooses letters of its own.
FIRST_LETTERS = {Party.CLIENT.value: "A", Party.EMPLOYER.value: "T", Party.GROUP.value: "G", Party.OTHER.value: "M"}


class ServicePoint(models.Model):
    """A place with a door: the operational partition that every desk row carries."""

    retention = Retention("Operational partition")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    names = TextsField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="points")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="points")
    street_address = models.CharField(max_length=80)
    postal_code = models.CharField(max_length=5)
    city = models.CharField(max_length=40)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    web_page = models.URLField(blank=True)
    wait_target_minutes = models.PositiveSmallIntegerField(default=15)
    wait_alarm_minutes = models.PositiveSmallIntegerField(default=20)
    calls_before_no_show = models.PositiveSmallIntegerField(default=2)
    letters = models.JSONField(default=_letters)
    board_languages = ArrayField(models.CharField(max_length=3), default=_board_languages)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(self.names)

    @property
    def live_topic(self) -> str:
        """The live topic on which this point's desks, boards and pages hear of changes."""
        return f"point:{self.pk}"


class Desk(models.Model):
    """A numbered place where a visitor is served."""

    retention = Retention("Furniture of a service point")

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="desks")
    number = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "number"], name="desk_number_once")]

    def __str__(self) -> str:
        return str(_("Desk %(number)s") % {"number": self.number})
