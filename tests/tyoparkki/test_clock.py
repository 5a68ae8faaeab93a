"""The one clock: it stands, ticks, and ticks the same in every process."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta

import pytest

from tyoparkki import clock

MOMENT = datetime(2026, 11, 18, 14, 36, tzinfo=clock.HELSINKI)


def test_a_frozen_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-18T14:36+02:00")
    assert clock.now() == MOMENT


def test_without_an_offset_the_moment_is_of_hameenlinna(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-18T14:36")
    assert clock.now() == MOMENT


def test_a_ticking_clock_starts_from_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", MOMENT.isoformat() + "+")
    assert MOMENT <= clock.now() < clock.now() + timedelta(microseconds=1) < MOMENT + timedelta(minutes=1)


def test_a_process_that_starts_an_hour_later_shows_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", MOMENT.isoformat() + f"+@{time.time() - 3600}")
    assert MOMENT + timedelta(hours=1) <= clock.now() < MOMENT + timedelta(hours=1, minutes=1)


def test_what_is_shared_is_when_the_clock_began_and_that_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", MOMENT.isoformat() + "+")
    clock.share()
    shared = os.environ["TYOPARKKI_NOW"]
    clock.share()
    assert os.environ["TYOPARKKI_NOW"] == shared
    assert MOMENT <= clock.now() < MOMENT + timedelta(minutes=1)


def test_a_frozen_clock_is_shared_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", MOMENT.isoformat())
    clock.share()
    assert os.environ["TYOPARKKI_NOW"] == MOMENT.isoformat()
