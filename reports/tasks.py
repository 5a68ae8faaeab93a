"""Counting in the background: a day whose visits changed is counted anew."""

from datetime import date

from team.models import ServicePoint
from tyoparkki import clock, outbox


@outbox.handler("reports.day_changed")
def day_changed(payload: dict[str, outbox.Value]) -> None:
    """Count one service point's day anew: `{"point": id, "on": ISO date}`."""
    from reports.actions import count_day  # the figures are read when the work is done, not at start-up

    point = ServicePoint.objects.get(pk=str(payload["point"]))
    count_day(point, date.fromisoformat(str(payload["on"])), at=clock.now())
