"""What is being typed and is not yet a step or a referral."""

from __future__ import annotations

from django.db import models

from team.models import Membership
from tyoparkki.retention import MONTH, Retention
from visits.models.encounter import Encounter


class Draft(models.Model):
    """A step or a referral while it is typed: a reload or a lost connection loses nothing. Only its writer sees it."""

    class Kind(models.TextChoices):
        STEP = "step"
        REFERRAL = "referral"

    retention = Retention("Nothing that was typed is lost", ("typed",), days=MONTH, since="saved_at")

    encounter = models.ForeignKey(Encounter, on_delete=models.CASCADE, related_name="drafts")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.UUIDField()  # of the sending that the draft will become: once that is done, the draft is over
    typed = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["encounter", "membership", "kind"], name="draft_one_of_a_kind"),
        ]
        indexes = [models.Index(fields=["saved_at"], name="draft_saved_at")]
