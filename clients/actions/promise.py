"""A service point makes a promise of its own to people, and ends it; the clock counts it from the next start on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.models import PointPromise
from team.models import ServicePoint
from tyoparkki import audit
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

MOST = 10


class PromiseOver(Refused):
    """A colleague was quicker."""

    message = _("This promise has already ended.")


class TooMany(Refused):
    """What nobody can remember is no promise."""

    message = _("There are ten promises already. End one first.")


@transaction.atomic
def add_promise(names: Mapping[str, str], *, days: int, counted_from: str, by: Member, at: datetime) -> PointPromise:
    """The point promises people to be in touch within so many working days; what began before is not counted."""
    ServicePoint.objects.select_for_update(of=("self",)).get(pk=by.point_id)
    if PointPromise.objects.at_point(by.point_id).running().count() >= MOST:
        raise TooMany
    told = {"names": dict(names), "days": days, "counted_from": counted_from}
    row = PointPromise.objects.create(point_id=by.point_id, made_at=at, **told)
    audit.record("promise.made", row, by=by.actor, at=at, fields=list(told))
    return row


@transaction.atomic
def end_promise(promise: PointPromise, *, by: Member, at: datetime) -> PointPromise:
    """It is promised to nobody any more; what was kept and broken stays in the figures."""
    rows = PointPromise.objects.visible_to(by).select_for_update(of=("self",))
    row = rows.get(pk=promise.pk)
    if row.ended_at is not None:
        raise PromiseOver
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("promise.ended", row, by=by.actor, at=at, fields=["ended_at"])
    return row
