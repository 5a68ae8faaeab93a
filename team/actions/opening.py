"""Weekly hours and exceptions of a service point, and what a change of them does to the days already planned."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from team.actions import shift as shifts
from team.actions.day import plan_days
from team.models import OpeningException, OpeningRule, ServiceDay, ServicePoint, Shift
from tyoparkki import audit, clock, live
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

AHEAD = timedelta(weeks=26)


class DayHasRun(Refused):
    """What has been cannot be planned otherwise."""

    message = _("The hours of a day that has been opened cannot be changed any more.")


class ShiftsPlanned(Refused):
    """Colleagues have promised to come."""

    def __init__(self, planned: list[Shift]) -> None:
        days: dict[date, list[str]] = {}
        for shift in planned:
            days.setdefault(shift.day.on, []).append(shift.membership.user.name)
        self.who = "; ".join(f"{on.day}.{on.month}. {', '.join(names)}" for on, names in days.items())
        super().__init__(
            _("Shifts are planned on days that would be closed: %(who)s. Cancel them first.") % {"who": self.who}
        )


class RuleEnded(Refused):
    """A colleague ended it a moment ago."""

    message = _("These weekly hours have already ended.")


@transaction.atomic
def add_rule(
    point: ServicePoint,
    *,
    by: Member,
    at: datetime,
    weekday: int,
    opens_at: time,
    closes_at: time,
    valid_from: date,
    valid_until: date | None = None,
) -> OpeningRule:
    """Open on a weekday from an hour to an hour, from a date on."""
    rule = OpeningRule.objects.create(
        point=point,
        weekday=weekday,
        opens_at=opens_at,
        closes_at=closes_at,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    audit.record("opening.rule_added", rule, by=by.actor, at=at, fields=["weekday", "opens_at", "closes_at"])
    _replan(point, at=at)
    return rule


@transaction.atomic
def end_rule(rule: OpeningRule, *, by: Member, at: datetime, last_on: date) -> OpeningRule:
    """The weekly hours hold for the last time on a date; before their beginning they are taken away altogether."""
    rule = OpeningRule.objects.select_for_update(of=("self",)).select_related("point").get(pk=rule.pk)
    if rule.valid_until is not None and rule.valid_until <= last_on:
        raise RuleEnded
    rule.valid_until = max(last_on, rule.valid_from)
    rule.save(update_fields=["valid_until"])
    audit.record("opening.rule_ended", rule, by=by.actor, at=at, fields=["valid_until"])
    _replan(rule.point, at=at)
    return rule


@transaction.atomic
def set_exception(
    point: ServicePoint,
    on: date,
    *,
    by: Member,
    at: datetime,
    opens_at: time | None = None,
    closes_at: time | None = None,
    reasons: dict[str, str] | None = None,
    cancels_shifts: bool = False,
) -> OpeningException:
    """One date differs: closed (without hours), or open from an hour to an hour. Also opens a public holiday.

    A day on which colleagues have promised to come is closed only when their shifts are cancelled with it.
    """
    _not_run(point, on)
    if cancels_shifts and opens_at is None:
        for shift in Shift.objects.planned_between(point.pk, on, on).with_people().select_related("day"):
            shifts.cancel_shift(shift, by=by, at=at)
    exception, _made = OpeningException.objects.update_or_create(
        point=point,
        on=on,
        defaults={
            "is_closed": opens_at is None,
            "opens_at": opens_at,
            "closes_at": closes_at,
            "reasons": {code: text for code, text in (reasons or {}).items() if text},
        },
    )
    audit.record("opening.exception_set", exception, by=by.actor, at=at, fields=["is_closed", "opens_at", "closes_at"])
    _replan(point, at=at)
    return exception


@transaction.atomic
def remove_exception(exception: OpeningException, *, by: Member, at: datetime) -> None:
    """The date follows the week again."""
    _not_run(exception.point, exception.on)
    audit.record("opening.exception_removed", exception, by=by.actor, at=at)
    point = exception.point
    exception.delete()
    _replan(point, at=at)


@transaction.atomic
def plan_ahead(*, at: datetime) -> int:
    """The service days of every point that is in use, as far ahead as plans are made; returns how many there are."""
    points = ServicePoint.objects.filter(is_active=True).order_by("pk")
    return sum(len(plan_days(point, clock.local_date(at + AHEAD), at=at)) for point in points)


def _replan(point: ServicePoint, *, at: datetime) -> None:
    """Days to come follow the hours as they now are; refused when that would close a day over somebody's shift."""
    today = clock.local_date(at)
    last = ServiceDay.objects.at(point.pk).held().aggregate(last=Max("on"))["last"] or today
    plan_days(point, max(clock.local_date(at + AHEAD), last), since=today, at=at)
    orphans = Shift.objects.planned_between(point.pk, today, last).filter(day__state=ServiceDay.State.CALLED_OFF)
    if planned := list(orphans.with_people().select_related("day")):
        raise ShiftsPlanned(planned)
    live.announce(point.live_topic)


def _not_run(point: ServicePoint, on: date) -> None:
    if ServiceDay.objects.at(point.pk).on(on).exclude(state=ServiceDay.State.PLANNED).exists():
        raise DayHasRun
