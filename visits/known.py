"""The person on file behind a visit, as far as the member may see: consents, earlier visits, what was agreed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from clients.models import Client, Consent
from clients.models.consent import Purpose
from team.access import Member, stand_in
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.names import first_name
from tyoparkki.prepared import Prepared
from tyoparkki.texts import pick
from visits.models import AgreedStep, Participation, Visit
from visits.records import readable_by

MOST = 5


def person(member: Member, client_id: UUID, *, without: UUID) -> Any:
    """A person on file whom the member may see, with consents and earlier visits in one statement; else None."""
    if not member.may(Perm.SEE_CLIENTS):
        return None
    rows = _PERSON.rows(
        client=client_id,
        without=without,
        today=clock.local_date(clock.now()),
        point=member.point_id,
        membership=member.membership_id,
        organisation=member.organisation_id,
    )
    found: Any = next(iter(rows), None)
    if found is None:
        return None
    found.known_consents = [_consent(one) for one in found.consent_rows if _may_see(found, one, member)]
    found.earlier = [_visit(one) for one in found.visit_rows] if found.shows("guidance") else []
    return found


def _may_see(row: Any, consent: dict[str, Any], member: Member) -> bool:
    told_here = consent["purpose"] == Purpose.SHARE and row.shared_here and consent["team"] == str(member.point_id)
    return bool(row.shows("all")) or consent["organisation"] == str(member.organisation_id) or bool(told_here)


def _person(
    client: UUID, without: UUID, today: date, point: UUID, membership: UUID, organisation: UUID
) -> QuerySet[Client]:
    reader = stand_in(membership=membership, organisation=organisation)
    rows = Client.objects.open_to(point, organisation, on=today, membership_id=membership).filter(pk=client)
    visits = Visit.objects.filter(point_id=point).exclude(pk=without)
    return rows.annotate(
        consent_rows=ArraySubquery(_consents(today)), visit_rows=ArraySubquery(_visits(visits, reader))
    )


def _consents(today: date) -> Any:
    rows = Consent.objects.in_force(today).filter(client=OuterRef("pk"))
    return rows.order_by("given_at", "pk").values(
        json=JSONObject(
            purpose=F("purpose"),
            organisation=F("recipient_organisation_id"),
            names=F("recipient_organisation__names"),
            team=F("recipient_point_id"),
            places=F("recipient_point__names"),
            given_at=F("given_at"),
        )
    )


def _consent(row: dict[str, Any]) -> dict[str, Any]:
    given = clock.local_date(datetime.fromisoformat(row["given_at"]))
    recipient = pick(row["names"] or (row["places"] if row["purpose"] == Purpose.SHARE else None))
    return {"purpose": row["purpose"], "recipient": recipient, "on": given}


def _visits(visits: QuerySet[Visit], reader: Member) -> Any:
    links = Q(client_links__client=OuterRef("pk"), client_links__ended_at__isnull=True)
    people = Participation.objects.held().filter(encounter__visit=OuterRef("pk"), encounter__undone_at__isnull=True)
    steps = AgreedStep.objects.filter(readable_by(reader), encounter__visit=OuterRef("pk"), removed_at__isnull=True)
    rows = visits.filter(links, state=Visit.State.DONE)
    return rows.order_by("-arrived_at", "pk").values(
        json=JSONObject(
            id=F("pk"),
            on=F("day__on"),
            topic=F("topic__names"),
            people=ArraySubquery(people.order_by("joined_at", "pk").values("membership__user__name")),
            steps=ArraySubquery(
                steps.order_by("agreed_at", "pk").values(
                    json=JSONObject(id=F("pk"), what=F("what"), due_on=F("due_on"), status=F("status"))
                )
            ),
        )
    )[:MOST]


def _visit(row: dict[str, Any]) -> dict[str, Any]:
    names = list(dict.fromkeys(first_name(name) for name in row["people"]))
    steps = [_earlier_step(step) for step in row["steps"]]
    return row | {"on": date.fromisoformat(row["on"]), "topic": pick(row["topic"]), "people": names, "steps": steps}


def _earlier_step(row: dict[str, Any]) -> dict[str, Any]:
    due_on = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    status = AgreedStep.Status(row["status"])
    return row | {"due_on": due_on, "state": status.label, "is_waiting": status in AgreedStep.WAITING}


_PERSON = Prepared(_person, client=UUID, without=UUID, today=date, point=UUID, membership=UUID, organisation=UUID)
