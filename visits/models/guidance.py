"""What was spoken of and agreed: readable by those who took part, and by those with whom it is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, JSONField, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from clients.models import Referral
from team.models import Membership, Organisation
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention
from visits.models.encounter import Encounter, Participation

if TYPE_CHECKING:
    from team.access import Member


class GuidanceQuerySet(models.QuerySet["Guidance"]):
    """Guidance behind its wall."""

    def visible_to(self, member: Member) -> GuidanceQuerySet:
        """Of encounters in which the member took part, or which are shared with the member's organisation.

        visits/walls.py keeps the same rule in the database.
        """
        took_part = Participation.objects.held().filter(encounter=OuterRef("pk"), membership_id=member.membership_id)
        shared = GuidanceShare.objects.filter(
            encounter=OuterRef("pk"), organisation_id=member.organisation_id, ended_at__isnull=True
        )
        return self.filter(Exists(took_part) | Exists(shared))


class Guidance(models.Model):
    """The record of one encounter, solution-focused; each text is optional."""

    retention = Retention(
        "Continuity of guidance; ends with the visit", ("notes", "works", "wish", "next_step", "helpers")
    )

    encounter = models.OneToOneField(Encounter, on_delete=models.CASCADE, primary_key=True, related_name="guidance")
    notes = models.TextField(max_length=4000, blank=True)
    works = models.CharField(max_length=500, blank=True)
    wish = models.CharField(max_length=500, blank=True)
    next_step = models.CharField(max_length=500, blank=True)
    helpers = models.CharField(max_length=500, blank=True, default="", db_default="")
    self_rating = models.PositiveSmallIntegerField(null=True, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    # Suggested services that did not suit: {"service": key, "reason": code of the word}.
    put_aside = models.JSONField(default=list, blank=True, db_default=Value([], JSONField()))
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(self_rating__isnull=True) | Q(self_rating__gte=1, self_rating__lte=5),
                name="guidance_self_rating",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__lte=10), name="guidance_confidence"
            ),
        ]


class GuidanceShare(models.Model):
    """The guidance of an encounter is open to an organisation, by someone who took part, until it is ended."""

    retention = Retention("Who may read the guidance; ends with the visit")

    encounter = models.ForeignKey(Encounter, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()
    shared_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    client_agreed = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "organisation"],
                name="guidance_share_open_once",
                condition=Q(ended_at__isnull=True),
            )
        ]


class AgreedStep(models.Model):
    """Something concrete that was agreed: a verb, who does it, by when, and what for.

    Who does it is one and named: the visitor, a colleague of the visit (`membership`), or a partner by name. How it
    went is asked at the next visit.
    """

    class Who(models.TextChoices):
        VISITOR = "visitor", _("You")
        ADVISOR = "advisor", _("Advisor")
        PARTNER = "partner", _("Partner")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        NOT_DONE = "not_done", _("Not done")
        PUT_OFF = "put_off", _("Put off")

    # Those that are still to come: asked again at the next visit.
    WAITING = (Status.OPEN, Status.PUT_OFF)

    retention = Retention("Everything ends in a next step; ends with the visit", ("what", "partner", "benefit"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    encounter = models.ForeignKey(Encounter, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=160)
    who = models.CharField(max_length=8, choices=Who, default=Who.VISITOR)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    partner = models.CharField(max_length=160, blank=True, default="", db_default="")
    due_on = models.DateField(null=True, blank=True)
    benefit = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["encounter"], name="agreed_step_encounter")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", told_at__isnull=True, told_by__isnull=True)
                | (~Q(status="open") & Q(told_at__isnull=False, told_by__isnull=False)),
                name="agreed_step_told_has_who_and_when",
            )
        ]


class EncounterReferral(models.Model):
    """Which encounter a referral was made in."""

    retention = Retention("Where a referral came from")

    encounter = models.ForeignKey(Encounter, on_delete=models.CASCADE, related_name="referral_links")
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="encounter_link")
