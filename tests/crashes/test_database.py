"""An answer given on the tablet is never lost and never counted twice, whatever happens to the database."""

from __future__ import annotations

import os
import signal

import pytest

from tests.crashes.product import PATIENCE_S, Product, confirmed, finish
from tests.fixtures.site import eventually

pytestmark = pytest.mark.slow

ANSWERS, TABLETS, LOST = 2000, 5, 0.03
COUNTED_BY_DEVICE = """
    SELECT sum(answers) FROM feedback_deviceday JOIN team_device device ON device.id = device_id
    WHERE device.name ~ '^Tabletti [0-9]+$'
"""
AGAIN = "PostgreSQL had ended and was started again"


def test_two_thousand_answers_through_two_crashes_of_the_database_and_lost_replies(product: Product) -> None:
    before = product.answers()
    tablets = product.tablets(TABLETS, things=ANSWERS // TABLETS, lost=LOST)
    for tablet in tablets:
        tablet.start()
    for crash, (share, number) in enumerate([(0.3, signal.SIGKILL), (0.65, signal.SIGQUIT)], 1):
        eventually(lambda share=share: len(confirmed(tablets)) >= share * ANSWERS, within=PATIENCE_S)
        troubles = sum(tablet.troubles - tablet.cut for tablet in tablets)
        os.kill(product.postmaster(), number)  # a crash of its first process; PostgreSQL's own "immediate" stop
        eventually(product.told(AGAIN, times=crash), within=PATIENCE_S)
        assert sum(tablet.troubles - tablet.cut for tablet in tablets) > troubles  # answers were on their way
        assert len(confirmed(tablets)) < ANSWERS
    finish(tablets)
    keys = confirmed(tablets)
    assert len(keys) == len(set(keys)) == ANSWERS
    assert product.answers() - before == set(keys)
    assert product.ask(COUNTED_BY_DEVICE) == ANSWERS
    assert sum(tablet.cut for tablet in tablets) > ANSWERS * LOST / 2
    assert sum(tablet.known for tablet in tablets) > ANSWERS * LOST / 4  # taken, their reply lost, and sent again
    eventually(lambda: product.waits() == 0, within=PATIENCE_S)
    assert product.ask("SELECT sum(n) FROM reports_dailyfigure WHERE figure = 'response'") == len(before) + ANSWERS
    product.agrees_with_itself()
