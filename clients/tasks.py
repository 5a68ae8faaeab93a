"""What happens around people by the clock."""

from datetime import datetime

from clients.actions import reminder
from tyoparkki import jobs


@jobs.job("clients.tasks.keep_clocks", slot=jobs.each_day, using="system")
def keep_clocks(at: datetime) -> None:
    """Once a day, early in the morning: what is due is put on the lists of those whose it is."""
    reminder.keep_clocks(at=at)
