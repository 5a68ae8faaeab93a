"""The end of the day: closing lists who still waits; at night the leftovers end by themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.actions import day as days
from team.actions import help as help_calls
from team.models import ServiceDay, Term
from tyoparkki import clock
from tyoparkki.errors import Refused
from visits.actions import moves
from visits.actions.calling import end_encounter
from visits.actions.encounters import NotYours, called_in_vain
from visits.actions.situation import WrongWord
from visits.models import Participation, Visit, VisitEvent, VisitNote, VisitTurn


class StillWaiting(Refused):
    """Somebody waits of whom the one who closes may not know: asks, does not forbid."""

    message = _("Somebody is still waiting. Close the day all the same?")

    def __init__(self, waiting: list[str]) -> None:
        super().__init__()
        self.waiting = waiting


@transaction.atomic
def close_day(day: ServiceDay, *, by: Member, at: datetime, known: Collection[str] | None = None) -> list[Visit]:
    """Close the doors. Returns those still in the house, so that the desk can speak to each of them.

    `known`: the numbers of whom the one who closes has been told that they wait. Raises StillWaiting when there are
    others, somebody who came a moment ago among them; None closes without asking.
    """
    days.mark_closed(day, by=by, at=at)
    left = list(Visit.objects.on_day(day).present().for_desk())
    waiting = [visit.ticket for visit in left if visit.state != Visit.State.IN_SERVICE]
    if known is not None and not set(waiting) <= set(known):
        raise StillWaiting(waiting)
    return left


@transaction.atomic
def end_past_days(*, at: datetime) -> int:
    """At night every day that is over ends, however many nights were slept through; returns how many visits ended."""
    help_calls.end_past_help(at=at)
    over = ServiceDay.objects.before(clock.local_date(at))
    remains: list[QuerySet[Any]] = [
        Visit.objects.present().values("day"),
        VisitNote.objects.values("visit__day"),
        VisitTurn.objects.values("visit__day"),
    ]
    left = over.running() | over.unopened().filter(Exists(Visit.objects.filter(day=OuterRef("pk"))))
    for days_of in remains:
        left |= over.filter(pk__in=days_of)
    ended = 0
    for day in left.order_by("on", "pk"):
        ended += end_leftovers(day, at=at)
        if day.state != ServiceDay.State.CLOSED:
            days.mark_closed(day, by=None, at=at)
    return ended


@transaction.atomic
def end_leftovers(day: ServiceDay, *, at: datetime) -> int:
    """Visits that nobody ended are ended by the system, outside the wait figures; returns how many.

    The day's notes and the turns on phones go away with the day.
    """
    count = 0
    for left in Visit.objects.on_day(day).present().order_by("pk"):
        visit = moves.locked(left, to=Visit.State.ENDED)
        before = moves.snapshot(visit, moves.DESCRIBED) | end_encounter(visit, at=at)
        moves.mark_not_asked(visit)
        visit.state = Visit.State.ENDED
        visit.ended_at = at
        visit.save(update_fields=["state", "ended_at", "situation", "age_band"])
        moves.happened(visit, VisitEvent.Kind.ENDED, by=None, at=at, before=before)
        count += 1
    VisitNote.objects.filter(visit__day=day).delete()
    VisitTurn.objects.filter(visit__day=day).delete()
    return count


class NotAtNight(moves.TooLate):
    """The visit was ended by people, who told the result themselves."""

    message = _("This visit was not ended by the night, so its result is not told here.")


@transaction.atomic
def tell_result(visit: Visit, *, result: Term, by: Member, at: datetime) -> Visit:
    """Whoever was with the visitor tells afterwards how a visit ended that the night closed; its times stay."""
    visit = moves.held(visit)
    if visit.state != Visit.State.ENDED:
        raise NotAtNight
    if not Participation.objects.held().filter(encounter__visit=visit, membership=by.membership).exists():
        raise NotYours
    if result.point_id != visit.point_id or result.kind != Term.Kind.RESULT:
        raise WrongWord
    before = moves.snapshot(visit)
    visit.result = result
    visit.save(update_fields=["result"])
    moves.happened(visit, VisitEvent.Kind.DETAILED, by=by, at=at, before=before, fields=["result"])
    return visit


@transaction.atomic
def nobody_came(visit: Visit, *, by: Member, at: datetime) -> VisitEvent:
    """The one who called tells after the night that the visitor did not come."""
    visit = called_in_vain(visit, by=by)
    before = moves.snapshot(visit)
    visit.state = Visit.State.LEFT
    visit.save(update_fields=["state"])
    return moves.happened(
        visit, VisitEvent.Kind.NO_SHOW, by=by, at=visit.ended_at or at, recorded_at=at, before=before, who=by.membership
    )


@transaction.atomic
def nobody_came_undone(told: VisitEvent, *, by: Member, at: datetime) -> Visit:
    """Undo of that: the visit is again one that the night ended."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("point", "day").get(pk=told.visit_id)
    if visit.called_for_id != by.membership_id:
        raise NotYours
    was_told_here = told.kind == VisitEvent.Kind.NO_SHOW and told.before.get("state") == Visit.State.ENDED
    if not was_told_here or visit.state != Visit.State.LEFT or VisitEvent.objects.filter(undoes=told).exists():
        raise moves.TooLate(moves.what_happened(visit))
    before = moves.snapshot(visit)
    visit.state = Visit.State.ENDED
    visit.save(update_fields=["state"])
    moves.happened(
        visit, VisitEvent.Kind.UNDONE, by=by, at=visit.ended_at or at, recorded_at=at, before=before, undoes=told
    )
    return visit
