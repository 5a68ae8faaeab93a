"""What happens to people on file by the clock."""

from contextlib import suppress

from celery import shared_task

from clients.actions import erasure
from tyoparkki import clock, tombstones


@shared_task(name="clients.tasks.erase_lapsed")
def erase_lapsed() -> None:
    """Erase whoever agreed to be recorded for a month and was not asked again; a second run finds nobody."""
    erasure.erase_lapsed(at=clock.now())
    with suppress(OSError):  # the tombstones stand in the database; the next backup writes them beside its folder
        tombstones.copy_out(using="system")
