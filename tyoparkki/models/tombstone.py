"""That somebody was erased: enough to erase them again from an older backup, and nothing else."""

from django.db import models

from tyoparkki.retention import Retention


class Tombstone(models.Model):
    """A keyed hash of the erased row's key, and when; see tyoparkki.tombstones."""

    retention = Retention("Who was erased is erased again from an older backup")

    key = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
