"""The end of the day: closing lists who still waits; at night the leftovers end by themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from team.access import Member
from team.actions import day as days
from team.models import ServiceDay
from visits.actions import moves
from visits.actions.calling import end_encounter
from visits.models import Visit, VisitEvent, VisitNote, VisitTurn


@transaction.atomic
def close_day(day: ServiceDay, *, by: Member, at: datetime) -> list[Visit]:
    """Close the doors. Returns those still in the house, so that the desk can speak to each of them."""
    days.mark_closed(day, by=by, at=at)
    return list(Visit.objects.on_day(day).present().for_desk())


@transaction.atomic
def end_leftovers(day: ServiceDay, *, at: datetime) -> int:
    """At night: visits that nobody ended are ended by the system, outside the wait figures; returns how many.

    The day's notes and the turns on phones go away with the day.
    """
    count = 0
    for left in Visit.objects.on_day(day).present().order_by("pk"):
        visit = moves.locked(left, to=Visit.State.ENDED)
        before = moves.snapshot(visit) | end_encounter(visit, at=at)
        visit.state = Visit.State.ENDED
        visit.ended_at = at
        visit.save(update_fields=["state", "ended_at"])
        moves.happened(visit, VisitEvent.Kind.ENDED, by=None, at=at, before=before)
        count += 1
    forget_day(day)
    return count


def forget_day(day: ServiceDay) -> None:
    """Notes and phone turns live for one day only."""
    VisitNote.objects.filter(visit__day=day).delete()
    VisitTurn.objects.filter(visit__day=day).delete()
