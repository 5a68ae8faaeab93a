"""What must happen after a transaction: written in it, carried out from here, so a lost broker loses nothing."""

from django.db import models

from tyoparkki.retention import MONTH, Retention


class Outbox(models.Model):
    """One task to carry out; the payload holds ids and ISO strings only."""

    retention = Retention("Work that must happen", days=MONTH, since="done_at", or_since="dead_at")

    id = models.BigAutoField(primary_key=True)
    task = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error_kind = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, dead_at__isnull=True),
            )
        ]
