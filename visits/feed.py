"""What has happened today, in words, newest first; each line knows whether it can be taken back, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import ServiceDay
from team.permissions import Perm
from tyoparkki.prepared import Prepared
from visits.models import Visit, VisitEvent

LENGTH = 10
Kind = VisitEvent.Kind

OF_THE_DESK = frozenset(
    {
        Kind.ARRIVED,
        Kind.DETAILED,
        Kind.TOPIC_CHANGED,
        Kind.CALLED,
        Kind.RECALLED,
        Kind.NO_SHOW,
        Kind.PAUSED,
        Kind.RETURNED,
        Kind.PUT_BACK,
        Kind.LEFT,
    }
)

SENTENCES: dict[str, object] = {
    Kind.ARRIVED: _("%(ticket)s arrived, %(topic)s."),
    Kind.DETAILED: _("%(ticket)s: details added."),
    Kind.CALLED: _("%(who)s called %(ticket)s, %(desk)s."),
    Kind.RECALLED: _("%(ticket)s was called again."),
    Kind.NO_SHOW: _("%(ticket)s did not come."),
    Kind.STARTED: _("%(who)s started with %(ticket)s."),
    Kind.INVITED: _("%(by)s asked %(who)s to come to %(ticket)s."),
    Kind.JOINED: _("%(who)s joined the visit %(ticket)s."),
    Kind.STEPPED_OUT: _("%(who)s left the visit %(ticket)s."),
    Kind.PAUSED: _("%(ticket)s is paused."),
    Kind.RETURNED: _("%(ticket)s is back in the queue."),
    Kind.PUT_BACK: _("%(ticket)s is back in the queue."),
    Kind.HANDED_OVER: _("%(by)s handed %(ticket)s over to %(who)s."),
    Kind.TOPIC_CHANGED: _("%(ticket)s moved to another topic, %(topic)s."),
    Kind.FINISHED: _("%(by)s finished the visit %(ticket)s. %(result)s."),
    Kind.LEFT: _("%(ticket)s left."),
    Kind.ENDED: _("%(ticket)s ended at night."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act: when, what, whose, and whether it is still the last word about its visit."""

    pk: int
    at: datetime
    kind: str
    text: str
    visit: Visit
    is_mine: bool
    can_undo: bool


def read(member: Member, day: ServiceDay) -> list[Line]:
    """The day's latest acts that still hold, in one statement."""
    return lines(_LATEST.rows(day=day.pk), member, is_closed=day.state == ServiceDay.State.CLOSED)


def whole_day(member: Member, day: ServiceDay) -> list[Line]:
    """Every act of the day that still holds: from here the earliest arrival can be undone until the day closes."""
    return lines(_acts(day), member, is_closed=day.state == ServiceDay.State.CLOSED)


def _acts(day: ServiceDay) -> QuerySet[VisitEvent]:
    """The newest first; details are told only while nothing has happened to the visit since."""
    holding = VisitEvent.objects.holding().filter(day=day).exclude(kind=Kind.UNDONE)
    later = holding.filter(visit=OuterRef("visit"), id__gt=OuterRef("id"))
    return (
        holding.exclude(Q(kind=Kind.DETAILED) & Exists(later))
        .select_related("visit__topic", "visit__result", "by__user", "who__user", "desk")
        .order_by("-id")
    )


_LATEST = Prepared(lambda day: _acts(ServiceDay(pk=day))[:LENGTH], day=UUID)


def lines(events: Iterable[VisitEvent], member: Member, *, is_closed: bool) -> list[Line]:
    """Words for events, newest first."""
    seen: set[UUID] = set()
    told = []
    for event in events:
        is_last = event.visit_id not in seen
        seen.add(event.visit_id)
        can_undo = is_last and not is_closed and may_undo(event, member)
        mine = event.by_id == member.membership_id
        told.append(Line(event.pk, event.at, event.kind, words(event), event.visit, mine, can_undo))
    return told


def may_undo(event: VisitEvent, member: Member) -> bool:
    """Whoever may do an act may take it back; guidance is taken back by whoever gave it."""
    if event.kind in OF_THE_DESK:
        return member.may(Perm.LOG_ARRIVAL)
    return member.may(Perm.GUIDE) and event.by_id == member.membership_id


def to_take_back(member: Member, pk: int) -> VisitEvent:
    """An act that the member may take back; any other does not exist for the member (404)."""
    rows = VisitEvent.objects.select_related("visit__day").filter(point_id=member.point_id)
    event = get_object_or_404(rows, pk=pk)
    if not may_undo(event, member):
        raise Http404
    return event


def words(event: VisitEvent) -> str:
    """One sentence about an act, fit to be read by anybody at the desk: numbers of visitors, names of colleagues."""
    said = {
        "ticket": event.visit.ticket,
        "who": _first_name(event.who),
        "by": _first_name(event.by),
        "topic": event.visit.topic.name.lower(),
        "desk": str(event.desk or "").lower(),
        "result": str(event.visit.result or ""),
    }
    return str(_sentence(event)) % said


def _sentence(event: VisitEvent) -> object:
    if event.kind == Kind.CALLED and event.desk is None:
        return _("%(who)s called %(ticket)s.")
    if event.kind == Kind.HANDED_OVER and event.who is None:
        return _("%(by)s handed %(ticket)s over.")
    if event.kind == Kind.FINISHED and event.visit.result is None:
        return _("%(by)s finished the visit %(ticket)s.")
    return SENTENCES[event.kind]


def _first_name(membership: object) -> str:
    return membership.user.first_name if membership is not None else ""  # type: ignore[attr-defined]  # a membership


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: A31, A33 and A35."""
    if len(words) < 2:
        return "".join(words)
    return str(_("%(several)s and %(last)s")) % {"several": ", ".join(words[:-1]), "last": words[-1]}
