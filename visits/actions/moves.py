"""What every action on a visit shares: take the lock, check the move, write what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Desk, Membership, ServiceDay, Term
from tyoparkki import audit, clock, live, outbox
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused
from tyoparkki.prepared import Prepared
from visits.models import Visit, VisitEvent

QUEUE_FIELDS = ("state", "called_for_id", "called_at", "calls", "desk_id", "result_id", "ended_at", "asks_for_id")
# What the end of a visit marks as not asked, and an undo of the end brings back.
DESCRIBED = ("situation_id", "age_band_id")


class TooLate(Refused):
    """Somebody did something with this visit a moment ago."""


class DayClosed(Refused):
    """The service day is closed: its course is settled."""

    message = _("The service day is closed, so its visits can no longer be changed.")


def held(visit: Visit) -> Visit:
    """The visit as it is now, locked for this transaction, whatever the state of its day."""
    now = next(iter(_HELD.rows(visit=visit.pk)), None)
    if now is None:
        raise Visit.DoesNotExist
    return now


def _held(visit: UUID) -> QuerySet[Visit]:
    return Visit.objects.select_for_update(of=("self",)).select_related("point", "day").filter(pk=visit)


_HELD = Prepared(_held, visit=UUID)


def locked(visit: Visit, *, to: str | None = None) -> Visit:
    """The same for an act of the day; refuses a closed day's visit, and a move that its state does not allow."""
    now = held(visit)
    if now.day.state == ServiceDay.State.CLOSED and now.is_present is False:
        raise DayClosed
    if to is not None and to not in Visit.MOVES[now.state]:
        raise TooLate(what_happened(now))
    return now


# Who did what to a visit that is over for now; the visit's own page tells it too.
WHO_DID_WHAT: dict[str, Any] = {
    VisitEvent.Kind.FINISHED: _("%(name)s finished the visit %(ticket)s at %(time)s."),
    VisitEvent.Kind.LEFT: _("%(name)s marked at %(time)s that %(ticket)s has left."),
    VisitEvent.Kind.NO_SHOW: _("%(name)s marked at %(time)s that %(ticket)s has left."),
    VisitEvent.Kind.PAUSED: _("%(name)s paused %(ticket)s at %(time)s."),
    VisitEvent.Kind.PUT_BACK: _("%(name)s put %(ticket)s back into the queue at %(time)s."),
    VisitEvent.Kind.RETURNED: _("%(name)s put %(ticket)s back into the queue at %(time)s."),
    VisitEvent.Kind.HANDED_OVER: _("%(name)s handed %(ticket)s over at %(time)s."),
}


def what_happened(visit: Visit) -> object:
    """A sentence that says who did what to the visit last, and when."""
    last = (
        VisitEvent.objects.filter(visit=visit)
        .exclude(kind=VisitEvent.Kind.DETAILED)
        .select_related("by__user", "who__user")
        .order_by("-id")
        .first()
    )
    said: dict[str, Any] = {"ticket": visit.ticket}
    if last is None or last.by is None:
        return _("%(ticket)s has just been changed. Look at the queue again.") % said
    said |= {"name": last.by.user.first_name, "time": clock.local(last.at).strftime("%-H.%M")}
    match last.kind:
        case VisitEvent.Kind.CALLED | VisitEvent.Kind.RECALLED:
            if last.who is None or last.who_id == last.by_id:
                return _("%(name)s already called %(ticket)s at %(time)s.") % said
            said["whom"] = last.who.user.first_name
            return _("%(name)s already called %(ticket)s at %(time)s; the advisor is %(whom)s.") % said
        case VisitEvent.Kind.STARTED | VisitEvent.Kind.JOINED:
            return _("%(ticket)s is already with %(name)s, since %(time)s.") % said
        case kind if kind in WHO_DID_WHAT:
            return WHO_DID_WHAT[kind] % said
        case _kind:
            return _("%(name)s changed %(ticket)s at %(time)s. Look at the queue again.") % said


def snapshot(visit: Visit, extra: Iterable[str] = ()) -> dict[str, Any]:
    """The queue fields before a change: ids, codes and moments, so that an undo can bring them back."""
    return {name: _plain(getattr(visit, name)) for name in (*QUEUE_FIELDS, *extra)}


def mark_not_asked(visit: Visit) -> None:
    """At the end of a visit, whoever ends it: the situation and the age that nobody asked are said to be unasked."""
    if visit.situation_id and visit.age_band_id:
        return
    unasked = {term.kind: term for term in Term.objects.filter(point_id=visit.point_id, code=Term.NOT_ASKED)}
    visit.situation = visit.situation if visit.situation_id else unasked.get(Term.Kind.SITUATION)
    visit.age_band = visit.age_band if visit.age_band_id else unasked.get(Term.Kind.AGE_BAND)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def happened(
    visit: Visit,
    kind: str,
    *,
    by: Member | None,
    at: datetime,
    before: dict[str, Any] | None = None,
    who: Membership | UUID | None = None,
    desk: Desk | int | None = None,
    undoes: VisitEvent | None = None,
    fields: Iterable[str] = (),
    recorded_at: datetime | None = None,
    client_agreed: bool | None = None,
) -> VisitEvent:
    """Write one row of the visit's course with its trace, tell the other windows, and have the day counted anew."""
    event = VisitEvent.objects.create(
        visit=visit,
        point_id=visit.point_id,
        day_id=visit.day_id,
        kind=kind,
        at=at,
        recorded_at=recorded_at or at,
        by_id=by.membership_id if by else None,
        who_id=who.pk if isinstance(who, Membership) else who,
        desk_id=desk.pk if isinstance(desk, Desk) else desk,
        undoes=undoes,
        client_agreed=client_agreed,
        before=before or {},
    )
    audit.record(f"visit.{kind}", visit, by=by.actor if by else SYSTEM, at=at, fields=fields)
    outbox.later("reports.day_changed", {"point": str(visit.point_id), "on": visit.day.on.isoformat()})
    live.announce(live.point_topic(visit.point_id), live.visit_topic(visit.pk))
    return event
