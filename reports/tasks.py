"""Counting in the background: a day whose rows changed is counted anew, and yesterday once more at night."""

from datetime import date, datetime, timedelta
from uuid import UUID

from reports.actions import AGGREGATE, count_day
from team.models import ServiceDay
from tyoparkki import clock, jobs, outbox
from visits.models import VisitClient


# Forgotten when done: the row's own times would tell when somebody stood at the tablet.
@outbox.handler("reports.day_changed", by=AGGREGATE, forget=True)
def day_changed(payload: dict[str, outbox.Value]) -> None:
    """Count one service point's day anew: `{"point": id, "on": ISO date}`."""
    count_day(UUID(str(payload["point"])), date.fromisoformat(str(payload["on"])), at=clock.now())


@outbox.handler("reports.client_changed", by=AGGREGATE)
def client_changed(payload: dict[str, outbox.Value]) -> None:
    """Count the days of one person's visits anew: `{"client": id}`, when the home municipality changed."""
    links = VisitClient.objects.using("stats").filter(client_id=str(payload["client"]), ended_at__isnull=True)
    for point, on in links.values_list("visit__point_id", "visit__day__on").distinct().order_by("visit__day__on"):
        outbox.later("reports.day_changed", {"point": str(point), "on": on.isoformat()})


@jobs.job("reports.tasks.count_yesterday", slot=jobs.each_day)
def count_yesterday(at: datetime) -> None:
    """Yesterday's days once more, after the night has ended their leftovers; in case anything was lost."""
    yesterday = clock.local_date(at) - timedelta(days=1)
    for point in ServiceDay.objects.on(yesterday).values_list("point_id", flat=True).order_by("point_id"):
        outbox.later("reports.day_changed", {"point": str(point), "on": yesterday.isoformat()})
