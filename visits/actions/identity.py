"""Anonymous first: a visit is joined to a known person during it, after it, or never."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from team.access import Member
from tyoparkki import audit, clock, live, outbox
from tyoparkki.errors import Refused
from visits.actions import moves
from visits.models import Visit, VisitClient, VisitOnceKnown


class AlreadyJoined(Refused):
    """The visit belongs to somebody already."""

    message = _("This visit already belongs to a person. Part it first if that was a mistake.")


class VisitUnderWay(Refused):
    """The person has a visit under way today at the same point: asks, does not forbid."""

    SENTENCES = {
        Visit.State.WAITING: _("%(name)s is already waiting with the number %(ticket)s and came at %(time)s."),
        Visit.State.CALLED: _("%(name)s has already been called with the number %(ticket)s."),
        Visit.State.IN_SERVICE: _("%(name)s is already with an advisor with the number %(ticket)s."),
        Visit.State.PAUSED: _("%(name)s is already here with the number %(ticket)s, which is paused."),
    }

    QUESTION = _("Log a second visit all the same?")

    def __init__(self, client: Client, visit: Visit) -> None:
        came_at = clock.local(visit.arrived_at).strftime("%-H.%M")
        said = self.SENTENCES[Visit.State(visit.state)] % {"name": client.name, "ticket": visit.ticket, "time": came_at}
        super().__init__(f"{said} {self.QUESTION}")


@transaction.atomic
def join_client(visit: Visit, client: Client, *, by: Member, at: datetime, asks: bool = False) -> VisitClient:
    """The visit is this person's, as the person wishes; after the day is closed too.

    Raises VisitUnderWay, where the desk `asks`, when the person waits or is served already; two desks that log the same
    person at once wait for each other at the person's row.
    """
    visit = moves.held(visit)
    open_link = VisitClient.objects.filter(visit=visit, ended_at__isnull=True).first()
    if open_link is not None and open_link.client_id == client.pk:
        return open_link
    if open_link is not None:
        raise AlreadyJoined
    Client.objects.filter(pk=client.pk).update(last_visit_on=Greatest("last_visit_on", Value(visit.day.on)))
    here = Visit.objects.on_day(visit.day).present().of_client(client).first() if asks else None
    if here is not None:
        raise VisitUnderWay(client, here)
    link = VisitClient.objects.create(visit=visit, client=client, joined_at=at, joined_by=by.membership)
    audit.record("visit.client_joined", visit, by=by.actor, at=at, fields=["client"])
    _told(visit)
    return link


@transaction.atomic
def part_client(visit: Visit, *, by: Member, at: datetime) -> Visit:
    """Undo of the joining: the visit is anonymous again."""
    visit = moves.held(visit)
    link = VisitClient.objects.filter(visit=visit, ended_at__isnull=True).first()
    if link is None:
        return visit
    link.ended_at = at
    link.save(update_fields=["ended_at"])
    others = VisitClient.objects.filter(client=link.client_id, ended_at__isnull=True)
    latest = others.aggregate(latest=Max("visit__day__on"))["latest"]
    Client.objects.filter(pk=link.client_id).update(last_visit_on=latest)
    audit.record("visit.client_parted", visit, by=by.actor, at=at, fields=["client"])
    _told(visit)
    return visit


def keep_as_once_known(person: UUID, *, at: datetime, using: str) -> int:
    """Before a person is erased: each visit of theirs stays somebody's of the same municipality, for the figures."""
    links = VisitClient.objects.using(using).filter(client_id=person, ended_at__isnull=True)
    rows = [
        VisitOnceKnown(visit_id=visit, municipality_id=home)
        for visit, home in links.values_list("visit_id", "client__municipality_id").order_by("visit_id")
    ]
    return len(VisitOnceKnown.objects.using(using).bulk_create(rows, ignore_conflicts=True))


def _told(visit: Visit) -> None:
    outbox.later("reports.day_changed", {"point": str(visit.point_id), "on": visit.day.on.isoformat()})
    live.announce(live.point_topic(visit.point_id), live.visit_topic(visit.pk))
