"""What happens at service points by the clock."""

from datetime import datetime

from team.actions import opening
from tyoparkki import jobs


@jobs.job("team.tasks.plan_ahead", slot=jobs.each_day)
def plan_ahead(at: datetime) -> None:
    """Once a day every point's service days are made from its opening hours, half a year ahead."""
    opening.plan_ahead(at=at)
