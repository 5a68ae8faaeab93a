"""The roster: who is on shift when and where, who is on a break, who leaves early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from team.actions.day import service_day_for
from team.models import Break, Desk, Membership, Profession, ServiceDay, ServicePoint, Shift
from tyoparkki import audit, clock, live
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member


class AlreadyOnShift(Refused):
    """One person, one place at a time."""

    def __init__(self, shift: Shift) -> None:
        super().__init__(
            _("%(name)s is already on shift on that day, %(starts)s–%(ends)s.")
            % {"name": shift.membership.user.name, **_hours(shift)}
        )


class DeskTaken(Refused):
    """One desk, one colleague at a time."""

    def __init__(self, shift: Shift) -> None:
        super().__init__(
            _("%(name)s is at that desk %(starts)s–%(ends)s. Choose another desk or other hours.")
            % {"name": shift.membership.user.name, **_hours(shift)}
        )


class LeadTaken(Refused):
    """One lead a day."""

    def __init__(self, shift: Shift) -> None:
        super().__init__(_("%(name)s already leads that day.") % {"name": shift.membership.user.name})


class WrongHours(Refused):
    """A shift ends after it starts, on the same day."""

    message = _("A shift must end after it starts.")


class ShiftCancelled(Refused):
    """A colleague cancelled it a moment ago."""

    message = _("The shift has been cancelled.")


class AlreadyOnBreak(Refused):
    """One break at a time."""

    message = _("The break has already started.")


class NotOnBreak(Refused):
    """Nothing to come back from."""

    message = _("The break has already ended.")


class NotOver(Refused):
    """The wished end is not between the start and the planned end."""

    message = _("The shift can end only after it has started.")


class Closed(Refused):
    """Nobody works behind closed doors."""

    message = _("The service point is closed on that day. Add an exception to the opening hours first.")


class StillOnShift(Refused):
    """Something of the day hangs on it."""

    message = _("A shift that has started cannot be cancelled. End it now instead.")


def _hours(shift: Shift) -> dict[str, str]:
    return {
        "starts": clock.local(shift.starts_at).strftime("%-H.%M"),
        "ends": clock.local(shift.ends_at).strftime("%-H.%M"),
    }


@transaction.atomic
def add_shift(
    day: ServiceDay,
    membership: Membership,
    *,
    by: Member,
    at: datetime,
    starts_at: datetime,
    ends_at: datetime,
    desk: Desk | None = None,
    profession: Profession | None = None,
    is_lead: bool = False,
) -> Shift:
    """A colleague is on shift on a service day. Refused with who stands in the way when the place is taken."""
    day = _locked_day(day)
    shift = Shift(
        day=day,
        membership=membership,
        desk=desk,
        profession=profession,
        starts_at=starts_at,
        ends_at=ends_at,
        is_lead=is_lead,
        created_at=at,
        created_by=by.membership,
    )
    _fits(shift)
    shift.save(force_insert=True)
    return _told("shift.added", shift, by=by, at=at, fields=["starts_at", "ends_at", "desk", "profession", "is_lead"])


@transaction.atomic
def plan_shift(
    point: ServicePoint,
    on: date,
    membership: Membership,
    *,
    by: Member,
    at: datetime,
    starts: time,
    ends: time,
    desk: Desk | None = None,
    profession: Profession | None = None,
    is_lead: bool = False,
) -> Shift:
    """A colleague comes on a date, from an hour to an hour; the service day is made when nobody has planned it yet."""
    day = service_day_for(point, on, at=at)
    if day is None:
        raise Closed
    return add_shift(
        day,
        membership,
        by=by,
        at=at,
        starts_at=datetime.combine(on, starts, tzinfo=clock.HELSINKI),
        ends_at=datetime.combine(on, ends, tzinfo=clock.HELSINKI),
        desk=desk,
        profession=profession,
        is_lead=is_lead,
    )


@transaction.atomic
def change_shift(
    shift: Shift,
    *,
    by: Member,
    at: datetime,
    starts_at: datetime,
    ends_at: datetime,
    desk: Desk | None = None,
    profession: Profession | None = None,
    is_lead: bool = False,
    unchanged: Callable[[Shift], None] | None = None,
) -> Shift:
    """Other hours, another desk, another role on the day."""
    shift = _locked(shift)
    if unchanged is not None:
        unchanged(shift)
    new: dict[str, object] = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "desk": desk,
        "profession": profession,
        "is_lead": is_lead,
    }
    changed = [name for name, value in new.items() if getattr(shift, name) != value]
    for name, value in new.items():
        setattr(shift, name, value)
    _fits(shift)
    shift.save(update_fields=[*new])
    return _told("shift.changed", shift, by=by, at=at, fields=changed)


@transaction.atomic
def cancel_shift(shift: Shift, *, by: Member, at: datetime) -> Shift:
    """The colleague does not come; the row stays, and the cancelling can be undone."""
    shift = _locked(shift)
    if shift.starts_at < at < shift.ends_at and shift.day.state in {ServiceDay.State.OPEN, ServiceDay.State.PAUSED}:
        raise StillOnShift
    shift.cancelled_at, shift.cancelled_by = at, by.membership
    shift.save(update_fields=["cancelled_at", "cancelled_by"])
    return _told("shift.cancelled", shift, by=by, at=at, fields=["cancelled_at"])


@transaction.atomic
def restore_shift(shift: Shift, *, by: Member, at: datetime) -> Shift:
    """Undo of a cancelling, if the place is still free."""
    day = _locked_day(shift.day)
    shift = Shift.objects.with_people().get(pk=shift.pk)
    shift.day = day
    if day.state == ServiceDay.State.CALLED_OFF:
        raise Closed
    _fits(shift)
    shift.cancelled_at = shift.cancelled_by = None
    shift.save(update_fields=["cancelled_at", "cancelled_by"])
    return _told("shift.restored", shift, by=by, at=at, fields=["cancelled_at"])


@transaction.atomic
def move_to_desk(shift: Shift, desk: Desk | None, *, by: Member, at: datetime) -> Shift:
    """The colleague sits elsewhere from now on."""
    shift = _locked(shift)
    shift.desk = desk
    _fits(shift)
    shift.save(update_fields=["desk"])
    return _told("shift.desk_changed", shift, by=by, at=at, fields=["desk"])


@transaction.atomic
def end_early(shift: Shift, *, by: Member, at: datetime) -> Shift:
    """The colleague leaves before the planned end; an open break ends with the shift."""
    shift = _locked(shift)
    if not shift.starts_at < at < shift.ends_at:
        raise NotOver
    shift.breaks.filter(ended_at__isnull=True).update(ended_at=at)
    shift.ends_at = at
    shift.save(update_fields=["ends_at"])
    return _told("shift.ended_early", shift, by=by, at=at, fields=["ends_at"])


@transaction.atomic
def start_break(shift: Shift, *, by: Member, at: datetime, until: datetime | None = None) -> Break:
    """The colleague is away from the desk, until about an hour; nobody is proposed to them meanwhile."""
    shift = _locked(shift)
    if shift.breaks.filter(ended_at__isnull=True).exists():
        raise AlreadyOnBreak
    pause = Break.objects.create(shift=shift, started_at=at, until=until)
    _told("shift.break_started", shift, by=by, at=at, fields=["until"])
    return pause


@transaction.atomic
def end_break(shift: Shift, *, by: Member, at: datetime) -> Shift:
    """Back at the desk."""
    shift = _locked(shift)
    if not shift.breaks.filter(ended_at__isnull=True).update(ended_at=at):
        raise NotOnBreak
    return _told("shift.break_ended", shift, by=by, at=at, fields=["ended_at"])


def _locked_day(day: ServiceDay) -> ServiceDay:
    """Shifts of one day are planned one after another, so that two planners cannot take the same place."""
    return ServiceDay.objects.select_for_update(of=("self",)).select_related("point").get(pk=day.pk)


def _locked(shift: Shift) -> Shift:
    day = _locked_day(shift.day)
    shift = Shift.objects.with_people().get(pk=shift.pk)
    shift.day = day
    if shift.cancelled_at is not None:
        raise ShiftCancelled
    return shift


def _fits(shift: Shift) -> None:
    """Refuse hours that make no sense, a person or a desk in two places, a second lead."""
    on = shift.day.on
    if shift.ends_at <= shift.starts_at or {clock.local_date(shift.starts_at), clock.local_date(shift.ends_at)} != {on}:
        raise WrongHours
    others = Shift.objects.with_people().filter(cancelled_at__isnull=True).exclude(pk=shift.pk)
    overlapping = others.filter(starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at)
    person = shift.membership.user_id
    same = others.filter(day=shift.day, membership=shift.membership) | overlapping.filter(membership__user_id=person)
    if double := same.first():
        raise AlreadyOnShift(double)
    if shift.desk and (taken := overlapping.filter(day=shift.day, desk=shift.desk).first()):
        raise DeskTaken(taken)
    if shift.is_lead and (lead := others.filter(day=shift.day, is_lead=True).first()):
        raise LeadTaken(lead)


def _told(verb: str, shift: Shift, *, by: Member, at: datetime, fields: list[str]) -> Shift:
    audit.record(verb, shift, by=by.actor, at=at, fields=fields)
    live.announce(shift.day.point.live_topic)
    return shift
