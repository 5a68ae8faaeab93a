"""What happens around people on file by the clock."""

from contextlib import suppress
from datetime import datetime

from celery import shared_task

from clients.actions import erasure, reminder
from tyoparkki import clock, jobs, tombstones


@jobs.job("clients.tasks.keep_clocks", slot=jobs.each_day, using="system")
def keep_clocks(at: datetime) -> None:
    """Once a day, early in the morning: what is due is put on the lists of those whose it is."""
    reminder.keep_clocks(at=at)


@shared_task(name="clients.tasks.erase_lapsed")
def erase_lapsed() -> None:
    """Erase whoever agreed to be recorded for a month and was not asked again; a second run finds nobody."""
    erasure.erase_lapsed(at=clock.now())
    with suppress(OSError):  # the tombstones stand in the database; the next backup writes them beside its folder
        tombstones.copy_out(using="system")
