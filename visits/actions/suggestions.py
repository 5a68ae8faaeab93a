"""Suggested services that do not suit: put aside with a reason, they do not come back during the visit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.models import Service
from team.access import Member
from team.models import Term
from tyoparkki import audit, live
from visits.actions.encounters import takes_part
from visits.actions.situation import WrongWord
from visits.models import Encounter, Guidance


@transaction.atomic
def put_aside(encounter: Encounter, service: Service, *, reason: Term, by: Member, at: datetime) -> Guidance:
    """The visitor and the advisor leave a suggestion; the word says why. Another word takes the place of the first."""
    takes_part(encounter, by)
    if reason.point_id != encounter.visit.point_id or reason.kind != Term.Kind.ASIDE:
        raise WrongWord
    row = {"service": str(service.pk), "reason": reason.code}
    return _keep(encounter, service, [row], by=by, at=at, verb="suggestion.put_aside", why=reason.code)


@transaction.atomic
def bring_back(encounter: Encounter, service: Service, *, by: Member, at: datetime) -> Guidance:
    """Undo of that: the service may be suggested again."""
    takes_part(encounter, by)
    return _keep(encounter, service, [], by=by, at=at, verb="suggestion.brought_back")


def _keep(
    encounter: Encounter,
    service: Service,
    rows: list[dict[str, str]],
    *,
    by: Member,
    at: datetime,
    verb: str,
    why: str = "",
) -> Guidance:
    guidance = Guidance.objects.select_for_update(of=("self",)).get(pk=encounter.pk)
    kept = [row for row in guidance.put_aside if row["service"] != str(service.pk)] + rows
    if kept == guidance.put_aside:
        return guidance
    guidance.put_aside = kept
    guidance.save(update_fields=["put_aside"])
    audit.record(verb, guidance, by=by.actor, at=at, fields=["put_aside"], reason=why)
    live.announce(live.visit_topic(encounter.visit_id))
    return guidance
