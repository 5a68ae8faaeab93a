"""The clock of the tests that ask as many visitors."""

from __future__ import annotations

import logging

import pytest

from tests.factories.team import at


@pytest.fixture
def wednesday(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Today is the test Wednesday; thousands of refusals are not worth a line each."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    monkeypatch.setenv("TYOPARKKI_NOW", at(11).isoformat())
