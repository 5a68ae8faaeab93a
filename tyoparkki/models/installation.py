"""What this installation is, and whether its processes live."""

from django.db import models

from tyoparkki.retention import MONTH, Retention


class Installation(models.Model):
    """The one row that says whether the data are a demo's; `demo` refuses to touch any other database."""

    retention = Retention("Keeps demo data apart from real data")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demo = models.BooleanField(default=False)
    demo_seed = models.IntegerField(null=True)
    demo_anchor = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one")]


class Heartbeat(models.Model):
    """When a background process last showed that it lives."""

    retention = Retention("Readiness of the installation")

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()


class JobSlot(models.Model):
    """One run of a timed job: three beats at once still make one effect."""

    retention = Retention("Exactly-once timed jobs", days=MONTH, since="at")

    task = models.CharField(max_length=80)
    slot = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "slot"], name="job_slot_once")]
