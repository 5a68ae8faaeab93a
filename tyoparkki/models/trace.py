"""Append-only logs, partitioned by month; the app may add and read rows, and nothing else."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tyoparkki.retention import YEAR, Retention


class _Trace(models.Model):
    """Who acted: plain ids, no foreign keys, so that the trace outlives what it speaks of.

    `device_id` is what was acted with: a device, or the one-time link of an actor of kind "link".
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    user_id = models.UUIDField(null=True)
    membership_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    point_id = models.UUIDField(null=True)
    device_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        abstract = True


class AuditEvent(_Trace):
    """One act that changed something: verb, object, names of fields, never values."""

    retention = Retention("Legal certainty: who did what", ("user_id",), days=5 * YEAR, since="at", sealed=True)

    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "at"], name="audit_object"),
            models.Index(fields=["membership_id", "at"], name="audit_membership"),
        ]


class AccessEvent(_Trace):
    """One look at a person's data or at a guidance record: once per actor, person, way and ten minutes."""

    retention = Retention(
        "The person's right to know who looked (act 906/2019, section 17)",
        ("person_id", "user_id"),
        days=5 * YEAR,
        since="at",
        sealed=True,
    )

    bucket = models.DateTimeField()
    person_kind = models.CharField(max_length=20)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    outcome = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["person_kind", "person_id", "at"], name="access_person")]
