"""Which service day a date is at a point."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from team.models import ServiceDay
from tyoparkki.prepared import Prepared

_DAY = Prepared(lambda point, on: ServiceDay.objects.at(point).on(on), point=UUID, on=date)


def service_day(point_id: UUID, on: date) -> ServiceDay | None:
    """The service day of a date at a point, if there is one."""
    return next(iter(_DAY.rows(point=point_id, on=on)), None)
