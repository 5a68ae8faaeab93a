"""A person who is put on file during a visit, or found there while being typed, is joined to it in the same press."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from clients.joining import Joined
from clients.models import Client
from team.access import Member
from team.permissions import Perm
from visits import visit_page
from visits.actions import identity


def to_visit(visit_id: UUID, client: Client, by: Member, at: datetime) -> Joined | None:
    """The visit that the member writes becomes the person's; of any other visit nothing is known here."""
    page = visit_page.opened(by, visit_id, at=at) if by.may(Perm.GUIDE) else None
    if page is None or not page.can_write:
        return None
    identity.join_client(page.visit, client, by=by, at=at)
    address = reverse("visits:mine") if page.is_running else reverse("visits:visit", args=[visit_id])
    return Joined(address, reverse("visits:part_client", args=[visit_id]))
