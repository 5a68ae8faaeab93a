"""Who met the visitor: encounters, the colleagues in them, and invitations to come along."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from team.models import Desk, Membership, Organisation, Profession
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention
from visits.models.visit import Visit


class Encounter(models.Model):
    """One sitting with a visitor, by one colleague or several together; a visit may have many and counts once."""

    retention = Retention("Several professions in one visit; ends with the visit")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="encounters")
    sequence = models.PositiveSmallIntegerField()
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "sequence"], name="encounter_sequence_once"),
            models.UniqueConstraint(fields=["visit"], name="encounter_one_open", condition=Q(ended_at__isnull=True)),
        ]


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Parts in encounters."""

    def held(self) -> ParticipationQuerySet:
        """Those that were: a part that was taken back never opened anything."""
        return self.filter(undone_at__isnull=True)


class Participation(models.Model):
    """A colleague in an encounter; visibility of the guidance hangs on it. The row only ever gains an end.

    A part that was taken back has `undone_at` besides: it was a slip, and opens the record no more.
    """

    retention = Retention("Who may read the guidance; ends with the visit")

    encounter = models.ForeignKey(Encounter, on_delete=models.CASCADE, related_name="participations")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    profession = models.ForeignKey(Profession, on_delete=models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["encounter"], name="participation_encounter"),
            models.Index(fields=["membership", "joined_at"], name="participation_membership"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], name="participation_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(ended_at__isnull=False), name="participation_undone_has_ended"
            ),
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by what is still awaited of them."""

    def pending(self) -> InvitationQuerySet:
        """Those whose colleague is still to come."""
        return self.filter(state__in=Invitation.PENDING)

    def afterwards(self) -> InvitationQuerySet:
        """Those who take the visitor when the present encounter ends, whoever was asked first first."""
        return self.pending().filter(mode=Invitation.Mode.AFTER).order_by("asked_at", "pk")


class Invitation(models.Model):
    """A colleague is asked into a visit: now, together, or after me; the visitor keeps the place."""

    class Mode(models.TextChoices):
        TOGETHER = "together", _("Together with me")
        AFTER = "after", _("After me")

    class State(models.TextChoices):
        OPEN = "open", _("Asked")
        PROMISED = "promised", _("Comes after")
        ACCEPTED = "accepted", _("Came")
        DECLINED = "declined", _("Cannot come")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    # Those whose colleague is still to come: asked, or promised for afterwards.
    PENDING = (State.OPEN, State.PROMISED)

    retention = Retention("Several professions in one visit", days=YEAR, since="asked_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="invitations")
    encounter = models.ForeignKey(Encounter, on_delete=models.CASCADE, related_name="invitations")
    invited = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="invitations")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=8, choices=Mode)
    client_agreed = models.BooleanField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["invited"], name="invitation_pending", condition=Q(state__in=["open", "promised"]))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "invited"], name="invitation_one_pending", condition=Q(state__in=["open", "promised"])
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="invitation_answered_has_time",
            ),
        ]
