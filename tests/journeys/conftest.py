"""A day in progress, for stories in browsers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, expect

from tests.fixtures.site import running, working
from tests.journeys.people import People
from tyoparkki.clock import HELSINKI

NOW = datetime(2026, 11, 18, 14, 36, tzinfo=HELSINKI)
WEEKS = 1
PATIENCE_MS = 15_000


@pytest.fixture
def wednesday(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, browser: Browser, tmp_path: Path
) -> Iterator[tuple[People, dict[str, Any]]]:
    """The demonstration's day in progress, served and counted; one ticking clock for everybody."""
    told = StringIO()
    call_command("demo", seed=1, weeks=WEEKS, anchor=NOW.isoformat(), stdout=told)
    monkeypatch.setenv("TYOPARKKI_NOW", f"{NOW.isoformat()}+@{time.time()}")
    expect.set_options(timeout=PATIENCE_MS)
    with running(tmp_path / "web.log") as site, working(tmp_path / "worker.log"):
        people = People(browser, site)
        yield people, json.loads(told.getvalue())
        for context in browser.contexts:
            context.close()
    expect.set_options(timeout=None)
    assert people.faults == []
