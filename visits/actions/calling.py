"""From the queue to a desk: call, call again, did not come, pause, put back, left."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Break, Desk, Membership, ServiceDay, Shift, Topic, User
from team.permissions import ROLES, Perm
from tyoparkki.errors import Refused
from tyoparkki.prepared import Prepared
from visits.actions import moves
from visits.models import Encounter, Invitation, Participation, Visit, VisitEvent
from visits.models.visit import VisitQuerySet

# Roles whose members a visitor can be called to.
GUIDES = [role for role, permissions in ROLES.items() if Perm.GUIDE in permissions]


class NotAGuide(Refused):
    """Visitors go to advisors only."""

    message = _("Choose the advisor to whom the visitor is called.")


class Busy(Refused):
    """The colleague is with a visitor, or has one on the way."""

    message = _("There is already a visitor on the way or at this desk. Finish or put back that visit first.")


class NobodySuitable(Refused):
    """Visitors wait, but for somebody else."""

    message = _("Nobody in the queue waits for your profession or languages just now. You may call anyone by choosing.")


class BeingCalled(Refused):
    """Whom the advisor could take is in somebody else's hands at this very moment."""

    message = _("A colleague is calling the same visitor just now. Look at the queue again.")


class NobodyWaits(Refused):
    """The queue is empty."""

    message = _("Nobody is waiting.")


class DayPaused(Refused):
    """The whole service point is paused."""

    message = _("The service day is paused. Resume it before calling visitors.")


class CallAgainFirst(Refused):
    """A visitor who was called once gets another call before being marked as gone."""

    message = _("Call once more before marking that the visitor did not come.")


@transaction.atomic
def call_in(
    visit: Visit, *, by: Member, at: datetime, whom: Membership | None = None, desk: Desk | None = None
) -> Visit:
    """A visitor is called to a desk: to the caller's own, or on behalf of a colleague (`whom`)."""
    target = whom or by.membership
    if target.role not in GUIDES:
        raise NotAGuide
    visit = moves.locked(visit, to=Visit.State.CALLED)
    if Participation.objects.filter(membership=target, ended_at__isnull=True).exists():
        raise Busy
    return _call(visit, by=by, at=at, whom=target, desk=desk)


def _call(visit: Visit, *, by: Member, at: datetime, whom: Membership, desk: Desk | None) -> Visit:
    if visit.day.state == ServiceDay.State.PAUSED:
        raise DayPaused
    before = moves.snapshot(visit)
    visit.state = Visit.State.CALLED
    visit.called_for = whom
    visit.called_at = at
    visit.calls = 1
    visit.desk = desk or _desk_of(whom, visit.day, at=at)
    try:
        with transaction.atomic():
            visit.save(update_fields=["state", "called_for", "called_at", "calls", "desk"])
    except IntegrityError as error:
        raise Busy from error
    moves.happened(visit, VisitEvent.Kind.CALLED, by=by, at=at, before=before, who=whom, desk=visit.desk)
    return visit


def _desk_of(membership: Membership, day: ServiceDay, *, at: datetime) -> Desk | None:
    shift = Shift.objects.on_day(day).filter(membership=membership).select_related("desk").first()
    return shift.desk if shift else None


@transaction.atomic
def call_next(*, by: Member, at: datetime, day: ServiceDay, expected: UUID | None = None) -> Visit:
    """An advisor takes the first in the queue whom the advisor can serve; two callers never get the same visitor.

    `expected` is the visitor whom the screen proposed: taken if still waiting, else the next one.
    Raises NobodyWaits, NobodySuitable, BeingCalled, or Busy.
    """
    if Participation.objects.filter(membership=by.membership, ended_at__isnull=True).exists():
        raise Busy
    found = _EXPECTED.rows(point=by.point_id, day=day.pk, expected=expected) if expected else []
    found = found or _NEXT.rows(point=by.point_id, day=day.pk, at=at, membership=by.membership_id, user=by.user.pk)
    if not found:
        if Visit.objects.filter(day=day, called_for=by.membership, state=Visit.State.CALLED).exists():
            raise Busy  # called from another window a moment ago
        suitable = _suits(by.membership_id, by.user.pk, day.pk, at) | Q(pk=expected)
        if _waiting(by.point_id, day.pk).filter(suitable).exists():  # passed over because another press holds it
            raise BeingCalled
        raise NobodySuitable if _waiting(by.point_id, day.pk).exists() else NobodyWaits
    return _call(found[0], by=by, at=at, whom=by.membership, desk=None)


def _waiting(point: UUID, day: UUID) -> VisitQuerySet:
    return Visit.objects.filter(point_id=point, day_id=day).waiting()


def _taken(point: UUID, day: UUID) -> VisitQuerySet:
    return _waiting(point, day).select_related("day", "point").select_for_update(of=("self",), skip_locked=True)


def _next(*, point: UUID, day: UUID, at: datetime, membership: UUID, user: UUID) -> QuerySet[Visit, Visit]:
    """The first whom a colleague can take, locked: the queue is read in its order, and no further."""
    rows = _taken(point, day).filter(_suits(membership, user, day, at))
    return rows.order_by("queued_at", "number", "letter", "pk")[:1]


def _suits(membership: UUID, user: UUID, day: UUID, at: datetime) -> Q:
    """The rules of visits/queue.py for one colleague, in the database's words."""
    through = Topic.professions.through.objects.filter(topic_id=OuterRef("topic_id"))
    mine = through.filter(profession__users=user)
    asked = Q(asks_for=membership)
    by_profession = Q(asks_for__isnull=True, asks_for_profession__users=user)
    by_topic = Q(asks_for__isnull=True, asks_for_profession__isnull=True) & (Q(Exists(mine)) | ~Q(Exists(through)))
    away = Break.objects.filter(shift=OuterRef("pk"), ended_at__isnull=True)
    guides = Shift.objects.filter(day_id=day).at_work(at).filter(~Exists(away), membership__role__in=GUIDES)
    spoken_by_others = guides.exclude(membership=membership)
    language = (
        Q(Exists(User.objects.filter(pk=user, languages__contains=[OuterRef("language")])))
        | Q(needs_interpreter=True)
        | ~Q(Exists(spoken_by_others.filter(membership__user__languages__contains=[OuterRef("language")])))
    )
    return asked | ((by_profession | by_topic) & language)


_EXPECTED = Prepared(
    lambda point, day, expected: _taken(point, day).filter(pk=expected), point=UUID, day=UUID, expected=UUID
)
_NEXT = Prepared(_next, point=UUID, day=UUID, at=datetime, membership=UUID, user=UUID)


@transaction.atomic
def call_again(visit: Visit, *, by: Member, at: datetime) -> Visit:
    """The number is called once more."""
    visit = moves.locked(visit)
    if visit.state != Visit.State.CALLED:
        raise moves.TooLate(moves.what_happened(visit))
    before = moves.snapshot(visit)
    visit.called_at = at
    visit.calls += 1
    visit.save(update_fields=["called_at", "calls"])
    moves.happened(
        visit, VisitEvent.Kind.RECALLED, by=by, at=at, before=before, who=visit.called_for_id, desk=visit.desk_id
    )
    return visit


@transaction.atomic
def did_not_come(visit: Visit, *, by: Member, at: datetime) -> Visit:
    """Called twice and not there: the visit ends as left without service; it can be undone when they turn up."""
    visit = moves.locked(visit, to=Visit.State.LEFT)
    if visit.state != Visit.State.CALLED:
        raise moves.TooLate(moves.what_happened(visit))
    if visit.calls < visit.point.calls_before_no_show:
        raise CallAgainFirst
    return _end(visit, VisitEvent.Kind.NO_SHOW, Visit.State.LEFT, by=by, at=at)


@transaction.atomic
def leave(visit: Visit, *, by: Member, at: datetime) -> Visit:
    """The visitor went away before being served, or while pausing."""
    visit = moves.locked(visit, to=Visit.State.LEFT)
    return _end(visit, VisitEvent.Kind.LEFT, Visit.State.LEFT, by=by, at=at)


def _end(visit: Visit, kind: str, state: str, *, by: Member | None, at: datetime) -> Visit:
    before = moves.snapshot(visit, moves.DESCRIBED) | end_encounter(visit, at=at)
    moves.mark_not_asked(visit)
    visit.state = state
    visit.ended_at = at
    visit.save(update_fields=["state", "ended_at", "situation", "age_band"])
    moves.happened(visit, kind, by=by, at=at, before=before)
    return visit


@transaction.atomic
def put_back(visit: Visit, *, by: Member, at: datetime) -> Visit:
    """A call is taken back: the visitor is in the queue again, in the old place."""
    visit = moves.locked(visit, to=Visit.State.WAITING)
    if visit.state != Visit.State.CALLED:
        raise moves.TooLate(moves.what_happened(visit))
    return to_queue(visit, VisitEvent.Kind.PUT_BACK, by=by, at=at)


def to_queue(
    visit: Visit,
    kind: str,
    *,
    by: Member,
    at: datetime,
    before: dict[str, Any] | None = None,
    who: Any = None,
    client_agreed: bool | None = None,
) -> Visit:
    """Back to waiting, keeping the place."""
    before = before or moves.snapshot(visit)
    visit.state = Visit.State.WAITING
    visit.called_for = None
    visit.called_at = None
    visit.calls = 0
    visit.desk = None
    visit.save(update_fields=["state", "called_for", "called_at", "calls", "desk", "asks_for", "asks_for_profession"])
    moves.happened(visit, kind, by=by, at=at, before=before, who=who, client_agreed=client_agreed)
    return visit


@transaction.atomic
def pause(visit: Visit, *, by: Member, at: datetime) -> Visit:
    """The visitor steps aside, to fill in a form or to fetch a paper; the place is kept, the pause is no wait.

    A visit that goes on is paused by those who are in it, and the visitor comes back to the one who paused.
    """
    visit = moves.locked(visit, to=Visit.State.PAUSED)
    before = moves.snapshot(visit, ["asks_for_profession_id"])
    if visit.state == Visit.State.IN_SERVICE:
        if not is_with(visit, by):
            raise moves.TooLate(moves.what_happened(visit))
        before |= end_encounter(visit, at=at, goes_on=True)
        visit.asks_for = by.membership
    visit.state = Visit.State.PAUSED
    visit.called_for = None
    visit.called_at = None
    visit.calls = 0
    visit.desk = None
    visit.save(update_fields=["state", "called_for", "called_at", "calls", "desk", "asks_for"])
    moves.happened(visit, VisitEvent.Kind.PAUSED, by=by, at=at, before=before)
    return visit


def is_with(visit: Visit, member: Member) -> bool:
    """Whether a member sits with the visitor now."""
    here = Participation.objects.filter(encounter__visit=visit, ended_at__isnull=True)
    return here.filter(membership=member.membership).exists()


@transaction.atomic
def bring_back(visit: Visit, *, by: Member, at: datetime) -> Visit:
    """Back from a pause: waiting again, in the old place."""
    visit = moves.locked(visit, to=Visit.State.WAITING)
    if visit.state != Visit.State.PAUSED:
        raise moves.TooLate(moves.what_happened(visit))
    return to_queue(visit, VisitEvent.Kind.RETURNED, by=by, at=at)


def end_encounter(
    visit: Visit, *, at: datetime, encounter: Encounter | None = None, goes_on: bool = False
) -> dict[str, Any]:
    """End the running encounter (`encounter`, if at hand) and everybody's part in it; returns what an undo needs.

    Who was asked to come along is not awaited any more; who was asked for afterwards still is when the visit goes on.
    """
    asked = Invitation.objects.filter(visit=visit).pending()
    if goes_on:
        asked = asked.filter(mode=Invitation.Mode.TOGETHER)
    before = {"asked": [remembered(one) for one in asked.order_by("asked_at", "pk")]}
    if before["asked"]:
        asked.update(state=Invitation.State.WITHDRAWN, answered_at=at)
    encounter = encounter or Encounter.objects.filter(visit=visit, ended_at__isnull=True).first()
    if encounter is None:
        return before
    open_parts = Participation.objects.filter(encounter=encounter, ended_at__isnull=True)
    people = [str(pk) for pk in open_parts.order_by("joined_at", "pk").values_list("membership_id", flat=True)]
    open_parts.update(ended_at=at)
    encounter.ended_at = at
    encounter.save(update_fields=["ended_at"])
    return before | {"encounter": str(encounter.pk), "people": people}


def remembered(invitation: Invitation) -> dict[str, str | None]:
    """An invitation as it stands, for an undo."""
    answered = invitation.answered_at.isoformat() if invitation.answered_at else None
    return {"invitation": str(invitation.pk), "state": invitation.state, "answered_at": answered}
