"""A form's hidden key, so that a double press or a repeated request has one effect."""

from django.db import models

from tyoparkki.retention import MONTH, Retention


class Submission(models.Model):
    """One sending of one form: the second finds the first's result."""

    retention = Retention("Exactly-once forms", days=MONTH, since="at")

    key = models.UUIDField(primary_key=True)
    actor = models.CharField(max_length=60)
    route = models.CharField(max_length=120)
    body_hash = models.CharField(max_length=64)
    object_id = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="submission_at")]
