"""Figures are right even when the worker dies over and over in the middle of counting."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import redis

from tests.crashes.product import PATIENCE_S, Product, confirmed, finish
from tests.fixtures.site import eventually
from tyoparkki import clock, embedded

if TYPE_CHECKING:
    import psycopg

pytestmark = pytest.mark.slow

KILLS, LEAST_IN_FLIGHT = 20, 12
FOUND_AGAIN_S = 120
PACE_S = 0.1  # leaves the machine room for a new worker

# A transaction that holds the outbox's own lock on counting today: somebody is at this very work just now.
COUNTING = """
    SELECT activity.backend_xid::text FROM pg_locks JOIN pg_stat_activity activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND activity.backend_xid IS NOT NULL
      AND (classid::bigint << 32 | objid::bigint) = hashtextextended(%s, 7)
"""


class Counting:
    """Today's counting as the database sees it."""

    def __init__(self, product: Product, connection: psycopg.Connection) -> None:
        today = clock.local_date(clock.now()).isoformat()
        self.work = f'reports.day_changed {{"on": "{today}", "point": "{product.demo["point"]}"}}'
        self.connection = connection

    def transaction(self) -> str | None:
        """The number of the transaction that counts just now."""
        row = self.connection.execute(COUNTING, [self.work]).fetchone()
        return row and str(row[0])

    def was_interrupted(self, transaction: str) -> bool:
        """Whether a transaction was undone; the server notices after a moment that its client is gone."""

        def fate() -> str | None:
            row = self.connection.execute("SELECT pg_xact_status(%s::xid8)", [transaction]).fetchone()
            assert row is not None
            return None if row[0] == "in progress" else str(row[0])

        return eventually(fate, within=PATIENCE_S) == "aborted"


def empty_the_broker(product: Product, counting: Counting) -> None:
    """While a worker is at work; the same worker goes on hearing of new work."""
    eventually(counting.transaction, within=PATIENCE_S, every=0.002)
    redis.Redis.from_url(embedded.redis_url(data=product.data)).flushall()
    worker, emptied = product.pids()["worker"], product.counted()
    eventually(lambda: product.counted() > emptied + timedelta(seconds=3), within=PATIENCE_S, every=0.2)
    assert product.pids()["worker"] == worker


def test_a_worker_killed_twenty_times_while_counting_and_an_emptied_broker(product: Product) -> None:
    clerks, tablets = product.clerks(1, pace=PACE_S), product.tablets(2, pace=PACE_S)
    senders = [*clerks, *tablets]
    answers, presses = product.answers(), product.presses()
    with product.look() as connection:
        counting = Counting(product, connection)
        for sender in senders:
            sender.start()
        in_flight = 0
        for kill in range(KILLS):
            transaction = eventually(counting.transaction, within=PATIENCE_S, every=0.002)
            os.killpg(product.pids()["worker"], signal.SIGKILL)
            in_flight += counting.was_interrupted(transaction)
            if kill == KILLS // 2:
                empty_the_broker(product, counting)
    last_kill = time.monotonic()
    finish(senders)
    assert in_flight >= LEAST_IN_FLIGHT
    eventually(lambda: product.waits() == 0, within=FOUND_AGAIN_S, every=0.5)
    product.agrees_with_itself()
    assert time.monotonic() - last_kill < FOUND_AGAIN_S
    assert product.answers() - answers == set(confirmed(tablets))
    assert product.presses() - presses == set(confirmed(clerks))
