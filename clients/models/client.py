"""A person known by name or alias, with one way to reach them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from team.models import Membership, Organisation, ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.models import Municipality
from tyoparkki.retention import YEAR, Retention


class Client(models.Model):
    """A person whom an organisation keeps on file by consent; the file belongs to its controller."""

    retention = Retention(
        "To call back and to continue where we left",
        ("name", "alias", "year_of_birth", "language", "municipality"),
        days=YEAR,
        since="last_visit_on",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="clients")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=80)
    is_alias = models.BooleanField(default=False)
    name_key = models.CharField(max_length=80)
    name_parts = ArrayField(models.CharField(max_length=40), default=list)
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

    class Meta:
        indexes = [
            models.Index(fields=["point", "name_key"], name="client_point_name", opclasses=["", "varchar_pattern_ops"]),
            GinIndex(fields=["name_parts"], name="client_name_parts"),
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


class ContactPoint(models.Model):
    """How the person wants to be reached: one is enough."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        OTHER = "other", _("Some other way")

    retention = Retention("To reach the person as agreed", ("value",))

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=120)
    value_key = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["value_key"], name="contact_value", opclasses=["varchar_pattern_ops"])]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], name="contact_point_one_open", condition=Q(ended_at__isnull=True)
            )
        ]
