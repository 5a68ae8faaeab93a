"""The background work of the ground floor."""

from datetime import date, datetime

from celery import shared_task
from django.core.management import call_command
from django.db import connections
from django.db.models.functions import Now

from tyoparkki import clock, jobs, outbox, purge
from tyoparkki.models import Heartbeat

TRACE_MONTHS_AHEAD = 24


@shared_task(name="tyoparkki.tasks.drain_outbox")
def drain_outbox() -> None:
    """Carry out what waits in the outbox: nudged after each act, and every 30 seconds in case a nudge was lost."""
    outbox.drain()


@shared_task(name="tyoparkki.tasks.beat_heart")
def beat_heart() -> None:
    """Show that beat, broker, worker and database work together; /readyz looks at it."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name="worker", at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


@jobs.job("tyoparkki.tasks.clear_sessions", slot=jobs.each_day)
def clear_sessions(at: datetime) -> None:
    """Forget sessions that have run out."""
    call_command("clearsessions")


@jobs.job("tyoparkki.tasks.keep_trace_ahead", slot=jobs.each_day, using="system")
def keep_trace_ahead(at: datetime) -> None:
    """Make the logs' partitions of the next two years, so that every month can be dropped by itself one day."""
    today = clock.local_date(at)
    months = [today.year * 12 + today.month - 1 + ahead for ahead in range(TRACE_MONTHS_AHEAD)]
    with connections["system"].cursor() as cursor:
        cursor.executemany("SELECT make_trace_partition(%s)", [[date(one // 12, one % 12 + 1, 1)] for one in months])


@jobs.job("tyoparkki.tasks.report_retention", slot=jobs.each_month, using="system")
def report_retention(at: datetime) -> None:
    """Once a month, by the trace: how many rows of each kind are over and were not ended; nobody should be."""
    purge.report(at=at)


@shared_task(name="tyoparkki.tasks.end_what_is_over")
def end_what_is_over() -> None:
    """End what has been kept as long as was promised; a second run on the same day finds nothing."""
    purge.carry_out(at=clock.now())
