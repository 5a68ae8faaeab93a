"""Visits as links of a person's chain of services."""

from __future__ import annotations

from collections.abc import Iterable

from clients.chain import MOST, Link
from clients.models import Client
from team.access import Member
from tyoparkki import clock
from visits.models import Visit


def of_person(member: Member, client: Client) -> Iterable[Link]:
    """The visits of a person that the reader may see, each on its day."""
    rows = Visit.objects.visible_to(member).filter(client_links__client=client, client_links__ended_at__isnull=True)
    told = rows.exclude(state__in=(Visit.State.UNDONE, Visit.State.LEFT)).select_related("topic", "result", "point")
    for row in told.order_by("-arrived_at", "-pk")[:MOST]:
        on = clock.local_date(row.arrived_at)
        yield Link(on, on, row.topic.name, "door-open", row.point.name, str(row.result or ""))
