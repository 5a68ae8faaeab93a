"""The clock's own scheduler goes on, whatever the machine's clock does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tyoparkki.beat import SteadyScheduler
from tyoparkki.celery import app

TICKS = len(app.conf.beat_schedule) + 2  # one due task each, and some to spare


class Bench:
    """A scheduler that notes what it would send, and a clock that is moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moved = timedelta()
        self.sent: list[str] = []
        start = app.now().replace(minute=7, second=30)  # nothing is due by the hour within half a minute
        monkeypatch.setattr(app, "now", lambda: start + self.moved)
        monkeypatch.setattr(SteadyScheduler, "producer", None)
        monkeypatch.setattr(SteadyScheduler, "apply_entry", lambda _self, entry, **_more: self.sent.append(entry.name))
        self.scheduler = SteadyScheduler(app)

    def after(self, **passed: int) -> set[str]:
        """What is sent when the clock has moved."""
        self.moved += timedelta(**passed)
        self.sent.clear()
        for _tick in range(TICKS):
            self.scheduler.tick()
        return set(self.sent)


def test_the_heart_and_the_outbox_are_sent_in_their_rhythm(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    assert bench.after(seconds=0) == set()
    assert {"heartbeat", "outbox"} <= bench.after(seconds=31)
    assert bench.after(seconds=5) == set()


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(hours=3), timedelta(days=4000)])
def test_a_clock_set_back_does_not_silence_it(monkeypatch: pytest.MonkeyPatch, back: timedelta) -> None:
    bench = Bench(monkeypatch)
    bench.after(seconds=31)
    assert bench.after(seconds=-int(back.total_seconds())) == set()
    assert {"heartbeat", "outbox"} <= bench.after(seconds=31)


def test_a_clock_set_forward_brings_what_is_due_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    assert {"heartbeat", "outbox"} <= bench.after(days=2)
    assert bench.after(seconds=1) == set()


def test_nothing_is_kept_on_disk(settings: Any) -> None:
    assert app.conf.beat_scheduler == "tyoparkki.beat:SteadyScheduler"
    assert not hasattr(SteadyScheduler, "persistence")
