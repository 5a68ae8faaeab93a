"""Reference data that every app uses: municipalities and languages, shipped with the product."""

from django.db import models

from tyoparkki.retention import Retention
from tyoparkki.texts import TextsField, pick


class Municipality(models.Model):
    """A Finnish municipality of 2026 (Statistics Finland, CC BY 4.0) with its employment area."""

    retention = Retention("Reference data")

    code = models.CharField(max_length=3, primary_key=True)
    names = TextsField()
    employment_area = models.CharField(max_length=2)
    employment_area_name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return pick(self.names)


class Language(models.Model):
    """A language that a visitor may wish to be served in (Unicode CLDR)."""

    retention = Retention("Reference data")

    code = models.CharField(max_length=3, primary_key=True)
    names = TextsField()
    native = models.CharField(max_length=60, blank=True)
    direction = models.CharField(max_length=3, default="ltr")
    desk_order = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return pick(self.names)
