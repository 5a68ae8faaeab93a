"""Contacts with a person on file: that one was in touch and how, not what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.responsibility import of_team
from team.models import Membership, ServicePoint
from tyoparkki.ids import new_id
from tyoparkki.retention import Retention

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from team.access import Member


class ContactNoteQuerySet(models.QuerySet["ContactNote"]):
    """Contacts by reader and person."""

    def visible_to(self, member: Member) -> ContactNoteQuerySet:
        """Those with people whom the team of the member's point may record."""
        return self.filter(client__in=of_team(member).values("pk"))

    def holding(self) -> ContactNoteQuerySet:
        """Those that were not taken back."""
        return self.filter(undone_at__isnull=True)

    def with_people(self, clients: Iterable[UUID]) -> ContactNoteQuerySet:
        """Those with any of these people."""
        return self.filter(client_id__in=list(clients))


class ContactNote(models.Model):
    """Somebody of the team was in touch with a person: who, when, in which way; what was said is not written here."""

    class Mode(models.TextChoices):
        DESK = "desk", _("At the desk")
        PHONE = "phone", _("By telephone")
        VIDEO = "video", _("By video")
        ACCOMPANIED = "accompanied", _("Went along to an office or a service")
        OUTREACH = "outreach", _("Met where the person is")
        MESSAGE = "message", _("By message")

    retention = Retention("That nobody is forgotten: when one was last in touch", ("mode",))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_notes")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=11, choices=Mode)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects = ContactNoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "at"], name="contact_note_of_client")]
