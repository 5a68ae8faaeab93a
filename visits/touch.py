"""A visit counts as a contact with the person to whom it belongs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from visits.models import Visit, VisitClient


def of_people(clients: Iterable[UUID], since: datetime, using: str) -> Iterable[tuple[UUID, datetime]]:
    """When these people were met at a desk: visits that somebody began to serve; who left before that was not met."""
    links = VisitClient.objects.using(using).filter(client_id__in=list(clients), ended_at__isnull=True)
    met = links.filter(visit__state__in=(Visit.State.IN_SERVICE, Visit.State.PAUSED, Visit.State.DONE))
    return met.filter(visit__arrived_at__gte=since).values_list("client_id", "visit__arrived_at")
