"""A discreet press "help here": every colleague sees it, no visitor does."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from team.models import HelpCall, Shift
from tyoparkki import audit, clock, live
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member


class AlreadyEnded(Refused):
    """A colleague was quicker."""

    message = _("The call for help has already been answered.")


@transaction.atomic
def call_help(*, by: Member, at: datetime) -> HelpCall:
    """Ask any colleague to come to the caller's desk; pressed again, the open call stays as it is."""
    shift = Shift.objects.at_work(at).filter(membership=by.membership).select_related("desk").first()
    made = HelpCall(point_id=by.point_id, called_by=by.membership, desk=shift.desk if shift else None, called_at=at)
    HelpCall.objects.bulk_create([made], ignore_conflicts=True)
    call = HelpCall.objects.select_related("point").get(called_by=by.membership, ended_at__isnull=True)
    if call.pk == made.pk:
        audit.record("help.called", call, by=by.actor, at=at)
        live.announce(call.point.live_topic)
    return call


@transaction.atomic
def end_help(call: HelpCall, *, by: Member, at: datetime) -> HelpCall:
    """Somebody came, or help is no longer needed."""
    call = HelpCall.objects.select_for_update(of=("self",)).select_related("point").get(pk=call.pk)
    if call.ended_at is not None:
        raise AlreadyEnded
    call.ended_at, call.ended_by = at, by.membership
    call.save(update_fields=["ended_at", "ended_by"])
    audit.record("help.ended", call, by=by.actor, at=at, fields=["ended_at"])
    live.announce(call.point.live_topic)
    return call


@transaction.atomic
def end_past_help(*, at: datetime) -> int:
    """At night the calls of the days before end by themselves, so that the next one is seen; returns how many."""
    midnight = clock.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    over = HelpCall.objects.filter(ended_at__isnull=True, called_at__lt=midnight)
    calls = list(over.select_for_update(of=("self",)).order_by("called_at", "pk"))
    for call in calls:
        call.ended_at = at
        call.save(update_fields=["ended_at"])
        audit.record("help.ended", call, by=SYSTEM, at=at, fields=["ended_at"])
    return len(calls)
