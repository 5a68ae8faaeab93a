"""What happens by the clock: once per slot, however many beats run, in one transaction with its actor bound."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from celery import shared_task
from django.db import connections, transaction

from tyoparkki import actor, clock
from tyoparkki.actor import SYSTEM, Actor
from tyoparkki.models import JobSlot

Slot = Callable[[datetime], str]
Work = Callable[[datetime], object]


def each_day(at: datetime) -> str:
    """One slot a day, by the calendar of Helsinki."""
    return clock.local_date(at).isoformat()


def each_month(at: datetime) -> str:
    """One slot a month, by the calendar of Helsinki."""
    return f"{clock.local_date(at):%Y-%m}"


def job(name: str, *, slot: Slot, by: Actor = SYSTEM, using: str = "default") -> Callable[[Work], Any]:
    """Make a function of the moment a timed job under `name`, which CELERY_BEAT_SCHEDULE names.

    Schedule a daily job for every hour from its own on (`crontab(minute=5, hour="3-23")`): the slot lets only the
    first one work, and a machine that slept at three catches up when it wakes.
    """

    def decorate(work: Work) -> Any:
        @shared_task(name=name)
        @wraps(work)
        def run() -> None:
            at = clock.now()
            try:
                with transaction.atomic(using=using):
                    actor.bind(by, using=using)
                    if first_in_slot(name, slot(at), at=at, using=using):
                        work(at)
            finally:
                actor.forget()

        return run

    return decorate


def first_in_slot(task: str, slot: str, *, at: datetime, using: str = "default") -> bool:
    """Take a slot in the open transaction; a second taker waits for the first and gets nothing if it committed."""
    if not connections[using].in_atomic_block:
        raise transaction.TransactionManagementError("A slot is taken in the transaction of its effect.")
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {JobSlot._meta.db_table} (task, slot, at) VALUES (%s, %s, %s)"  # noqa: S608 - our own table
            " ON CONFLICT (task, slot) DO NOTHING RETURNING id",
            [task, slot, at],
        )
        return cursor.fetchone() is not None
