"""`kill -9` of any process, or of all at once, and a new start: nothing that was confirmed is lost."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.crashes.product import PATIENCE_S, Product, confirmed, finish
from tests.fixtures.site import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.crashes.senders import Sender

pytestmark = pytest.mark.slow

LOST, PACE_S = 0.03, 0.1
FURTHER = 12  # confirmed things that show that all goes on


def goes_on(product: Product, senders: Sequence[Sender]) -> None:
    """More is confirmed than before, and the worker counts it."""
    before = len(confirmed(senders))
    eventually(lambda: len(confirmed(senders)) >= before + FURTHER, within=PATIENCE_S)
    counted = product.counted()
    eventually(lambda: product.counted() > counted, within=PATIENCE_S, every=0.2)


def kill_children(product: Product, senders: Sequence[Sender]) -> None:
    for name, before in product.pids().items():
        os.killpg(before, signal.SIGKILL)
        eventually(lambda name=name, before=before: product.pids()[name] != before, within=PATIENCE_S)
        goes_on(product, senders)


def kill_servers(product: Product, senders: Sequence[Sender]) -> None:
    for name, pid in (("PostgreSQL", product.postmaster()), ("Valkey", product.broker())):
        os.kill(pid, signal.SIGKILL)
        eventually(product.told(f"{name} had ended and was started again"), within=PATIENCE_S)
        goes_on(product, senders)


def kill_parent(product: Product) -> None:
    assert product.process
    product.process.kill()
    product.process.wait()


def cut_the_power(product: Product) -> None:
    """Every process of the product at once."""
    assert product.process
    ours = [psutil.Process(pid) for pid in (product.process.pid, product.postmaster(), product.broker())]
    for process in [*ours, *(child for one in ours for child in one.children(recursive=True))]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    product.process.wait()


def test_whatever_is_killed_nothing_confirmed_is_lost_or_doubled(product: Product) -> None:
    clerks, tablets = product.clerks(1, lost=LOST, pace=PACE_S), product.tablets(2, lost=LOST, pace=PACE_S)
    senders = [*clerks, *tablets]
    answers, presses = product.answers(), product.presses()
    visits = product.ask("SELECT count(*) FROM visits_visit")
    for sender in senders:
        sender.start()
    goes_on(product, senders)
    kill_children(product, senders)
    kill_servers(product, senders)
    for kill in (kill_parent, cut_the_power):
        kill(product)
        product.start_and_wait()
        goes_on(product, senders)
    finish(senders)
    eventually(lambda: product.waits() == 0, within=PATIENCE_S, every=0.5)
    assert product.answers() - answers == set(confirmed(tablets))
    assert product.presses() - presses == set(confirmed(clerks))
    assert product.ask("SELECT count(*) FROM visits_visit") - visits == len(confirmed(clerks))
    product.agrees_with_itself()
    assert "Traceback" not in product.words.read_text(encoding="utf-8")
