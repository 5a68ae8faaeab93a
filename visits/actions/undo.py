"""Undo: every act of the desk can be taken back from the same place until the day is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Membership, ServiceDay
from tyoparkki.errors import Refused
from tyoparkki.models import AuditEvent
from tyoparkki.prepared import Prepared
from visits.actions import moves
from visits.models import (
    AgreedStep,
    Encounter,
    EncounterReferral,
    Guidance,
    Invitation,
    Participation,
    Visit,
    VisitEvent,
)

TIMES = {"called_at", "ended_at"}


class Superseded(Refused):
    """Something later hangs on the act that was to be undone."""


@transaction.atomic
def undo(event: VisitEvent, *, by: Member, at: datetime) -> Visit:
    """Take back the latest act on a visit; an undone arrival keeps its number.

    Raises Superseded with a sentence that names the later act, moves.DayClosed after closing time.
    """
    visit = moves.locked(event.visit)
    if visit.day.state == ServiceDay.State.CLOSED:
        raise moves.DayClosed
    last = latest(visit)
    if last is None or VisitEvent.objects.filter(undoes_id=event.pk).exists():
        raise Superseded(_("This has already been undone."))
    if last.pk != event.pk:
        raise Superseded(
            _("%(ticket)s: first undo the later step “%(step)s”.")
            % {"ticket": visit.ticket, "step": last.get_kind_display()}
        )
    before = moves.snapshot(visit)
    _restore(visit, last, at=at)
    moves.happened(visit, VisitEvent.Kind.UNDONE, by=by, at=at, before=before, undoes=last)
    return visit


def latest(visit: Visit) -> VisitEvent | None:
    """The last act on a visit that still holds."""
    return next(iter(_LATEST.rows(visit=visit.pk)), None)


def _latest(visit: UUID) -> QuerySet[VisitEvent]:
    rows = VisitEvent.objects.holding().filter(visit_id=visit).exclude(kind=VisitEvent.Kind.UNDONE)
    return rows.order_by("-id")[:1]


_LATEST = Prepared(_latest, visit=UUID)


def _restore(visit: Visit, event: VisitEvent, *, at: datetime) -> None:
    kind = VisitEvent.Kind
    match event.kind:
        case kind.ARRIVED:
            visit.state = Visit.State.UNDONE
            visit.ended_at = at
            visit.save(update_fields=["state", "ended_at"])
            return
        case kind.INVITED:
            _close_invitation(event, at=at)
            return
        case kind.JOINED:
            _goes_again(visit, event, at=at)
            return
        case kind.STEPPED_OUT:
            _rejoin(event.before["encounter"], [event.before["left"]], at=at)
            return
        case kind.STARTED:
            _take_back_start(event, at=at)
        case _other:
            _caller_is_still_free(visit, event)
    _put(visit, event.before)
    if "encounter" in event.before:
        _reopen(event.before, at=at)
    for asked in [*event.before.get("asked", ()), *filter(None, [event.before.get("kept")])]:
        _await_again(asked)


def _caller_is_still_free(visit: Visit, event: VisitEvent) -> None:
    """A visitor who was on the way to a colleague comes back to the same one: not if somebody else is there by now."""
    caller = event.before.get("called_for_id")
    if event.before.get("state") != Visit.State.CALLED or event.kind == VisitEvent.Kind.RECALLED or caller is None:
        return
    if visit.state == Visit.State.CALLED and str(visit.called_for_id) == caller:
        return
    others = Visit.objects.filter(called_for_id=caller, state=Visit.State.CALLED).exclude(pk=visit.pk)
    if others.exists() or Participation.objects.filter(membership_id=caller, ended_at__isnull=True).exists():
        raise Superseded(_("The advisor is with another visitor by now, so this can no longer be undone."))


def _put(visit: Visit, before: dict[str, Any]) -> None:
    columns = {field.attname: field.name for field in Visit._meta.concrete_fields}
    names = [name for name in before if name in columns]
    for name in names:
        value = before[name]
        setattr(visit, name, parse_datetime(value) if name in TIMES and value else value)
    visit.save(update_fields=[columns[name] for name in names])


def _goes_again(visit: Visit, event: VisitEvent, *, at: datetime) -> None:
    """Who came along goes again, however often they went and were brought back since; somebody stays."""
    here = Participation.objects.filter(encounter__visit=visit, ended_at__isnull=True)
    if not here.exclude(membership=event.who_id).exists():
        raise Superseded(_("Nobody else is with the visitor by now, so this can no longer be undone."))
    if _wrote_since(event):
        raise Superseded(_("The colleague has already written in this visit, so the coming can no longer be undone."))
    here.filter(membership=event.who_id).update(ended_at=at)
    parts = Participation.objects.filter(encounter__visit=visit, membership=event.who_id)
    parts.filter(pk__gte=event.before["joined"]).update(undone_at=at)


def _wrote_since(event: VisitEvent) -> bool:
    """Whether who came along wrote in the record: what was written must stay readable to its writer.

    The record names its last writer alone, the trace each one's first save.
    """
    sitting, who = Participation.objects.get(pk=event.before["joined"]).encounter_id, event.who_id
    saves = AuditEvent.objects.filter(object_kind=Guidance._meta.label_lower, object_id=str(sitting))
    return (
        Guidance.objects.filter(encounter=sitting, saved_by=who, saved_at__gte=event.at).exists()
        or saves.filter(verb="guidance.saved", membership_id=who, at__gte=event.at).exists()
        or AgreedStep.objects.filter(encounter=sitting, agreed_by=who, agreed_at__gte=event.at).exists()
        or EncounterReferral.objects.filter(
            encounter=sitting, referral__sender=who, referral__sent_at__gte=event.at
        ).exists()
    )


def _close_invitation(event: VisitEvent, *, at: datetime) -> None:
    Invitation.objects.filter(pk=event.before["invitation"]).pending().update(
        state=Invitation.State.WITHDRAWN, answered_at=at
    )


def _await_again(kept: dict[str, Any]) -> None:
    """A colleague who was asked is awaited as before."""
    answered = parse_datetime(kept["answered_at"]) if kept["answered_at"] else None
    Invitation.objects.filter(pk=kept["invitation"]).update(state=kept["state"], answered_at=answered)


def _take_back_start(event: VisitEvent, *, at: datetime) -> None:
    encounter = Encounter.objects.get(pk=event.before["started"])
    written = (
        Guidance.objects.filter(encounter=encounter, version__gt=0).exists()
        or AgreedStep.objects.filter(encounter=encounter).exists()
        or EncounterReferral.objects.filter(encounter=encounter).exists()
    )
    if written:
        raise Superseded(_("Guidance has already been written in this visit, so its start cannot be undone."))
    Participation.objects.filter(encounter=encounter, ended_at__isnull=True).update(ended_at=at)
    Participation.objects.filter(encounter=encounter).update(undone_at=at)
    Encounter.objects.filter(pk=encounter.pk).update(ended_at=at, undone_at=at)


def _reopen(before: dict[str, Any], *, at: datetime) -> None:
    encounter = Encounter.objects.select_related("visit").get(pk=before["encounter"])
    encounter.ended_at = None
    encounter.save(update_fields=["ended_at"])
    Guidance.objects.filter(encounter=encounter).update(closed_at=None)
    _rejoin(encounter.pk, before["people"], at=at)


def _rejoin(encounter_id: Any, people: list[str], *, at: datetime) -> None:
    """Those who are not with somebody else by now are back in the encounter; at least one must be."""
    busy = set(
        Participation.objects.filter(membership_id__in=people, ended_at__isnull=True).values_list(
            "membership_id", flat=True
        )
    ) | set(
        Visit.objects.filter(called_for__in=[UUID(one) for one in people], state=Visit.State.CALLED).values_list(
            "called_for_id", flat=True
        )
    )
    free = [row for row in Membership.objects.filter(pk__in=people).order_by("pk") if row.pk not in busy]
    if not free:
        raise Superseded(_("The advisor is with another visitor by now, so this can no longer be undone."))
    earlier = {row.membership_id: row.profession_id for row in Participation.objects.filter(encounter_id=encounter_id)}
    Participation.objects.bulk_create(
        [
            Participation(
                encounter_id=encounter_id,
                membership=row,
                organisation_id=row.organisation_id,
                profession_id=earlier.get(row.pk),
                joined_at=at,
            )
            for row in free
        ]
    )
