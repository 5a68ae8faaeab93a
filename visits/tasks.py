"""What happens at the desk by the clock."""

from datetime import datetime

from tyoparkki import jobs
from visits.actions import closing


@jobs.job("visits.tasks.end_past_days", slot=jobs.each_day)
def end_past_days(at: datetime) -> None:
    """At three in the night yesterday ends: visits that nobody ended, the day's notes, the turns on phones."""
    closing.end_past_days(at=at)
