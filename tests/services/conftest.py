"""The real catalogue of the demonstration, imported once for a module's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from services.ptv import importer
from tests.factories.team import at
from tyoparkki import environment

SAMPLES = sorted((environment.BASE_DIR / "services" / "data").glob("sample_*_v11.json"))


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    """The three files: channels, organisations, services."""
    return SAMPLES


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All 46 services, taken back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        importer.run(SAMPLES, at=at(8))
        yield
        transaction.set_rollback(True)
